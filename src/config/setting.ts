/** What one setting is: its kind, its names, and the words for it. */

type Kind =
  | { readonly kind: "text"; readonly fallback?: string }
  | { readonly kind: "list" }
  | { readonly kind: "switch" }
  | {
      readonly kind: "integer";
      readonly min: number;
      readonly max: number;
      readonly fallback: number;
    };

export type Setting = Kind & {
  /** As in `petiole.json`; the flag is `--like-this`, the variable `PETIOLE_LIKE_THIS`. */
  readonly name: string;
  readonly value?: string;
  readonly help: string;
};

export function integer(
  name: string,
  min: number,
  max: number,
  fallback: number,
  help: string,
): Setting {
  return { kind: "integer", name, min, max, fallback, value: "N", help };
}

export function text(name: string, value: string, help: string, fallback?: string): Setting {
  return { kind: "text", name, value, help, ...(fallback === undefined ? {} : { fallback }) };
}

export function list(name: string, value: string, help: string): Setting {
  return { kind: "list", name, value, help };
}

export function toggle(name: string, help: string): Setting {
  return { kind: "switch", name, help };
}
