/** Colours and letters. Text on what it stands on has a contrast of 4.5 to 1 at least, in light and dark. */
import {
  createTheme,
  type CSSVariablesResolver,
  defaultCssVariablesResolver,
  Drawer,
  type MantineTheme,
  Modal,
  Notification,
} from "@mantine/core";

const closeButtonProps = { "aria-label": "Close" };

export const theme = createTheme({
  primaryColor: "green",
  primaryShade: 9,
  autoContrast: true,
  defaultRadius: "md",
  respectReducedMotion: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif',
  fontFamilyMonospace: "var(--petiole-mono)",
  cursorType: "pointer",
  components: {
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps } }),
    Modal: Modal.extend({ defaultProps: { closeButtonProps } }),
    Notification: Notification.extend({
      defaultProps: { closeButtonProps },
      styles: { description: { color: "var(--mantine-color-dimmed)" } },
    }),
  },
});

export const cssVariables: CSSVariablesResolver = (given) => {
  const { variables, light, dark } = defaultCssVariablesResolver(given);
  return {
    variables,
    light: {
      ...light,
      ...filled(given),
      ...letters(given),
      "--mantine-color-anchor": "var(--mantine-color-green-text)",
      "--mantine-color-dimmed": "var(--mantine-color-gray-7)",
      "--mantine-color-placeholder": "var(--mantine-color-gray-7)",
    },
    dark: {
      ...dark,
      ...filled(given),
      ...lightLetters(given),
      "--mantine-color-anchor": "var(--mantine-color-green-text)",
      "--mantine-color-dimmed": "var(--mantine-color-dark-1)",
      "--mantine-color-placeholder": "var(--mantine-color-dark-1)",
    },
  };
};

// Mantine's darkest shades are too light for small letters.

function letters({ colors }: MantineTheme): Record<string, string> {
  return Object.fromEntries(
    Object.keys(colors).flatMap((name) => [
      [`--mantine-color-${name}-text`, mixed(name, 70)],
      [`--mantine-color-${name}-light-color`, mixed(name, 70)],
    ]),
  );
}

function lightLetters({ colors }: MantineTheme): Record<string, string> {
  return Object.fromEntries(
    Object.keys(colors).flatMap((name) => [
      [`--mantine-color-${name}-text`, `var(--mantine-color-${name}-3)`],
      [`--mantine-color-${name}-light-color`, `var(--mantine-color-${name}-2)`],
    ]),
  );
}

/** What white letters stand on. */
function filled({ colors }: MantineTheme): Record<string, string> {
  return Object.fromEntries(
    Object.keys(colors).flatMap((name) => [
      [`--mantine-color-${name}-filled`, mixed(name, 85)],
      [`--mantine-color-${name}-filled-hover`, mixed(name, 75)],
    ]),
  );
}

function mixed(name: string, share: number): string {
  return `color-mix(in srgb, var(--mantine-color-${name}-9) ${share}%, black)`;
}
