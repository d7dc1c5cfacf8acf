/// <reference lib="dom" />
/** Reads the data inside the page, which data-scripts.ts writes. */
import type { Result, TrialResult } from "../../export/result.ts";
import { type PackedTrial, unpack } from "../packed-history.ts";
import { type TrialView, trialView } from "../timeline/trial-view.ts";

export interface PageTrial {
  readonly packed: PackedTrial;
  readonly result: TrialResult | undefined;
  /** Unpacked on first use. */
  view(): TrialView;
}

export interface PageRun {
  readonly result: Result;
  readonly trials: readonly PageTrial[];
}

export async function readRuns(): Promise<PageRun[]> {
  const runs: PageRun[] = [];
  for (let index = 0; document.getElementById(`result-${index}`) !== null; index++) {
    const result = JSON.parse(new TextDecoder().decode(await unzipped(`result-${index}`))) as Result;
    const trials = unpack(await unzipped(`history-${index}`)).map((packed) =>
      pageTrial(
        packed,
        result.trials.find(({ trial }) => trial === packed.header.trial),
      ),
    );
    runs.push({ result, trials });
  }
  return runs;
}

function pageTrial(packed: PackedTrial, result: TrialResult | undefined): PageTrial {
  let view: TrialView | undefined;
  return {
    packed,
    result,
    view() {
      view ??= trialView({ ...packed, columns: packed.columns() }, result);
      return view;
    },
  };
}

/** What the element with this id holds. */
export async function unzipped(id: string): Promise<Uint8Array<ArrayBuffer>> {
  return gunzip(bytesOf(document.getElementById(id)?.textContent ?? ""));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64.trim());
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
