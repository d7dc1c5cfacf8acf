/// <reference lib="dom" />
/** The page as a real browser shows it. */
import { readFile } from "node:fs/promises";
import type { BrowserContextOptions, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { csv } from "../export/csv.ts";
import { json } from "../export/json.ts";
import { noBrowser } from "../testing/browser.ts";
import { pagesInOneBrowser } from "../testing/pages.ts";
import { exampleHistory, exampleRun, runOf, sampleRun, trialOf } from "../testing/report-run.ts";
import { charts } from "./charts/registry.ts";
import { reportPage } from "./page.ts";

describe.skipIf(noBrowser)("in a browser", () => {
  const pages = pagesInOneBrowser();
  let address: string;

  beforeAll(async () => {
    const runs = [sampleRun("first"), sampleRun('<b>"second"</b>')];
    address = await pages.write("report.html", await reportPage(runs));
  });

  const visit = (look: (page: Page) => Promise<void>) => pages.visit(address, look);
  const visitWith = (options: BrowserContextOptions, look: (page: Page) => Promise<void>) =>
    pages.visitWith(address, options, look);

  for (const [width, shown, hidden] of [
    [320, "narrow", "wide"],
    [390, "narrow", "wide"],
    [768, "wide", "narrow"],
    [1280, "wide", "narrow"],
  ] as const) {
    test(`on ${width} pixels every chart is drawn so that its text can be read`, async () => {
      const complaints = await visitWith(
        { viewport: { width, height: 800 }, javaScriptEnabled: false },
        async (page) => {
          for (const { id } of charts) {
            expect(await page.locator(`#chart-${id} .${hidden}`).isVisible(), id).toBe(false);
            const drawing = page.locator(`#chart-${id} .${shown} svg`);
            const sizes = await drawing.locator("text").evaluateAll((texts) =>
              texts.map((text) => {
                const scale = text instanceof SVGGraphicsElement ? (text.getScreenCTM()?.a ?? 0) : 0;
                return Number.parseFloat(getComputedStyle(text).fontSize) * scale;
              }),
            );
            expect(sizes.length, id).toBeGreaterThan(5);
            expect(Math.min(...sizes), id).toBeGreaterThanOrEqual(10);
            const marks = await drawing
              .locator("title")
              .evaluateAll((all) =>
                all.map((title) => title.parentElement?.getBoundingClientRect().width ?? 0),
              );
            expect(marks.length, id).toBeGreaterThan(7);
            expect(Math.min(...marks), id).toBeGreaterThan(0);
          }
        },
      );
      expect(complaints).toEqual([]);
    });
  }

  test("what each scheme costs fits every screen, and stays a table for who hears it", async () => {
    await visit(async (page) => {
      const board = page.locator("#scoreboard .cards").first();
      for (const width of [320, 390, 800, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const hidden = await board.evaluate((box) => box.scrollWidth - box.clientWidth);
        expect(hidden, `${width} pixels`).toBeLessThanOrEqual(0);
        const row = board.getByRole("row", { name: /predecessor/ }).first();
        expect(await row.getByRole("cell").count()).toBe(9);
        expect(await row.getByRole("cell").nth(8).isVisible()).toBe(true);
        expect(await board.getByRole("columnheader", { name: "woken" }).count()).toBe(1);
      }
    });
  });

  test("the arrows of the chain have heads", async () => {
    const text = await reportPage([exampleRun([exampleHistory("predecessor")])]);
    await pages.visit(await pages.write("chain.html", text), async (page) => {
      expect(await page.locator("#chain .head").first().isVisible()).toBe(true);
    });
  });

  test("every scheme's chain is in one view, and on a phone a step changes what one looks at", async () => {
    const schemes = ["predecessor", "leader", "children", "./mine.ts"];
    const histories = schemes.map((scheme, index) => exampleHistory(scheme, index + 1));
    const chains = await pages.write("chains.html", await reportPage([exampleRun(histories)]));
    await pages.visit(chains, async (page) => {
      const figures = page.locator("#chain.is-live figure");
      const boxes = () =>
        figures.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
      await page.setViewportSize({ width: 1280, height: 800 });
      await expect.poll(async () => (await boxes()).length).toBe(4);
      const wide = await boxes();
      expect(new Set(wide.map(({ top }) => top)).size).toBe(1);
      expect(Math.max(...wide.map(({ right }) => right))).toBeLessThan(1280);
      await page.setViewportSize({ width: 390, height: 800 });
      const last = figures.last();
      await last.evaluate((figure) => figure.scrollIntoView({ block: "end" }));
      const says = last.locator(".chain-says");
      const before = await says.textContent();
      const scrolled = await page.evaluate(() => scrollY);
      await page.click('#chain [data-part="next"]');
      expect(await page.evaluate(() => scrollY)).toBe(scrolled);
      expect(await says.textContent()).not.toBe(before);
      const { top = -1, bottom = 9999 } = (await boxes()).at(-1) ?? {};
      expect(top).toBeGreaterThanOrEqual(0);
      expect(bottom).toBeLessThanOrEqual(801);
    });
  });

  test("saves its figures as they are in result.json, and as CSV, without a request", async () => {
    const complaints = await visit(async (page) => {
      const saved = async (name: string) => {
        const download = page.waitForEvent("download");
        await page.getByRole("button", { name }).first().click();
        return readFile(await (await download).path(), "utf8");
      };
      const { result } = sampleRun("first");
      expect(await saved("Save as JSON")).toBe(json(result));
      expect(await saved("Save as CSV")).toBe(csv(result));
    });
    expect(complaints.filter((complaint) => !complaint.startsWith("asks for blob:"))).toEqual([]);
  });

  for (const width of [390, 1280]) {
    test(`who wakes up can be read at ${width} pixels`, async () => {
      const histories = [exampleHistory("predecessor"), exampleHistory("leader", 2)];
      const hero = await pages.write("hero.html", await reportPage([exampleRun(histories)]));
      await pages.visit(hero, async (page) => {
        await page.setViewportSize({ width, height: 800 });
        const strips = page.locator("#hero figure svg");
        const boxes = await strips.evaluateAll((all) =>
          all.map((one) => one.getBoundingClientRect().toJSON()),
        );
        expect(boxes).toHaveLength(2);
        for (const { left, right, width: wide } of boxes) {
          expect(left).toBeGreaterThanOrEqual(0);
          expect(right).toBeLessThanOrEqual(width);
          expect(wide).toBeGreaterThan(350);
        }
        expect(await page.locator("#hero figure").first().innerText()).toMatch(/1\s+woken/);
      });
    });
  }

  test("pointing at a mark tells its figures, as text, until one points elsewhere", async () => {
    const complaints = await visit(async (page) => {
      const tip = page.locator(".drawing .tip");
      for (const { id } of charts) {
        const title = page.locator(`#chart-${id} .wide title`).first();
        const mark = title.locator("..");
        await mark.scrollIntoViewIfNeeded();
        const text = await title.textContent();
        const box = await mark.boundingBox();
        if (box === null) throw new Error(`no mark in ${id}`);
        await page.mouse.move(box.x + box.width / 2 + 1, box.y + box.height / 2);
        expect(text, id).toMatch(/(predecessor|predicted).*: ./);
        expect(await tip.locator("b").textContent(), id).toBe(text?.split(": ")[0]);
        expect(await tip.locator("span").textContent(), id).toBe(text?.split(": ").slice(1).join(": "));
        // The browser would say it once more.
        expect(await page.locator(`#chart-${id} .wide title`).count(), id).toBe(0);
      }
      await page.keyboard.press("Escape");
      expect(await tip.isVisible()).toBe(false);
      await page.mouse.move(1, 1);
      await page.mouse.move(2, 2);
      expect(await tip.isVisible()).toBe(false);
    });
    expect(complaints).toEqual([]);
  });

  describe("with histories", () => {
    let linked: string;

    beforeAll(async () => {
      const histories = [exampleHistory("predecessor"), exampleHistory("leader", 2)];
      const outlier = trialOf(2, "leader", 3, 0.2);
      const warnings = outlier.warnings.map((warning) => ({ ...warning, failovers: [2] }));
      const singleLeader = {
        valid: false,
        evidence: [{ at: 203_000_000, message: "two lead", candidates: [1, 2] }],
      } as const;
      const trials = [
        trialOf(1, "predecessor", 3, 0),
        { ...outlier, warnings, verdicts: { ...outlier.verdicts, singleLeader } },
      ];
      const run = { ...runOf("linked", trials), histories };
      linked = await pages.write("linked.html", await reportPage([run]));
    });

    /** What is done on the page shows a failover; so does the address that this leaves, in a new page. */
    async function opens(
      act: (page: Page) => Promise<void>,
      sentence: RegExp,
      options?: BrowserContextOptions,
    ): Promise<string> {
      let left = "";
      const look = async (page: Page, shows: RegExp) => {
        await expect.poll(() => page.locator("#timeline-above").textContent()).toMatch(shows);
        // A browser scrolls by whole pixels.
        await expect
          .poll(() => page.locator("#timeline h2").boundingBox())
          .toMatchObject({ y: near(-1, 60) });
      };
      const visitLinked = (to: string, see: (page: Page) => Promise<void>) =>
        options === undefined ? pages.visit(to, see) : pages.visitWith(to, options, see);
      const complaints = await visitLinked(linked, async (page) => {
        await act(page);
        await look(page, sentence);
        await expect.poll(() => page.url()).not.toBe(linked);
        left = page.url();
        expect(await page.evaluate(() => history.length)).toBeLessThan(3);
      });
      complaints.push(...(await visitLinked(left, (page) => look(page, sentence))));
      expect(complaints).toEqual([]);
      return left.slice(linked.length);
    }

    const near = (least: number, most: number) => ({
      asymmetricMatch: (value: unknown) => typeof value === "number" && value >= least && value <= most,
    });

    async function centre(page: Page, selector: string) {
      const mark = page.locator(selector).first();
      await mark.scrollIntoViewIfNeeded();
      const box = await mark.boundingBox();
      if (box === null) throw new Error(`nothing at ${selector}`);
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    }

    for (const id of ["failover", "distribution", "settling", "prediction", "course"]) {
      test(`a click on a dot of ${id} opens its failover`, async () => {
        const left = await opens(async (page) => {
          const { x, y } = await centre(page, `#chart-${id} .wide [data-f="1.2.2"]`);
          await page.mouse.move(x - 1, y);
          await page.mouse.click(x, y);
        }, /^Failover 2 of 2, trial 2: leader/);
        expect(left).toBe("#timeline=1.2.2&with=1.1");
      });
    }

    test("a finger's first tap tells a dot's figures, the second one opens its failover", async () => {
      const phone = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };
      await opens(
        async (page) => {
          const { x, y } = await centre(page, '#chart-settling .narrow [data-f="1.1.2"]');
          await page.touchscreen.tap(x, y);
          expect(await page.locator("#chart-settling .tip").textContent()).toContain("failover 2");
          await page.touchscreen.tap(x, y);
        },
        /^Failover 2 of 2, trial 1: predecessor/,
        phone,
      );
    });

    for (const key of ["Enter", "Space"]) {
      test(`arrow keys go through a chart's dots, and ${key} opens one`, async () => {
        await opens(async (page) => {
          await page.locator("#chart-failover .drawing").focus();
          for (let step = 0; step < 2; step++) await page.keyboard.press("ArrowRight");
          expect(await page.locator("#chart-failover .tip").textContent()).toContain("failover 2");
          expect(await page.locator(".told").getAttribute("data-f")).toBe("1.1.2");
          await page.keyboard.press(key);
        }, /^Failover 2 of 2, trial 1/);
      });
    }

    test("so does a warning's failover", async () => {
      await opens(async (page) => {
        await page.click("#warnings summary");
        await page.locator("#warnings a", { hasText: /^2$/ }).click();
      }, /^Failover 2 of 2, trial 2: leader/);
    });

    test("so does a piece of evidence, which marks its moment", async () => {
      const left = await opens((page) => page.click("text=two lead"), /^Failover 2 of 2, trial 2: leader/);
      expect(left).toBe("#timeline=1.2.2&at=203000000&with=none");
    });

    test("so does a strip at the top, by click and by key", async () => {
      await opens((page) => page.locator("#hero figure svg").nth(1).click(), /^Failover 1 of 2, trial 2/);
      await opens(async (page) => {
        await page.locator("#hero figcaption a").nth(1).focus();
        await page.keyboard.press("Enter");
      }, /^Failover 1 of 2, trial 2/);
    });

    test("a step of the chain is in the address", async () => {
      let left = "";
      await pages.visit(linked, async (page) => {
        await page.click("#chain button >> text=Notified");
        await expect.poll(() => page.url()).toBe(`${linked}#chain=1.notified`);
        left = page.url();
      });
      await pages.visit(left, async (page) => {
        await expect.poll(() => page.locator("#chain [aria-current]").textContent()).toBe("Notified");
      });
    });

    test.each(["#timeline=9.9.9", "#timeline=1.1.99", "#chain=7.leads", "#warnings", "#timeline=x"])(
      "an address that names nothing of the page, as %s, changes nothing",
      async (fragment) => {
        const complaints = await pages.visit(linked + fragment, async (page) => {
          const says = () => page.locator("#timeline-above").textContent();
          await expect.poll(says).toMatch(/^Failover 1 of 2, trial 1/);
          expect(await page.locator("#chain [aria-current]").textContent()).toBe("Before");
          expect(page.url()).toBe(linked + fragment);
        });
        expect(complaints).toEqual([]);
      },
    );
  });

  test("a tap near a mark tells its figures, inside of the page", async () => {
    const phone = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };
    await visitWith(phone, async (page) => {
      const mark = page.locator("#chart-settling .narrow use").last();
      await mark.scrollIntoViewIfNeeded();
      const box = await mark.boundingBox();
      if (box === null) throw new Error("no mark");
      await page.touchscreen.tap(box.x + 14, box.y);
      const tip = page.locator("#chart-settling .tip");
      expect(await tip.textContent()).toMatch(/leader, .*settled after .* ms/);
      const shown = await tip.boundingBox();
      expect(shown?.x).toBeGreaterThanOrEqual(0);
      expect((shown?.x ?? 0) + (shown?.width ?? 0)).toBeLessThanOrEqual(390);
      await page.touchscreen.tap(2, box.y);
      expect(await tip.isVisible()).toBe(false);
    });
  });

  test("without histories no chart is a stop for the keyboard", async () => {
    await visit(async (page) => {
      const stops = await keyboardStops(page);
      expect(stops.length).toBeGreaterThan(0);
      expect(stops.filter((stop) => stop.startsWith("DIV") && !stop.startsWith("DIV.scroll"))).toEqual([]);
    });
  });

  for (const width of [390, 1280]) {
    test(`nothing runs over the side of ${width} pixels`, async () => {
      for (const javaScriptEnabled of [true, false]) {
        await visitWith({ viewport: { width, height: 800 }, javaScriptEnabled }, async (page) => {
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
      await visit(async (page) => {
        await page.emulateMedia({ colorScheme });
        expect(await page.evaluate(faintTexts)).toEqual([]);
      });
    });
  }

  test("the keyboard goes through the page in its order", async () => {
    await visit(async (page) => {
      const tops: number[] = [];
      for (let step = 0; step < 20; step++) {
        await page.keyboard.press("Tab");
        tops.push(
          await page.evaluate(() => {
            const all = [...document.querySelectorAll("*")];
            return document.activeElement === null ? -1 : all.indexOf(document.activeElement);
          }),
        );
      }
      expect(tops).toEqual([...tops].sort((a, b) => a - b));
      expect(new Set(tops).size).toBe(20);
    });
  });

  test("on paper, which is narrow, the wide drawings are printed", async () => {
    await visit(async (page) => {
      await page.setViewportSize({ width: 690, height: 800 });
      await page.emulateMedia({ media: "print" });
      expect(await page.locator("#chart-failover .wide").isVisible()).toBe(true);
      expect(await page.locator("#chart-failover .narrow").isVisible()).toBe(false);
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
