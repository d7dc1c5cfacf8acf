/** What a page hears of a run on a real ensemble. */
import type { Scene } from "./retelling.ts";

export type Message =
  /** The next scene of an election, by the place of its scheme among those of the run. */
  | { readonly type: "scene"; readonly line: number; readonly scene: Scene }
  /** Nothing more will happen. */
  | { readonly type: "ended"; readonly words: string };
