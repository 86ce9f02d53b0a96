/** What is typed and not saved yet: it is there again after a reload, or when one comes back from another screen. */
import { useCallback, useState } from "react";
import { useCurrentApp } from "../shell/current-app.ts";

/** More is not kept: what the browser takes is a few MB for all. */
const charsMax = 500_000;

export interface Kept<Value> {
  readonly value: Value;
  readonly set: (changes: Partial<Value>) => void;
  /** Goes back to what is saved. */
  readonly reset: () => void;
  /** It stays as it is, and is not kept any longer: it is saved. */
  readonly forget: () => void;
}

/**
 * @param what of the app, e.g. `function greet`; of this tab of the browser alone
 * @param first as it is saved; members that are added to it later are filled in from it
 */
export function useKept<Value extends object>(what: string, first: Value): Kept<Value> {
  const { path } = useCurrentApp();
  const key = `petiole.kept ${path} ${what}`;
  const [value, setValue] = useState<Value>(() => ({ ...first, ...read(key) }));
  const set = useCallback(
    (changes: Partial<Value>) => {
      setValue((former) => {
        const next = { ...former, ...changes };
        write(key, next);
        return next;
      });
    },
    [key],
  );
  const forget = (): void => {
    sessionStorage.removeItem(key);
  };
  const reset = (): void => {
    forget();
    setValue(first);
  };
  return { value, set, reset, forget };
}

function read(key: string): object {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    return typeof kept === "object" && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

function write(key: string, value: object): void {
  try {
    const text = JSON.stringify(value);
    if (text.length <= charsMax) sessionStorage.setItem(key, text);
  } catch {
    // A full store: what is typed is still on the page.
  }
}
