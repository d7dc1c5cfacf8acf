/**
 * The lines of a history's file: `history.jsonl.gz`, JSON Lines in gzip members. The first line says the
 * schema. Trials that take turns are written in turns: a line with a trial's number says whose the lines after
 * it are. They come in the order of time, each strike before its own events. A trial without its last line is
 * not whole: it was under way when its run was killed.
 */
import type { TrialHeader } from "./header.ts";
import type { Ending } from "./history.ts";
import type { Told } from "./told.ts";

export const HISTORY_SCHEMA = "zk-election-lab/history@2";

export type FileLine =
  | { readonly schema: string }
  /** A trial begins, for the first time or anew. */
  | { readonly trial: number; readonly header: TrialHeader }
  /** What follows is that trial's. */
  | { readonly trial: number }
  | Told
  | { readonly trial: number; readonly end: Ending };
