/** Colours and letters. Text on what it stands on has a contrast of 4.5 to 1 at least, in light and dark. */
import {
  createTheme,
  type CSSVariablesResolver,
  defaultCssVariablesResolver,
  type MantineTheme,
} from "@mantine/core";

export const theme = createTheme({
  primaryColor: "green",
  primaryShade: { light: 9, dark: 5 },
  autoContrast: true,
  defaultRadius: "md",
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif',
  fontFamilyMonospace: "var(--petiole-mono)",
  cursorType: "pointer",
});

export const cssVariables: CSSVariablesResolver = (given) => {
  const { variables, light, dark } = defaultCssVariablesResolver(given);
  return {
    variables,
    light: { ...light, ...darker(given), "--mantine-color-dimmed": "var(--mantine-color-gray-7)" },
    dark: { ...dark, "--mantine-color-dimmed": "var(--mantine-color-dark-1)" },
  };
};

/** Mantine's darkest shades are too light for small letters. */
function darker({ colors }: MantineTheme): Record<string, string> {
  const mixed = (name: string, share: number): string =>
    `color-mix(in srgb, var(--mantine-color-${name}-9) ${share}%, black)`;
  return Object.fromEntries(
    Object.keys(colors).flatMap((name) => [
      [`--mantine-color-${name}-text`, mixed(name, 70)],
      [`--mantine-color-${name}-light-color`, mixed(name, 70)],
      [`--mantine-color-${name}-filled`, mixed(name, 85)],
    ]),
  );
}
