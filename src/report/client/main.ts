/// <reference lib="dom" />
/** The script of a report page: reads the page's data and brings timeline and chain to life. */

import { type Place, placesIn } from "../address.ts";
import { AddressBar } from "./address-bar.ts";
import { Chain } from "./chain.ts";
import { offerDownloads } from "./downloads.ts";
import { tellMarks } from "./mark-tips.ts";
import { readRuns } from "./page-data.ts";
import { Timeline } from "./timeline.ts";

async function start(): Promise<void> {
  const runs = await readRuns();
  const bar = new AddressBar();
  // Each is independent: if one fails, its still picture stays, and the others work.
  const timeline = attempt("timeline", () => {
    const section = document.getElementById("timeline");
    const shown = runs.some(({ trials }) => trials.length > 0);
    return section !== null && shown ? new Timeline(section, runs, () => bar.moved("timeline")) : undefined;
  });
  const chain = attempt("chain", () => {
    const section = document.getElementById("chain");
    return section === null ? undefined : new Chain(section, runs, () => bar.moved("chain"));
  });
  const open = (places: readonly Place[]) => {
    // The first one is opened last, since each scrolls to itself.
    for (const one of places.toReversed()) {
      if (one.of === "timeline") timeline?.open(one.place);
      else chain?.open(one.place);
    }
  };
  const openFailover = (failover: string) => open(placesIn(`timeline=${failover}`));
  attempt("charts' texts", () => tellMarks(timeline && openFailover));
  attempt("downloads", () => offerDownloads(runs));
  attempt("address", () => bar.start({ timeline, chain }, open));
}

function attempt<T>(what: string, act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    console.error(`The ${what} did not start:`, error);
    return undefined;
  }
}

void start();
