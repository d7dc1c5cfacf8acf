/**
 * The lines of a history's file: `history.jsonl.gz`, JSON Lines in gzip members. The first line gives the
 * schema. Trials that take turns are written in turns: a line with a trial's number says which trial the
 * following lines belong to. They are in chronological order, each strike before its own events. A trial
 * without its last line is incomplete: it was running when its run was killed.
 */
import type { TrialHeader } from "./header.ts";
import type { Ending } from "./history.ts";
import type { Told } from "./told.ts";

export const HISTORY_SCHEMA = "zk-election-lab/history@2";

export type FileLine =
  | { readonly schema: string }
  /** A trial begins, for the first time or again. */
  | { readonly trial: number; readonly header: TrialHeader }
  /** The following lines belong to that trial. */
  | { readonly trial: number }
  | Told
  | { readonly trial: number; readonly end: Ending };
