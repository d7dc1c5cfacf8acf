/// <reference lib="dom" />
/** The page as a real browser shows it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noBrowser, openBrowser } from "../../testing/browser.ts";
import { sampleRun } from "../../testing/report-run.ts";
import { charts } from "./charts/registry.ts";
import { reportPage } from "./page.ts";

describe.skipIf(noBrowser)("in a browser", () => {
  let browser: Browser;
  let folder: string;
  let address: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "report-"));
    const file = join(folder, "report.html");
    await writeFile(file, await reportPage([sampleRun("first"), sampleRun('<b>"second"</b>')]));
    address = pathToFileURL(file).href;
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Whatever the page complains of, and whatever it asks for beside itself. */
  async function visit(
    options: BrowserContextOptions,
    look: (page: Page) => Promise<void>,
  ): Promise<string[]> {
    const context = await browser.newContext(options);
    const complaints: string[] = [];
    const page = await context.newPage();
    page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (request.url() !== address) complaints.push(`asks for ${request.url()}`);
    });
    try {
      await page.goto(address);
      await look(page);
    } finally {
      await context.close();
    }
    return complaints;
  }

  const marksIn = (page: Page, id: string, where: string) =>
    page
      .locator(`#chart-${id} ${where} svg path`)
      .evaluateAll((paths) => paths.filter((path) => path.getBoundingClientRect().width > 0).length);

  test("every chart is live, nothing is complained of and nothing asked for", async () => {
    const complaints = await visit({}, async (page) => {
      for (const { id } of charts) expect(await marksIn(page, id, ".live"), id).toBeGreaterThan(10);
    });
    expect(complaints).toEqual([]);
  });

  test("without a script every drawing is there", async () => {
    const complaints = await visit({ javaScriptEnabled: false }, async (page) => {
      for (const { id } of charts) {
        const drawing = await page.locator(`#chart-${id} .still svg`).boundingBox();
        expect(drawing?.width, id).toBeGreaterThan(600);
        expect(drawing?.height, id).toBeGreaterThan(100);
      }
      expect(await page.locator("h1").innerText()).not.toBe("");
    });
    expect(complaints).toEqual([]);
  });

  test("pointing at a mark tells its figures, as text", async () => {
    await visit({}, async (page) => {
      const mark = page.locator("#chart-prediction .live svg path[fill='var(--predecessor)']").first();
      await mark.scrollIntoViewIfNeeded();
      const box = await mark.boundingBox();
      if (box === null) throw new Error("no mark");
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await expect
        .poll(() => page.locator("#chart-prediction .tip").innerText())
        .toMatch(/predecessor, .*: .* ms/);
    });
  });

  test("zooms in and back by its buttons", async () => {
    await visit({}, async (page) => {
      const ticks = () => page.locator("#chart-course .live svg text").allInnerTexts();
      const whole = await ticks();
      const zoom = page.locator("#chart-course .zoom");
      await zoom.getByText("+", { exact: true }).click();
      await expect.poll(ticks).not.toEqual(whole);
      await zoom.getByText("Reset").click();
      await expect.poll(ticks).toEqual(whole);
    });
  });

  for (const width of [390, 1280]) {
    test(`nothing runs over the side of ${width} pixels`, async () => {
      for (const javaScriptEnabled of [true, false]) {
        await visit({ viewport: { width, height: 800 }, javaScriptEnabled }, async (page) => {
          await page.locator("details").evaluateAll((all) => {
            for (const details of all) details.setAttribute("open", "");
          });
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        });
      }
    });
  }

  for (const colorScheme of ["light", "dark"] as const) {
    test(`every text can be read when it is ${colorScheme}`, async () => {
      await visit({ colorScheme }, async (page) => {
        expect(await page.evaluate(faintTexts)).toEqual([]);
      });
    });
  }

  test("the keyboard goes through the page in its order", async () => {
    await visit({}, async (page) => {
      const tops: number[] = [];
      for (let step = 0; step < 25; step++) {
        await page.keyboard.press("Tab");
        tops.push(
          await page.evaluate(() => {
            const all = [...document.querySelectorAll("*")];
            return document.activeElement === null ? -1 : all.indexOf(document.activeElement);
          }),
        );
      }
      expect(tops).toEqual([...tops].sort((a, b) => a - b));
      expect(new Set(tops).size).toBe(25);
    });
  });

  test("on paper the still drawings are printed, and no buttons", async () => {
    await visit({}, async (page) => {
      await page.emulateMedia({ media: "print" });
      expect(await page.locator("#chart-failover .still").isVisible()).toBe(true);
      expect(await page.locator("#chart-failover .live").isVisible()).toBe(false);
      expect(await page.locator(".zoom").first().isVisible()).toBe(false);
    });
  });
});

/** Runs in the page: texts with less contrast to the paper than 4.5, by WCAG's formula. */
function faintTexts(): string[] {
  const luminance = (colour: string) => {
    const parts = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
      const share = Number(part) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * (parts[0] ?? 0) + 0.7152 * (parts[1] ?? 0) + 0.0722 * (parts[2] ?? 0);
  };
  const behind = (element: Element | null): string => {
    if (element === null) return "rgb(255, 255, 255)";
    const colour = getComputedStyle(element).backgroundColor;
    return /, 0\)$/.test(colour) ? behind(element.parentElement) : colour;
  };
  const faint: string[] = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(
      (node) => node.nodeType === 3 && (node.textContent ?? "").trim() !== "",
    );
    if (!own || element.getClientRects().length === 0) continue;
    const style = getComputedStyle(element);
    const front = luminance(element instanceof SVGElement ? style.fill : style.color);
    const back = luminance(behind(element));
    const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (contrast < 4.5) faint.push(`${element.tagName} ${element.textContent}: ${contrast.toFixed(2)}`);
  }
  return faint;
}
