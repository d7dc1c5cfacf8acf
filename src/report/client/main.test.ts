/// <reference lib="dom" />
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { noBrowser, openBrowser } from "../../testing/browser.ts";
import { ensembleHistory, exampleHistory, exampleRun } from "../../testing/report-run.ts";
import { Story } from "../../testing/story.ts";
import { chainSection } from "../chain/chain-section.ts";
import { chainStyle } from "../chain/chain-style.ts";
import { dataScripts } from "../data-scripts.ts";
import { html, Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { style as pageStyle } from "../style.ts";
import { timelineSection } from "../timeline/timeline-section.ts";
import { timelineStyle } from "../timeline/timeline-style.ts";

const violation = {
  singleLeader: {
    valid: false,
    evidence: [{ at: 203_000_000, message: "two lead <at once>", candidates: [1, 2] }],
  },
} as const;

describe.skipIf(noBrowser)("a page in a browser", () => {
  let browser: Browser;
  let folder: string;
  let script: string;
  const troubles: string[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
    folder = await mkdtemp(join(tmpdir(), "report-page-"));
    const bundle = await build({
      entryPoints: [join(import.meta.dirname, "main.ts")],
      bundle: true,
      write: false,
      format: "iife",
      target: "es2022",
    });
    script = bundle.outputFiles[0]?.text ?? "";
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(troubles.splice(0)).toEqual([]);
  });

  async function open(
    runs: readonly ReportRun[],
    context: Parameters<Browser["newContext"]>[0] = {},
  ): Promise<Page> {
    const page = await (await browser.newContext(context)).newPage();
    page.on("console", (message) => troubles.push(message.text()));
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("dialog", (dialog) => {
      troubles.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    const file = join(folder, "page.html");
    const style = new Markup(pageStyle + timelineStyle + chainStyle);
    const text = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title><style>${style}</style></head>
<body>${chainSection(runs)}${timelineSection(runs)}<p><a href="#timeline=1.2&amp;at=102000000">there</a></p>
${dataScripts(runs)}<script>${new Markup(script)}</script></body></html>`;
    await writeFile(file, text.text);
    await page.goto(pathToFileURL(file).href);
    if (context.javaScriptEnabled !== false) await page.waitForSelector("#chain.is-live");
    return page;
  }

  const bothSchemes = () => exampleRun([exampleHistory("predecessor", 1), exampleHistory("leader", 2)]);
  const says = (page: Page, text: string) => page.locator("#timeline-above", { hasText: text }).waitFor();
  const pixels = (page: Page) =>
    page.evaluate(async () => {
      await new Promise(requestAnimationFrame);
      return document.querySelector("canvas")?.toDataURL();
    });
  const press = (page: Page, name: string) => page.click(`#timeline [data-part="${name}"]`);

  test("begins with the first failover, and steps through all of them", async () => {
    const page = await open([bothSchemes()]);
    await says(
      page,
      "Failover 1 of 2, trial 1: predecessor, 3 candidates, resign. Candidate 1 leads after 4.00 ms; 1 notified.",
    );
    const first = await pixels(page);
    await press(page, "next");
    await says(page, "Failover 2 of 2");
    expect(await pixels(page)).not.toBe(first);
    expect(await page.isDisabled('#timeline [data-part="next"]')).toBe(true);
    await press(page, "previous");
    await says(page, "Failover 1 of 2");
    expect(await pixels(page)).toBe(first);
    await press(page, "whole");
    await says(page, "Trial 1: predecessor, 3 candidates, resign. 2 failovers");
  });

  test("zooms, pans and goes back to fit by its buttons and by keys", async () => {
    const page = await open([bothSchemes()]);
    const fitting = await pixels(page);
    await press(page, "in");
    const closer = await pixels(page);
    expect(closer).not.toBe(fitting);
    await page.focus("#timeline canvas >> nth=0");
    await page.keyboard.press("ArrowRight");
    expect(await pixels(page)).not.toBe(closer);
    await press(page, "fit");
    expect(await pixels(page)).toBe(fitting);
    await page.focus("#timeline canvas >> nth=0");
    await page.keyboard.press("n");
    await says(page, "Failover 2 of 2");
    await page.keyboard.press(".");
    await page.keyboard.press("0");
    await says(page, "Trial 1");
  });

  test("tells events one by one to those who use keys", async () => {
    const page = await open([bothSchemes()]);
    await page.focus("#timeline canvas >> nth=0");
    for (let events = 0; events < 5; events++) await page.keyboard.press(".");
    await says(
      page,
      "notified, candidate 1; 2.000000 ms after the fault of failover 1; watch contender, sequence 0",
    );
  });

  test("shows the event under the pointer", async () => {
    const page = await open([bothSchemes()]);
    const canvas = page.locator("#timeline canvas >> nth=0");
    const tip = page.locator("#timeline .tip >> nth=0");
    // The fault itself comes first, at the left.
    for (let x = 200; x < 1200 && !(await tip.isVisible()); x += 4)
      await canvas.hover({ position: { x, y: 170 } });
    expect(await tip.textContent()).toMatch(/candidate 1.*ms after the fault of failover 1/);
  });

  test("shows under the pointer what a server did, and whom it served", async () => {
    const page = await open([exampleRun([ensembleHistory()])]);
    const canvas = page.locator("#timeline canvas >> nth=0");
    const width = (await canvas.boundingBox())?.width ?? 0;
    // Between the fault, at the left, and the connection to another server.
    const tipOn = (server: number) =>
      expect.poll(async () => {
        await canvas.hover({ position: { x: width / 2, y: 46 + 18 * (server - 0.5) } });
        return page.locator("#timeline .tip >> nth=0").textContent();
      });
    await tipOn(3).toMatch(/^server 3 killed.*after the fault.*serves nobody$/);
    await tipOn(1).toMatch(/^server 1 follows.*serves candidates 1 and 2$/);
  });

  test("has no violation to go to where there is none", async () => {
    const page = await open([bothSchemes()]);
    expect(await page.isDisabled('#timeline [data-part="violation"]')).toBe(true);
  });

  test("goes to the first violation, and says what it is", async () => {
    const page = await open([exampleRun([exampleHistory("predecessor")], violation)]);
    await press(page, "violation");
    await says(page, "Violation: two lead <at once>");
    await says(page, "Failover 2 of 2");
  });

  test("goes to the moment that a link names, in its trial", async () => {
    const page = await open([bothSchemes()]);
    await page.click("a >> text=there");
    await says(page, "Failover 1 of 2, trial 2: leader");
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("CANVAS");
    const below = page.locator("#timeline-below");
    expect(await below.isVisible()).toBe(false);
    await press(page, "next");
    await says(page, "Failover 2 of 2, trial 2: leader");
    await expect.poll(() => below.textContent()).toContain("Failover 2 of 2, trial 1: predecessor");
    expect(await below.isVisible()).toBe(true);
  });

  test("shows a trial over the one that differs most, with one axis, or alone", async () => {
    const page = await open([bothSchemes()]);
    const below = page.locator("#timeline-below");
    await expect.poll(() => below.textContent()).toContain("Failover 1 of 2, trial 2: leader");
    await press(page, "next");
    await expect.poll(() => below.textContent()).toContain("Failover 2 of 2, trial 2: leader");
    await page.selectOption('#timeline [data-part="other"]', { label: "nothing" });
    expect(await below.isVisible()).toBe(false);
    await expect.poll(() => page.url()).toContain("#timeline=1.1.2&with=none");
    await page.selectOption('#timeline [data-part="trial"]', { index: 1 });
    await says(page, "Failover 1 of 2, trial 2: leader");
    expect(await below.isVisible()).toBe(false);
  });

  test("folds those who slept on into a band, which a click and a key open", async () => {
    const story = new Story({ candidates: 30 }).joins(0, 0).claims(0, 0);
    for (let candidate = 1; candidate < 30; candidate++) story.joins(1, candidate).waits(1, candidate);
    const history = story.fault(100, 1, 0).wakes(102, 1).claims(103, 1).settles(104, 1).told();
    const page = await open([exampleRun([history])]);
    const canvas = page.locator("#timeline canvas >> nth=0");
    const height = async () => (await canvas.boundingBox())?.height ?? 0;
    await expect.poll(height).toBeLessThan(300);
    const folded = await height();
    await canvas.scrollIntoViewIfNeeded();
    const box = await canvas.boundingBox();
    if (box === null) throw new Error("the canvas is not shown");
    await page.mouse.click(box.x + 300, box.y + box.height - 16);
    await expect.poll(height).toBeGreaterThan(folded + 100);
    expect(await page.isChecked('#timeline [data-part="asleep"]')).toBe(true);
    await page.keyboard.press("o");
    await expect.poll(height).toBe(folded);
  });

  test("redraws when the page turns dark", async () => {
    const page = await open([bothSchemes()], { colorScheme: "light" });
    const light = await pixels(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(() => pixels(page)).not.toBe(light);
  });

  test("steps both chains together", async () => {
    const page = await open([bothSchemes()]);
    const chains = page.locator("#chain figure");
    expect(await chains.count()).toBe(2);
    await page.click('#chain [data-part="next"]');
    await page.click('#chain [data-part="next"]');
    expect(await chains.nth(0).textContent()).toContain("1 of 2 notified");
    expect(await chains.nth(1).textContent()).toContain("2 of 2 notified");
    const fired = await page
      .locator("#chain .arrow.fired")
      .evaluateAll((all) => all.map((path) => path.getAttribute("d")?.match(/M/g)?.length));
    expect(fired).toEqual([1, 2]);
    await page.click('#chain [data-part="back"]');
    expect(await chains.nth(0).textContent()).toContain("Its znode is gone");
  });

  test("takes hostile names for names", async () => {
    const scheme = '"><img src=x onerror=alert(1)>';
    const page = await open([exampleRun([exampleHistory(scheme)])]);
    await says(page, scheme);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator("#chain figcaption b").textContent()).toBe(scheme);
  });

  test("is not wider than a phone", async () => {
    const page = await open([bothSchemes()], { viewport: { width: 390, height: 800 }, hasTouch: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });

  test("without JavaScript shows the first failover, its counterpart, and every step in words", async () => {
    const page = await open([bothSchemes()], { javaScriptEnabled: false });
    expect(await page.locator("#timeline svg").count()).toBe(2);
    expect(await page.isVisible("#timeline canvas >> nth=0")).toBe(false);
    expect(await page.isVisible("text=need JavaScript")).toBe(true);
    expect(await page.locator("#chain ol li").count()).toBe(12);
  });
});
