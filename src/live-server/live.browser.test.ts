/// <reference lib="dom" />
/** yarn live from a person's first look to the recording: real servers, a real browser. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { violationsOn } from "../testing/accessibility.ts";
import { noBrowser, openBrowser } from "../testing/browser.ts";
import { expectNothingLeft, folder, live, runsInFoldersOfTheirOwn, saved } from "../testing/program-run.ts";
import { expectAllValid } from "../testing/verdicts.ts";

describe.skipIf(noBrowser)("yarn live", () => {
  let browser: Browser;

  runsInFoldersOfTheirOwn();

  beforeAll(async () => {
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser?.close();
  });

  /** The page in real time, which it does not offer: nothing can be seen then. */
  async function visit(url: string): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(url);
    await page.locator(".box").first().waitFor();
    await page.locator('[data-part="slower"]').evaluate((select: HTMLSelectElement) => {
      select.add(new Option("1", "1"));
      select.value = "1";
      select.dispatchEvent(new Event("change"));
    });
    return { page, complaints };
  }

  /** The counts of both lines. */
  const counts = (page: Page, part: string) => page.locator(`[data-part="${part}"]`).allTextContents();
  const log = (page: Page) => page.locator('[data-part="log"]').textContent();

  test("a key strikes both elections, everybody who looks sees who woke, and it can be seen again", async () => {
    const { child, url } = await live(
      "--candidates 5 --scheme predecessor,leader --servers 1 --tick-time 100 --session-timeout 2000 --out out",
    );
    const [first, second] = [await visit(url), await visit(url)];
    await first.page.keyboard.press("r");
    for (const { page } of [first, second]) {
      await expect.poll(() => log(page), { timeout: 60_000 }).toMatch(/leader: c0 has gone; 4 of 4 woke/);
      await expect
        .poll(() => log(page))
        .toMatch(/predecessor: c1 watched c0; c0 has gone; c1 looks, and leads after/);
      await expect.poll(() => log(page)).toMatch(/predecessor: c5 joins, and watches c4: nobody woke/);
    }
    await second.page.close();
    await first.page.getByRole("button", { name: /^Freeze/ }).click();
    await expect
      .poll(() => log(first.page), { timeout: 60_000 })
      .toMatch(
        /predecessor: c2 watched c1; c1 has gone; c2 looks, and leads after 2[.\d]* s: nobody else woke/,
      );
    await expect
      .poll(() => log(first.page), { timeout: 60_000 })
      .toMatch(/joins again at the end\. Its late write is refused/);
    expect(first.complaints).toEqual([]);

    // One that comes late sees the line as it is.
    const late = await visit(url);
    await expect.poll(() => log(late.page)).toMatch(/joins again at the end\. Its late write is refused/);
    expect(await counts(late.page, "woken")).toEqual(await counts(first.page, "woken"));
    expect(await violationsOn(late.page)).toEqual([]);

    child.kill("SIGINT");
    const { exitCode, stderr } = await child;
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("interrupted: ending in order")]);
    await expect.poll(() => first.page.locator('[data-part="notice"]').textContent()).toContain("has ended");
    const result = await saved(join(folder, "out"));
    expect(result.run).toMatchObject({ command: "live", state: "completed" });
    expect(result.trials.map(({ failovers }) => failovers.length)).toEqual([2, 2]);
    expectAllValid(result);
    expect(await readFile(join(folder, "out", "report.html"), "utf8")).toContain("by-hand");
    await expectNothingLeft();

    const recorded = await visit(pathToFileURL(join(folder, "out", "replay.html")).href);
    await recorded.page.keyboard.press("s");
    await expect
      .poll(() => log(recorded.page), { timeout: 60_000 })
      .toMatch(/leader: c0 has gone; 4 of 4 woke/);
    await recorded.page.keyboard.press("s");
    await expect
      .poll(() => log(recorded.page), { timeout: 60_000 })
      .toMatch(/joins again at the end\. Its late write is refused/);
    await recorded.page.keyboard.press("s");
    await expect
      .poll(() => recorded.page.locator('[data-part="notice"]').textContent())
      .toContain("ends here");
    expect(recorded.complaints).toEqual([]);
  }, 180_000);

  test("processes can be killed, and a server struck: sessions move, nobody loses its place", async () => {
    const { child, url } = await live(
      "--candidates 3 --scheme heir,children --candidate-process --will --tick-time 100 --out out",
    );
    const { page, complaints } = await visit(url);
    await page.keyboard.press("k");
    await expect
      .poll(() => log(page), { timeout: 60_000 })
      .toMatch(/heir: c1 watched c0; c0 has gone; c1 leads after/);
    await page.keyboard.press("R");
    await expect.poll(() => log(page), { timeout: 60_000 }).toMatch(/Server 1 was struck/);
    expect(complaints).toEqual([]);
    child.kill("SIGINT");
    expect((await child).exitCode).toBe(0);
    const result = await saved(join(folder, "out"));
    expectAllValid(result);
    await expectNothingLeft();
  }, 180_000);
});
