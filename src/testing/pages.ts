/** Pages for the tests of a block: one browser with one page, which all visits share, and a folder of files. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { openBrowser, visitAgain, visitPage } from "./browser.ts";

export interface Pages {
  /** @returns the address of a file with this text */
  write(name: string, text: string): Promise<string>;
  /** Visits an address in the shared page, as {@link visitAgain} does. */
  visit(address: string, look: (page: Page) => Promise<void>): Promise<string[]>;
  /** Visits an address in a page of its own, as {@link visitPage} does. */
  visitWith(
    address: string,
    options: BrowserContextOptions,
    look: (page: Page) => Promise<void>,
  ): Promise<string[]>;
}

/** Call this once in a block of tests. */
export function pagesInOneBrowser(): Pages {
  let browser: Browser;
  let shared: Page;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
    browser = await openBrowser();
    shared = await browser.newPage();
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  return {
    async write(name, text) {
      const file = join(folder, name);
      await writeFile(file, text);
      return pathToFileURL(file).href;
    },
    visit: (address, look) => visitAgain(shared, address, look),
    visitWith: (address, options, look) => visitPage(browser, address, options, look),
  };
}
