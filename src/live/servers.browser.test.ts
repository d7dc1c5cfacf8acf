/// <reference lib="dom" />
/** The page on a ground that has servers, as a real browser shows it. */
import { join } from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../package-root.ts";
import { noBrowser } from "../testing/browser.ts";
import { powersWithServers } from "../testing/live-ground-with-servers.ts";
import { pagesInOneBrowser } from "../testing/pages.ts";
import { livePage } from "./page.ts";

const entry = `
import { LivePage } from "./live/client/live-page.ts";
import { GroundWithServers } from "./testing/live-ground-with-servers.ts";
new LivePage((audience) => new GroundWithServers(audience));
`;

async function script(): Promise<string> {
  const resolveDir = join(packageRoot(), "src");
  const nodeParts = join(resolveDir, "live/client/node-parts.ts");
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir, loader: "ts" },
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    platform: "browser",
    inject: [nodeParts],
    alias: Object.fromEntries(
      ["events", "util", "crypto", "diagnostics_channel", "perf_hooks"].map((name) => [
        `node:${name}`,
        nodeParts,
      ]),
    ),
  });
  return outputFiles[0]?.text ?? "";
}

describe.skipIf(noBrowser)("in a browser", () => {
  const pages = pagesInOneBrowser();
  let address: string;

  beforeAll(async () => {
    const page = { powers: powersWithServers, kicker: "a ground", ground: "A ground with servers." };
    address = await pages.write("page.html", livePage({ script: await script(), ...page }));
  });

  const visit = (look: (page: Page) => Promise<void>) =>
    pages.visit(address, async (page) => {
      // The opening is told bit by bit, until the caption sums it up.
      await page.locator('[data-part="caption"]', { hasText: "9 candidates" }).nth(1).waitFor();
      await look(page);
    });
  const servers = (page: Page) => page.locator(".server").allInnerTexts();
  const log = (page: Page) => page.locator('[data-part="log"] p').allInnerTexts();

  async function untilTold(page: Page, entries: number): Promise<void> {
    const told = async () => {
      await page.keyboard.press("n");
      return (await log(page)).length;
    };
    await expect.poll(told, { interval: 10 }).toBe(entries);
  }

  test("each server says what it is, and whom it serves in both lines", async () => {
    const complaints = await visit(async (page) => {
      expect((await servers(page)).map((text) => text.split("\n"))).toEqual([
        ["Server 1", "leads the servers", "predecessor: c0 c3 c6", "leader: c0 c3 c6"],
        ["Server 2", "follows", "predecessor: c1 c4 c7", "leader: c1 c4 c7"],
        ["Server 3", "follows", "predecessor: c2 c5 c8", "leader: c2 c5 c8"],
      ]);
    });
    expect(complaints).toEqual([]);
  });

  test("a click chooses a server, another strikes it, and its clients move", async () => {
    await visit(async (page) => {
      await page.locator(".server").nth(1).click();
      expect(await page.locator('[data-part="selected-server"]').innerText()).toBe("Strike server 2:");
      await page.locator('[data-act="kill-server"]').click();
      await expect.poll(() => servers(page).then((texts) => texts[1])).toMatch(/^Server 2\naway/);
      expect(await page.locator('[data-act="kill-server"]').isDisabled()).toBe(true);
      await untilTold(page, 2);
      expect((await log(page))[0]).toContain(
        "Server 2 was struck: 3 sessions moved to other servers, and nobody lost its place.",
      );
      await expect.poll(() => servers(page).then((texts) => texts[2])).toContain("c1 c2 c4 c5 c7 c8");
    });
  });

  test("the same by key", async () => {
    await visit(async (page) => {
      await page.locator(".server").first().focus();
      for (let moves = 0; moves < 3; moves++) await page.keyboard.press("ArrowRight");
      expect(await page.locator(":focus").innerText()).toMatch(/^Server 3/);
      await page.keyboard.press("P");
      await untilTold(page, 2);
      expect((await log(page)).join()).toContain("Server 3 was struck: 3 sessions moved");
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("K");
      await untilTold(page, 4);
      expect((await log(page))[0]).toContain("Server 2 was struck: 3 sessions moved");
    });
  });

  test("it is restarted and paused by clicks as well", async () => {
    await visit(async (page) => {
      for (const [index, act] of ["restart-server", "pause-server"].entries()) {
        await page.locator(`[data-act="${act}"]`).click();
        await untilTold(page, 2 * (index + 1));
      }
      expect((await log(page)).filter((text) => text.includes("Server 1 was struck"))).toHaveLength(4);
    });
  });

  test("it offers nothing that its ground does not permit", async () => {
    await visit(async (page) => {
      const acts = await page
        .locator("[data-act]")
        .evaluateAll((all) => all.map((one) => (one instanceof HTMLElement ? one.dataset.act : "")));
      expect(acts.toSorted()).toEqual([...powersWithServers.acts].sort());
      expect(await page.locator('[data-part="candidates"]').count()).toBe(0);
    });
  });

  test("who comes back by itself stands in line again, though nobody has asked for it", async () => {
    await visit(async (page) => {
      await page.keyboard.press("r");
      await untilTold(page, 4);
      expect((await log(page)).slice(0, 2).join("\n")).toContain("c9 joins, and watches c8: nobody woke.");
      // What the strike has shown stays.
      expect(await page.locator('[data-part="guide"]').innerText()).toContain("7 woke for nothing");
      expect(await page.locator('[data-part="vain"]').allInnerTexts()).toEqual(["0", "7"]);
    });
  });
});
