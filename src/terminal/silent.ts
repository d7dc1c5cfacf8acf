/** Shows no progress, and loads nothing for it. */
import type { Live } from "./live.ts";

export const silent: Live = {
  show: () => undefined,
  interrupted: () => undefined,
  end: () => undefined,
};
