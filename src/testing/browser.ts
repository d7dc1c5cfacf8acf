/** A real browser for tests of pages: headless Chromium, which never uses the network. */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** The same places as in `scripts/setup --with-browser`; without windows it takes half of the time to start. */
const places = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const chromiumPath = process.env.CHROMIUM ?? places.find((path) => existsSync(path));

/** Whether to skip tests that need a browser; never on a machine that checks the changes. */
export const noBrowser = chromiumPath === undefined && process.env.CI === undefined;

export async function openBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error("there is no Chromium: name one in CHROMIUM");
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * Opens an address in a page of its own.
 * @returns the page's messages and errors, and its requests for anything but itself
 */
export async function visitPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
): Promise<string[]> {
  const context = await browser.newContext(options);
  try {
    return await visitIn(await context.newPage(), address, look);
  } finally {
    await context.close();
  }
}

/**
 * Loads an address afresh in a page that other visits have used: half the work of a page of its own.
 * @returns the same as `visitPage`
 */
export async function visitAgain(
  page: Page,
  address: string,
  look: (page: Page) => Promise<void>,
): Promise<string[]> {
  // From one fragment to another a browser would load nothing.
  await page.goto("about:blank");
  const session = await page.context().newCDPSession(page);
  await session.send("Page.resetNavigationHistory");
  await session.detach();
  await page.mouse.move(0, 0);
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.emulateMedia({ media: null, colorScheme: null, reducedMotion: null });
  return visitIn(page, address, look);
}

async function visitIn(page: Page, address: string, look: (page: Page) => Promise<void>): Promise<string[]> {
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (request.url() !== address.split("#")[0]) complaints.push(`asks for ${request.url()}`);
  });
  try {
    await page.goto(address);
    await look(page);
  } finally {
    for (const event of ["console", "pageerror", "request"]) page.removeAllListeners(event);
  }
  return complaints;
}
