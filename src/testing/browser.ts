/** A real browser for tests of pages: headless Chromium, which never uses the network. */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** The same places as in `scripts/setup --with-browser`. */
const places = [
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

/** @returns the page's messages and errors, and its requests for anything but itself */
export async function visitPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
): Promise<string[]> {
  const context = await browser.newContext(options);
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (request.url() !== address.split("#")[0]) complaints.push(`asks for ${request.url()}`);
  });
  try {
    await page.goto(address);
    await look(page);
  } finally {
    await context.close();
  }
  return complaints;
}
