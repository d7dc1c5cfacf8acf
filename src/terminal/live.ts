/** Progress on stderr: one changing line in a terminal, one line per trial in a pipe. */

import { createLogUpdate } from "log-update";
import { milliseconds } from "../export/figure-text.ts";
import { axes, trialText } from "../history/conditions.ts";
import type { RunProgress } from "../run/progress.ts";
import type { TrialPlan } from "../run/trial-plan.ts";
import { Estimate } from "./estimate.ts";
import { hanging, isPlain, paintFor } from "./format.ts";

export interface Live {
  show(progress: RunProgress): void;
  /** The person has pressed Ctrl-C: acknowledge it. */
  interrupted(): void;
  /** Leaves the terminal as it was. */
  end(): void;
}

export const silent: Live = {
  show: () => undefined,
  interrupted: () => undefined,
  end: () => undefined,
};

export function liveOn(stream: NodeJS.WriteStream): Live {
  return isPlain(stream) ? printing(stream) : drawing(stream);
}

const HEARD = "interrupted: ending in order; Ctrl-C again ends at once";

function drawing(stream: NodeJS.WriteStream): Live {
  // A hidden cursor would stay hidden if this process were killed.
  const draw = createLogUpdate(stream, { showCursor: true });
  const paint = paintFor(stream);
  const estimate = new Estimate();
  let heard = false;
  let p50: number | undefined;
  const show = (text: string) => {
    // Only one line at any width: more could not be erased from a terminal that shrinks.
    const room = Math.max(1, (stream.columns ?? 80) - 1);
    draw(paint.dim(text.length > room ? `${text.slice(0, room - 1)}…` : text));
  };
  return {
    show(progress) {
      estimate.follow(progress);
      // A median belongs to its trial, and is known when the trial has had a turn.
      if (progress.type === "turn-ended") p50 = progress.p50;
      if (progress.type === "trial-ended") p50 = undefined;
      if (progress.type === "caution") {
        draw.clear();
        stream.write(`${hanging("!", paint.yellow, progress.words, stream.columns ?? 80)}\n`);
      }
      const text = words(progress, estimate, p50);
      if (text !== undefined && !heard) show(text);
    },
    interrupted() {
      heard = true;
      show(HEARD);
    },
    end: () => draw.clear(),
  };
}

function printing(stream: NodeJS.WriteStream): Live {
  const estimate = new Estimate();
  return {
    show(progress) {
      estimate.follow(progress);
      if (progress.type === "caution") stream.write(`${progress.words}\n`);
      if (progress.type !== "trial-ended") return;
      const { state, reason, summary } = progress.result;
      const figure =
        summary.failoverMs === null ? "" : `, failover p50 ${milliseconds(summary.failoverMs.p50)} ms`;
      const why = reason === undefined ? "" : `, ${reason}`;
      stream.write(`${which(progress.plan, estimate)}: ${state}${why}${figure}\n`);
    },
    interrupted: () => stream.write(`${HEARD}\n`),
    end: () => undefined,
  };
}

function words(progress: RunProgress, estimate: Estimate, p50: number | undefined): string | undefined {
  const trial = (plan: TrialPlan) => `${bar(estimate)}${which(plan, estimate)}`;
  switch (progress.type) {
    case "opening":
      return "opening the ensemble";
    case "starting":
      return `${trial(progress.plan)}: starting ${progress.started}/${progress.candidates}`;
    case "failover": {
      const { plan, failover, failovers, leader } = progress;
      const number = failover === 0 ? "warm-up" : `failover ${failover}/${failovers}`;
      const news = p50 === undefined ? `leader ${leader}` : `last median ${milliseconds(p50)} ms`;
      return `${trial(plan)}: ${number}, ${news}`;
    }
    case "leaving":
      return `${trial(progress.plan)}: candidates are leaving`;
    case "caution":
    case "turn-ended":
    case "trial-ended":
    case "left":
      return undefined;
    case "changing-ensemble":
      return `${bar(estimate)}changing to ${axes.servers.text(progress.servers)}`;
    case "closing":
      return "closing the ensemble";
    default:
      return progress satisfies never;
  }
}

const BAR = 10;

/** The progress so far, and the time left. */
function bar({ share, leftMs }: Estimate): string {
  const full = Math.round(share * BAR);
  const left = leftMs === undefined ? "" : `, ${clock(leftMs)} left`;
  return `${"█".repeat(full)}${"░".repeat(BAR - full)} ${Math.floor(share * 100)} %${left} · `;
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function which(plan: TrialPlan, { trials }: Estimate): string {
  const named = { ...plan, scheme: plan.scheme.name, fault: plan.fault.name };
  return `trial ${plan.trial}/${trials}: ${trialText(named)}`;
}
