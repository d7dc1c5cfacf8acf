/// <reference lib="dom" />
/** The page that plays by itself, as a real browser shows it from the disk. */
import { readFile } from "node:fs/promises";
import type { BrowserContextOptions, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../package-root.ts";
import { duration } from "../report/timeline/time-scale.ts";
import { violationsOn } from "../testing/accessibility.ts";
import { noBrowser } from "../testing/browser.ts";
import { pagesInOneBrowser } from "../testing/pages.ts";
import { PlayGround } from "./play-ground.ts";
import { playPage } from "./play-page.ts";
import { Side } from "./side.ts";
import { phaseWords } from "./words.ts";

describe.skipIf(noBrowser)("in a browser", () => {
  const pages = pagesInOneBrowser();
  let address: string;

  beforeAll(async () => {
    address = await pages.write("play.html", playPage(await readFile(bundle("play.js"), "utf8")));
  });

  const begun = (look: (page: Page) => Promise<void>) => async (page: Page) => {
    await boxes(page, 0).nth(11).waitFor();
    await look(page);
  };
  const visit = (look: (page: Page) => Promise<void>) => pages.visit(address, begun(look));
  const visitWith = (options: BrowserContextOptions, look: (page: Page) => Promise<void>) =>
    pages.visitWith(address, options, begun(look));

  /** The time of the page stands still but for what `pass` lets pass. */
  const visitInSteps = (
    options: BrowserContextOptions,
    look: (page: Page, pass: (ms: number) => Promise<void>) => Promise<void>,
  ) =>
    visitWith(options, async (page) => {
      await page.clock.install();
      await page.reload();
      await page.locator('[data-part="caption"]', { hasText: "12 candidates" }).nth(1).waitFor();
      await page.clock.pauseAt(Date.now() + 60_000);
      await look(page, (ms) => page.clock.runFor(ms));
    });

  const boxes = (page: Page, side: number) => page.locator('[data-part="line"]').nth(side).locator(".box");
  const lit = (page: Page, side: number, look: string) =>
    page.locator('[data-part="line"]').nth(side).locator(`.box.${look}`).count();
  const counts = (page: Page, side: number) =>
    page.locator('[data-part="line"]').nth(side).locator(".counts b").allInnerTexts();
  const bothCounts = async (page: Page) => [await counts(page, 0), await counts(page, 1)];
  const log = (page: Page) => page.locator('[data-part="log"] p').allInnerTexts();
  const step = (page: Page) => page.locator('[data-part="step"]').click();
  /** Shows each phase as soon as it is told, faster than a finger can, until so much is to be seen. */
  async function stepUntil(page: Page, selector: string, atLeast: number): Promise<void> {
    const seen = await page.evaluate(
      async ([what, least]) => {
        const count = () => document.querySelectorAll(what).length;
        const end = performance.now() + 30_000;
        while (count() < least && performance.now() < end) {
          document.querySelector<HTMLElement>('[data-part="step"]')?.click();
          await new Promise((resolve) => setTimeout(resolve));
        }
        return count();
      },
      [selector, atLeast] as const,
    );
    expect(seen, selector).toBeGreaterThanOrEqual(atLeast);
  }
  async function untilTold(page: Page, entries: number): Promise<void> {
    await stepUntil(page, '[data-part="log"] p', entries);
    expect(await log(page)).toHaveLength(entries);
  }
  /** The woken ones of the second line. */
  const herd = '[data-part="line"] ~ [data-part="line"] .box.woken';

  test("a click on Kill wakes one here, and all there", async () => {
    const complaints = await visit(async (page) => {
      await page.locator('[data-act="kill"]').click();
      const told = () => step(page).then(() => log(page));
      await expect.poll(told, { interval: 10 }).toHaveLength(2);
      expect(await bothCounts(page)).toEqual([
        ["1", "0", "1"],
        ["11", "10", "11"],
      ]);
      expect((await log(page)).join("\n")).toMatch(/predecessor: c1 watched c0; .* nobody else woke\./);
    });
    expect(complaints).toEqual([]);
  });

  test("axe finds nothing, before a strike and in the middle of one", async () => {
    await visit(async (page) => {
      expect(await violationsOn(page)).toEqual([]);
      await page.keyboard.press("f");
      await stepUntil(page, herd, 6);
      expect(await violationsOn(page)).toEqual([]);
    });
  });

  test("what happens in a browser is what happens in Node", async () => {
    const sides = [new Side("predecessor"), new Side("leader")];
    const ground = new PlayGround((side, happening) => sides[side]?.hear(happening));
    await ground.begin({ schemes: ["predecessor", "leader"], candidates: 12 });
    await ground.strike({ act: "cut", place: 0 });
    await ground.strike({ act: "heal" });
    const last = sides.map((side) => `${side.scheme}: ${phaseWords("settled", side)}`);
    await visit(async (page) => {
      await page.keyboard.press("x");
      await page.keyboard.press("h");
      await untilTold(page, 4);
      expect((await log(page)).slice(0, 2).sort()).toEqual(last.sort());
      const took = Math.max(...sides.map(({ scene }) => scene?.settledAfter ?? 0));
      expect(await page.locator('[data-part="time"]').innerText()).toBe(duration(took));
    });
  });

  test("in the middle of a failover exactly those who are woken are lit", async () => {
    await visit(async (page) => {
      await page.keyboard.press("r");
      await stepUntil(page, herd, 6);
      expect(await lit(page, 0, "woken")).toBeLessThanOrEqual(1);
      expect(
        await page.locator('[data-part="line"]').nth(1).locator(".arrow.fired:not(.bundle)").count(),
      ).toBe(await lit(page, 1, "woken"));
    });
  });

  test("the clock plays a failover by itself, and strikes wait meanwhile", async () => {
    await visitInSteps({}, async (page, pass) => {
      await page.locator('[data-part="slower"]').selectOption("100");
      await page.keyboard.press("r");
      await page.keyboard.press("r");
      await expect.poll(() => page.locator('[data-part="queued"]').innerText()).toBe("1 queued");
      const later = () => pass(200);
      await expect.poll(() => later().then(() => log(page)), { interval: 10 }).toHaveLength(4);
      expect(await page.locator('[data-part="queued"]').innerText()).toBe("");
      await expect.poll(() => later().then(() => boxes(page, 0).count()), { interval: 10 }).toBe(10);
    });
  });

  test("every lesson can be had by its button, step by step, and ticks itself", async () => {
    const complaints = await visit(async (page) => {
      const cards = page.locator('[data-part="lesson"]');
      for (let index = 0; index < (await cards.count()); index++) {
        const card = cards.nth(index);
        await card.locator("button").click();
        const next = page.locator('[data-part="story-next"]');
        await next.waitFor();
        const seen = async () => {
          // It goes when the story has ended.
          if (await next.isVisible()) await next.click();
          return card.locator(".seen").isVisible();
        };
        await expect.poll(seen, { interval: 10 }).toBe(true);
      }
      expect(await cards.locator(".seen").allInnerTexts()).toEqual([
        expect.stringMatching(/^Seen: c\d+ watches c\d+\.$/),
        expect.stringMatching(/^Seen: 1 of \d+ woken\.$/),
        expect.stringMatching(/^Seen: 1 of \d+ woken, 1 read\.$/),
        expect.stringMatching(/^Seen: (\d+) of \1 woken, \d+ for nothing\.$/),
        "Seen: two believed, 1 late write refused.",
      ]);
    });
    expect(complaints).toEqual([]);
  });

  test("the same by key: a place is chosen with the arrows, and struck", async () => {
    await visit(async (page) => {
      await boxes(page, 0).first().focus();
      for (let moves = 0; moves < 5; moves++) await page.keyboard.press("ArrowRight");
      expect(await page.locator(":focus").textContent()).toBe("c5, candidate 5, waits, watches c4");
      await page.keyboard.press("c");
      await page.keyboard.press("+");
      const told = async () => {
        await page.keyboard.press("n");
        return (await log(page)).length;
      };
      await expect.poll(told, { interval: 10 }).toBe(4);
      expect(await log(page)).toContain(
        "predecessor: c6 watched c5; c5 has gone; c6 looks, and watches c4: nobody else woke.",
      );
      expect(await log(page)).toContain("predecessor: c12 joins, and watches c11: nobody woke.");
    });
  });

  test.each([
    ["kill", "k", "c0 has gone"],
    ["resign", "r", "c0 has gone"],
    ["close", "c", "c0 has gone"],
    ["freeze", "f", "c0 believes that it still leads"],
    ["cut", "x", "c0 has gone"],
    ["join", "+", "c12 joins"],
  ])("%s does the same by a click and by its key", async (act, key, said) => {
    await visit(async (page) => {
      await page.locator(`[data-act="${act}"]`).click();
      await untilTold(page, 2);
      const clicked = await log(page);
      expect(clicked.join("\n")).toContain(said);
      await page.locator('[data-part="again"]').click();
      await expect.poll(() => log(page)).toEqual([]);
      await page.locator('[data-part="caption"]', { hasText: "12 candidates" }).nth(1).waitFor();
      await page.keyboard.press(key);
      await untilTold(page, 2);
      expect(await log(page)).toEqual(clicked);
    });
  });

  test("who stands still goes on by a click, and by a key", async () => {
    await visit(async (page) => {
      for (const heal of [() => page.locator('[data-act="heal"]').click(), () => page.keyboard.press("h")]) {
        const before = (await log(page)).length;
        await page.keyboard.press("f");
        await untilTold(page, before + 2);
        await heal();
        await untilTold(page, before + 4);
        expect((await log(page))[0]).toMatch(
          /goes on, and joins again at the end\. Its late write is refused/,
        );
      }
    });
  });

  test("a box that is clicked is struck next, in both lines", async () => {
    await visit(async (page) => {
      await boxes(page, 1).nth(3).click();
      expect(await page.locator('[data-part="selected"]').innerText()).toBe("Strike place 4:");
      expect(await page.locator('.box[aria-pressed="true"] b').allInnerTexts()).toEqual(["c3", "c3"]);
    });
  });

  test("it pauses and goes on, and a story ends, by clicks and by keys", async () => {
    await visitInSteps({}, async (page, pass) => {
      const pace = () => pass(20).then(() => page.locator('[data-part="pace"]').innerText());
      const pause = page.locator('[data-part="pause"]');
      await page.keyboard.press("r");
      for (const toggle of [() => pause.click(), () => page.keyboard.press("p")]) {
        await toggle();
        await expect.poll(pace).toBe("since the strike, paused");
        expect(await pause.getAttribute("aria-pressed")).toBe("true");
        await toggle();
        await expect.poll(pace).toBe("since the strike, 1000 × slower");
      }
      const story = page.locator('[data-part="story-text"]');
      for (const end of [
        () => page.locator('[data-part="story-end"]').click(),
        () => page.keyboard.press("p"),
      ]) {
        await page.locator('[data-part="lesson"] button').nth(2).click();
        await expect
          .poll(() => story.innerText())
          .toMatch(/^The leader goes: the next one leads\. One watch fires\./);
        const next = async () => {
          await page.keyboard.press("n");
          return story.innerText();
        };
        await expect.poll(next, { interval: 10 }).toMatch(/^The leader, c\d+, resigns/);
        await end();
        await expect.poll(() => story.isVisible()).toBe(false);
      }
    });
  });

  test("other schemes, and another number, begin afresh", async () => {
    await visit(async (page) => {
      await page.locator('[data-part="scheme"]').nth(1).selectOption("children");
      await page.locator('[data-part="candidates"]').fill("30");
      await boxes(page, 1).nth(29).waitFor();
      await page.keyboard.press("r");
      await untilTold(page, 2);
      expect(await bothCounts(page)).toEqual([
        ["1", "0", "1"],
        ["29", "28", "29"],
      ]);
    });
  });

  test("of 200 candidates each is to be seen, and lights up when it is woken", async () => {
    const complaints = await visit(async (page) => {
      await page.locator('[data-part="candidates"]').fill("200");
      await page.locator('[data-part="caption"]', { hasText: "200 candidates" }).nth(1).waitFor();
      const line = page.locator('[data-part="line"]').nth(1);
      const all = line.locator(".box, .cells i");
      expect(await all.count()).toBe(200);
      expect(await page.locator('[data-part="folded"]').isVisible()).toBe(true);
      await page.keyboard.press("r");
      const second = '[data-part="line"] ~ [data-part="line"]';
      await stepUntil(page, `${second} :is(.box, .cells i):is(.woken, .looks, .again)`, 191);
      await untilTold(page, 2);
      expect(await bothCounts(page)).toEqual([
        ["1", "0", "1"],
        ["199", "198", "199"],
      ]);
    });
    expect(complaints).toEqual([]);
  });

  test("a herd of 200 is drawn without a stutter", async () => {
    await visit(async (page) => {
      await page.locator('[data-part="candidates"]').fill("200");
      await page.locator('[data-part="caption"]', { hasText: "200 candidates" }).nth(1).waitFor();
      await page.keyboard.press("r");
      await page.locator('[data-part="line"]').nth(1).locator(".woken").nth(20).waitFor();
      const system = await page.context().browser()?.newBrowserCDPSession();
      if (system === undefined) throw new Error("the page is shown by a browser");
      const usedMs = async () => {
        const { processInfo } = await system.send("SystemInfo.getProcessInfo");
        return 1000 * processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
      };
      const before = await usedMs();
      await page.evaluate(async () => {
        for (let frames = 0; frames < 60; frames++)
          await new Promise((resolve) => requestAnimationFrame(resolve));
      });
      const perFrameMs = ((await usedMs()) - before) / 60;
      await system.detach();
      // Work that a machine does 60 times a second, however long it lets the work wait.
      expect(perFrameMs).toBeLessThan(1000 / 60);
    });
  });

  test("who stands in the folded middle is chosen by a click, and by the arrows", async () => {
    await visit(async (page) => {
      await page.locator('[data-part="candidates"]').fill("200");
      await page.locator('[data-part="caption"]', { hasText: "200 candidates" }).nth(1).waitFor();
      await page.locator(".cells i").nth(50).click();
      const chosen = page.locator('[data-part="line"]').first().locator('.box[aria-pressed="true"]');
      expect(await chosen.textContent()).toBe("c62, candidate 62, waits, watches c61");
      await chosen.focus();
      await page.keyboard.press("ArrowRight");
      expect(await page.locator(":focus").textContent()).toBe("c63, candidate 63, waits, watches c62");
      await page.keyboard.press("r");
      await untilTold(page, 2);
      expect((await log(page)).join("\n")).toContain("c64 watched c63; c63 has gone;");
    });
  });

  test("the first minute: one click, and the herd is explained", async () => {
    await visit(async (page) => {
      const guide = page.locator('[data-part="guide"]');
      expect(await guide.innerText()).toMatch(/^Press Kill: the same strike falls on the leaders of both/);
      await page.locator('[data-act="kill"]').click();
      await untilTold(page, 2);
      expect(await guide.innerText()).toMatch(
        /woke 1 above and 11 below, where all watch the same, though only one can lead: 10 woke for nothing.* herd effect.*What helps:/,
      );
    });
  });

  test("the last failover's parts and the strip of all have one scale", async () => {
    await visit(async (page) => {
      await page.keyboard.press("r");
      await untilTold(page, 2);
      await page.keyboard.press("k");
      await untilTold(page, 4);
      const widths = (side: number) =>
        page
          .locator(".bar")
          .nth(side)
          .locator(".part")
          .evaluateAll((parts) => parts.map((one) => one.getBoundingClientRect().right));
      // The herd is quiet later than the chain.
      expect(Math.max(...(await widths(1)))).toBeGreaterThan(Math.max(...(await widths(0))));
      expect(await page.locator(".dots").first().locator(".dot").count()).toBe(4);
      expect(await page.locator('[data-part="strip"] .marks').last().innerText()).toMatch(
        /^new leader \S+ ms, all quiet \S+ ms \(median of 2\)$/,
      );
    });
  });

  test("two believers are shown in red until the old leader goes on", async () => {
    await visit(async (page) => {
      await page.keyboard.press("f");
      await untilTold(page, 2);
      expect(await page.locator(".part.is-overlap").count()).toBe(2);
      await page.keyboard.press("h");
      await untilTold(page, 4);
      expect(await page.locator(".marks .is-overlap").first().innerText()).toMatch(
        /^two believed that they lead, for \S+ ms$/,
      );
    });
  });

  test("whatever is pointed at, or focused, says what it is", async () => {
    await visit(async (page) => {
      const tip = page.locator("#tip");
      const first = page.locator('[data-part="line"]').first();
      await first.locator(".box").nth(4).hover();
      await tip.waitFor();
      expect(await tip.innerText()).toBe("c4, of candidate 4, sleeps until its watch on c3 fires.");
      const arrow = await first.locator(".arrow:not(.bundle) .way").nth(2).boundingBox();
      await page.mouse.move((arrow?.x ?? 0) + (arrow?.width ?? 0) / 2, (arrow?.y ?? 0) + 1);
      await expect
        .poll(() => tip.innerText())
        .toBe("The watch of c3 on c2: ZooKeeper calls c3 once when c2 goes.");
      await first.locator(".vain").hover();
      await expect.poll(() => tip.innerText()).toMatch(/^Those who were woken though the entry just before/);
      await page.mouse.move(5, 5);
      await expect.poll(() => tip.isVisible()).toBe(false);
      await page.locator('[data-act="kill"]').focus();
      await page.keyboard.press("Tab");
      expect(await tip.innerText()).toBe("The struck one resigns: it removes its own entry, and goes.");
      expect(await page.locator(":focus").getAttribute("aria-describedby")).toBe("tip");
      await page.keyboard.press("Escape");
      expect(await tip.isVisible()).toBe(false);
      // What is scrolled into sight by the focus is told as well.
      await page.locator(".dots").last().focus();
      await page.keyboard.press("Shift+Tab");
      await expect.poll(() => tip.innerText()).toBe("predecessor: no leader has been replaced yet.");
    });
  });

  test("the token and the lease of a leader that stands still", async () => {
    await visitInSteps({}, async (page, pass) => {
      await page.keyboard.press("f");
      const lease = page.locator('[data-part="line"]').first().locator(".lease").first();
      const left = async () => {
        await pass(50);
        return lease.evaluate((one) => Number(one.style.getPropertyValue("--left")));
      };
      await expect.poll(left).toBeGreaterThan(0.3);
      await page.locator('[data-part="line"]').first().locator(".box").first().hover();
      await expect
        .poll(() => pass(50).then(() => page.locator("#tip").innerText()))
        .toMatch(/Token \d+, the czxid of its znode.* lease/);
      await expect.poll(left, { interval: 10 }).toBe(0);
    });
  });

  test("with reduced motion it goes in steps, without any animation", async () => {
    await visitInSteps({ reducedMotion: "reduce" }, async (page, pass) => {
      await page.keyboard.press("r");
      const later = () => pass(200).then(() => lit(page, 1, "woken"));
      await expect.poll(later, { interval: 10 }).toBeGreaterThan(5);
      expect(await page.locator('[data-part="guide"]').innerText()).toContain("shown step by step");
      const running = await page.evaluate(() => document.getAnimations().length);
      expect(running).toBe(0);
    });
  });

  test("on a phone a story shows both lines, from wherever it is begun", async () => {
    await visitWith(
      { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
      async (page) => {
        await page.locator('[data-part="lesson"] button').last().tap();
        const tops = () =>
          page.evaluate(() =>
            [...document.querySelectorAll(".track"), document.querySelector(".dock")].map(
              (element) => element?.getBoundingClientRect().bottom ?? 0,
            ),
          );
        await page.locator('[data-part="story-next"]').waitFor();
        const [first = 0, second = 0, end = 0] = await tops();
        expect(first).toBeGreaterThan(100);
        expect(second).toBeGreaterThan(first);
        expect(end).toBeGreaterThan(second);
        expect(end).toBeLessThanOrEqual(844);
      },
    );
  });

  for (const width of [320, 390, 1280, 1920])
    test(`nothing runs over the side of ${width} pixels`, async () => {
      await visit(async (page) => {
        await page.setViewportSize({ width, height: 800 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      });
    });
});
