/** The page on a model of ZooKeeper, which runs in the browser itself. */
import { PlayGround } from "../play-ground.ts";
import { LivePage } from "./live-page.ts";

new LivePage((audience) => new PlayGround(audience));
