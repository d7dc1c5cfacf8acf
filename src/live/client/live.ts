/// <reference lib="dom" />
/** The page on a real ensemble, which `yarn live` serves. */
import { part } from "../../report/client/page-parts.ts";
import type { Powers } from "../ground.ts";
import type { Message } from "../message.ts";
import { type Connection, RealGround } from "../real-ground.ts";
import { LivePage } from "./live-page.ts";

/** The token is in the page's own address. */
const { search } = location;

const connection: Connection = {
  listen({ hear, caughtUp }) {
    const events = new EventSource(`events${search}`);
    events.addEventListener("message", ({ data }) => {
      const message: Message = JSON.parse(data);
      if (message.type === "ended") events.close();
      hear(message);
    });
    events.addEventListener("caught-up", () => {
      notice.textContent = "";
      caughtUp();
    });
    // The browser tries again by itself.
    events.addEventListener("error", () => {
      notice.textContent = "The connection to the lab is lost; trying again.";
    });
  },

  async strike(strike) {
    const asked = fetch(`strike${search}`, { method: "POST", body: JSON.stringify(strike) });
    const response = await asked.catch(() => {
      throw new Error("the lab is not there any more");
    });
    if (!response.ok) throw new Error((await response.text()).trim());
  },
};

const notice = part(document.body, "notice", HTMLElement);
const powers: Powers = JSON.parse(document.getElementById("powers")?.textContent ?? "");

new LivePage(
  (audience) =>
    new RealGround(powers, connection, audience, (words) => {
      notice.textContent = words;
    }),
);
