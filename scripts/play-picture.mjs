/**
 * Writes docs/play.webp, the README's picture of the page to play with: both leaders have resigned, and under
 * one scheme all others are woken. It needs Chromium, as the tests of pages do: CHROMIUM names one elsewhere.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { root } from "./build.mjs";

await import("./build-play.mjs");
const places = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? places.find(existsSync) });
try {
  const viewport = { width: 1280, height: 900 };
  const page = await browser.newPage({ viewport, colorScheme: "light", reducedMotion: "reduce" });
  await page.goto(pathToFileURL(join(root, "docs", "play.html")).href);
  const [calm, herd] = await page.locator('[data-part="line"]').all();
  await herd.locator(".box").nth(11).waitFor();
  await page.keyboard.press("r");
  const woken = herd.locator(".box.woken");
  for (let steps = 0; (await woken.count()) < 11; steps++) {
    if (steps === 50)
      throw new Error("the strike does not wake all: the page is not as this script knows it");
    await page.locator('[data-part="step"]').click();
    await page.waitForTimeout(50);
  }
  // From the line above the elections to the end of the second one, as wide as the window.
  const scrolled = await page.evaluate("scrollY");
  const [above, below] = [await calm.boundingBox(), await herd.boundingBox()];
  const top = Math.max(0, above.y - 140);
  const height = Math.ceil(below.y + below.height + 8 - top);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", {
    ...{ format: "webp", quality: 90 },
    clip: { x: 0, y: scrolled + top, width: viewport.width, height, scale: 1 },
  });
  const file = join(root, "docs", "play.webp");
  writeFileSync(file, Buffer.from(data, "base64"));
  console.log("docs/play.webp");
} finally {
  await browser.close();
}
