/** The page on a model of ZooKeeper, which runs in the browser itself. */
import { PlayGround } from "../play-ground.ts";
import { LivePage } from "./live-page.ts";

// Many runs have errors that are expected, and nobody reads where they come from.
Error.stackTraceLimit = 0;
new LivePage((audience) => new PlayGround(audience));
