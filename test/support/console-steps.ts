/** What tests of the console do again and again, by visible labels and roles. */
import type { Locator, Page } from "playwright-core";

export async function choose(from: Page | Locator, label: string, option: string): Promise<void> {
  await from.getByRole("combobox", { name: label, exact: true }).click();
  // Options stand at the end of the page, wherever their field is.
  const page = "page" in from ? from.page() : from;
  await page.getByRole("option", { name: option, exact: true }).click();
}

export async function flip(from: Page | Locator, name: string | RegExp): Promise<void> {
  await from.getByRole("switch", { name }).click();
}

/** Makes the administrator's draft live. */
export async function deploy(page: Page): Promise<void> {
  const review = page.getByRole("link", { name: /Review \d+ changes?/ });
  await review.click();
  await page.getByRole("button", { name: "Deploy", exact: true }).click();
  await page.getByText("Your changes are live").first().waitFor();
  // The words may be those of a deployment just before.
  await review.waitFor({ state: "hidden" });
}
