/// <reference lib="dom" />
/** The script of a report page: reads the page's data and brings timeline and chain to life. */
import { Chain } from "./chain.ts";
import { offerDownloads } from "./downloads.ts";
import { tellMarks } from "./mark-tips.ts";
import { readRuns } from "./page-data.ts";
import { Timeline } from "./timeline.ts";

async function start(): Promise<void> {
  // Each is independent: if one fails, its still picture stays, and the others work.
  attempt("charts' texts", tellMarks);
  const runs = await readRuns();
  attempt("downloads", () => offerDownloads(runs));
  attempt("timeline", () => {
    const section = document.getElementById("timeline");
    const shown = runs.some(({ trials }) => trials.length > 0);
    if (section !== null && shown) new Timeline(section, runs);
  });
  attempt("chain", () => {
    const section = document.getElementById("chain");
    if (section !== null) new Chain(section, runs);
  });
}

function attempt(what: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    console.error(`The ${what} did not start:`, error);
  }
}

void start();
