/// <reference lib="dom" />
/** The page as a real browser shows it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noBrowser, openBrowser } from "../testing/browser.ts";
import { exampleHistory, exampleRun, sampleRun } from "../testing/report-run.ts";
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

  /** The page's error messages, and its requests for anything else. */
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

  test("the arrows of the chain have heads", async () => {
    await writeFile(
      join(folder, "chain.html"),
      await reportPage([exampleRun([exampleHistory("predecessor")])]),
    );
    const page = await browser.newPage();
    await page.goto(pathToFileURL(join(folder, "chain.html")).href);
    expect(await page.locator("#chain .arrow.tip").first().isVisible()).toBe(true);
    await page.close();
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

  test("the wheel scrolls the page over every chart, and with Ctrl zooms into the chart", async () => {
    await visit({}, async (page) => {
      for (const { id } of charts) {
        const place = page.locator(`#chart-${id} .live`);
        // There is room on both sides: neither the page's end nor its beginning stops the wheel.
        await place.evaluate((element) => element.scrollIntoView({ block: "center" }));
        const box = await place.boundingBox();
        if (box === null) throw new Error(`no chart ${id}`);
        // The point is in the first panel of every chart: between panels there is nothing to zoom into.
        await page.mouse.move(box.x + box.width * 0.24, box.y + box.height * 0.25);
        const scrolled = () => page.evaluate(() => Math.round(scrollY));
        const before = await scrolled();
        await page.mouse.wheel(0, 60);
        await expect.poll(scrolled, { message: id }).toBe(before + 60);
        await page.mouse.wheel(0, -60);
        await expect.poll(scrolled, { message: id }).toBe(before);
        const drawn = () => place.locator("svg").innerHTML();
        const whole = await drawn();
        await page.keyboard.down("Control");
        await page.mouse.wheel(0, -60);
        await page.keyboard.up("Control");
        await expect.poll(drawn, { message: id }).not.toBe(whole);
        expect(await scrolled(), id).toBe(before);
      }
    });
  });

  test("the first swipe of a finger over a chart scrolls the page", async () => {
    const phone = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };
    await visit(phone, async (page) => {
      await page.locator("#chart-failover .live").evaluate((element) => {
        element.scrollIntoView({ block: "center" });
      });
      const scrolled = () => page.evaluate(() => scrollY);
      const before = await scrolled();
      const hand = await page.context().newCDPSession(page);
      const touch = (type: "touchStart" | "touchMove", y: number) =>
        hand.send("Input.dispatchTouchEvent", { type, touchPoints: [{ x: 195, y }] });
      await touch("touchStart", 400);
      for (let y = 390; y >= 250; y -= 10) await touch("touchMove", y);
      await hand.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
      // The browser's own threshold between a swipe and a tap is unknown.
      await expect.poll(scrolled).toBeGreaterThan(before + 75);
    });
  });

  test("no chart overflows its box, and none is a stop for the keyboard", async () => {
    await visit({}, async (page) => {
      const overflows = await page
        .locator(".drawing")
        .evaluateAll((boxes) => boxes.map((box) => box.scrollHeight - box.clientHeight));
      expect(overflows).toEqual(charts.map(() => 0));
      const stops = await keyboardStops(page);
      expect(stops.length).toBeGreaterThan(0);
      expect(stops.filter((stop) => stop.startsWith("DIV") && stop !== "DIV.scroll")).toEqual([]);
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

/** The stops of the Tab key, from the page's beginning until it leaves the page. */
async function keyboardStops(page: Page): Promise<string[]> {
  const stops: string[] = [];
  while (stops.length < 500) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const { activeElement } = document;
      if (activeElement === null || activeElement === document.body) return null;
      return `${activeElement.tagName}.${activeElement.className}`;
    });
    if (stop === null) return stops;
    stops.push(stop);
  }
  throw new Error("the keyboard does not leave the page");
}

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
