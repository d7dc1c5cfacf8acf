/// <reference lib="dom" />
/** Looks for what keeps people from reading a page: rules of WCAG and of good practice that axe checks. */
import axe, { type RunOptions } from "axe-core";
import type { Page } from "playwright-core";

const options: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
};

/** A phone and a desk, in light and in dark. */
const places = [
  { colorScheme: "light", width: 390 },
  { colorScheme: "dark", width: 1280 },
] as const;

/**
 * Looks at a page with all its details open.
 * @returns what violates a rule, each with where it was first seen
 */
export async function violationsOn(page: Page): Promise<string[]> {
  // As a debugger does: the page's own policy permits no other script.
  await page.evaluate(axe.source);
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
  const seen = new Map<string, string>();
  for (const { colorScheme, width } of places) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 800 });
    const { violations } = await page.evaluate((given) => window.axe.run(given), options);
    for (const { id, nodes } of violations)
      for (const { target } of nodes) {
        const what = `${id}: ${target.join(" ")}`;
        if (!seen.has(what)) seen.set(what, `${what} (${colorScheme}, ${width} px)`);
      }
  }
  return [...seen.values()];
}

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}
