/** The page to play with: the live page on a model. */
import { livePage } from "./page.ts";
import { playPowers } from "./play-ground.ts";

/** @param script the bundle of client/play.ts */
export function playPage(script: string): string {
  return livePage({
    script,
    powers: playPowers,
    kicker: "ZooKeeper leader election, to play with",
    ground:
      "This is a model in virtual time, not a measurement: ZooKeeper, its sessions and the network are simulated here in " +
      "the page, and each message takes a plausible time. The code of the election is the real one, of the library that " +
      "the lab measures. The session timeout is 6 s, the tick 2 s. This file holds all that it shows and asks no network " +
      "for anything.",
  });
}
