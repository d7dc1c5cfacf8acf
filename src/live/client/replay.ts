/// <reference lib="dom" />
/** The page on a recording, which is in the page itself. */
import { ReplayGround } from "../replay-ground.ts";
import { LivePage } from "./live-page.ts";

const recording = JSON.parse(document.getElementById("recording")?.textContent ?? "");

new LivePage((audience) => new ReplayGround(recording, audience));
