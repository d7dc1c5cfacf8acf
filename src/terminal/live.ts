/** Progress on stderr: one changing line in a terminal, one line per trial in a pipe. */

import { createLogUpdate } from "log-update";
import { milliseconds } from "../export/figure-text.ts";
import { axes, trialText } from "../history/conditions.ts";
import type { LastFailover, RunProgress } from "../run/progress.ts";
import type { TrialPlan } from "../run/trial-plan.ts";
import { Estimate } from "./estimate.ts";
import { hanging, isPlain, paintFor } from "./format.ts";
import { lineText } from "./line-text.ts";
import { type Marks, marksOfTerminal } from "./marks.ts";

export interface Live {
  show(progress: RunProgress): void;
  /** The person has pressed Ctrl-C: acknowledge it. */
  interrupted(): void;
  /** Leaves the terminal as it was. */
  end(): void;
}

export function liveOn(stream: NodeJS.WriteStream): Live {
  return isPlain(stream) ? printing(stream) : drawing(stream);
}

const HEARD = "interrupted: ending in order; Ctrl-C again ends at once";

function drawing(stream: NodeJS.WriteStream): Live {
  // A hidden cursor would stay hidden if this process were killed.
  const draw = createLogUpdate(stream, { showCursor: true });
  const paint = paintFor(stream);
  const marks = marksOfTerminal();
  const estimate = new Estimate();
  let heard = false;
  let p50: number | undefined;
  // Only one line at any width: more could not be erased from a terminal that shrinks.
  const room = () => Math.max(1, (stream.columns ?? 80) - 1);
  const show = (text: string) => draw(paint.dim(cut(text, marks, room())));
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
      const text = words(progress, { estimate, p50, marks, room: room() });
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

function cut(text: string, { more }: Marks, room: number): string {
  return text.length > room
    ? `${text.slice(0, Math.max(0, room - more.length))}${more}`.slice(0, room)
    : text;
}

/** What a line shows besides the progress that it is about. */
interface Setting {
  readonly estimate: Estimate;
  /** The median of the trial's failovers before its last turn, in milliseconds. */
  readonly p50: number | undefined;
  readonly marks: Marks;
  /** The width of the line, in columns. */
  readonly room: number;
}

function words(progress: RunProgress, setting: Setting): string | undefined {
  const { estimate, marks } = setting;
  const trial = (plan: TrialPlan) => `${bar(estimate, marks)}${which(plan, estimate)}`;
  switch (progress.type) {
    case "opening":
      return "opening the ensemble";
    case "starting":
      return `${trial(progress.plan)}: starting ${progress.started}/${progress.candidates}`;
    case "failover":
      // A person strikes when they like: until then this would stay, and be wrong. The page tells more.
      return progress.failovers === 0 ? `strike ${progress.failover}` : failoverWords(progress, setting);
    case "leaving":
      return `${trial(progress.plan)}: candidates are leaving`;
    case "caution":
    case "servers":
    case "told":
    case "turn-ended":
    case "trial-ended":
    case "left":
      return undefined;
    case "changing-ensemble":
      return `${bar(estimate, marks)}changing to ${axes.servers.text(progress.servers)}`;
    case "closing":
      return "closing the ensemble";
    default:
      return progress satisfies never;
  }
}

/** As much as fits: the line of candidates comes before the trial's whole name, and before the median. */
function failoverWords(
  { plan, failover, failovers, line, last }: Extract<RunProgress, { type: "failover" }>,
  { estimate, p50, marks, room }: Setting,
): string {
  const number = failover === 0 ? "warm-up" : `failover ${failover}/${failovers}`;
  const apart = ` ${marks.apart} `;
  const { name } = plan.scheme;
  const heads = [
    `${bar(estimate, marks)}${which(plan, estimate)}: ${number}`,
    `${percent(estimate)}${timeLeft(estimate)}${apart}${name}, ${number}`,
    `${percent(estimate)}${apart}${name}, ${number}`,
    `${percent(estimate)}${apart}${name} ${failover === 0 ? number : `${failover}/${failovers}`}`,
  ];
  const lastWords = last === undefined ? "" : `${apart}last: ${lastText(last)}`;
  const median = p50 === undefined ? "" : `${apart}median ${milliseconds(p50)} ms`;
  const forms = heads.flatMap((head) =>
    [`${lastWords}${median}`, lastWords].map((tail) => {
      const left = room - head.length - apart.length - tail.length;
      return `${head}${apart}${lineText(line, plan.scheme, marks, left)}${tail}`;
    }),
  );
  return forms.find((form) => form.length <= room) ?? forms.at(-1) ?? "";
}

function lastText({ woken, ms }: LastFailover): string {
  return ms === null ? `${woken} woken` : `${woken} woken, ${milliseconds(ms)} ms`;
}

const BAR = 10;

/** The progress so far, and the time left. */
function bar(estimate: Estimate, { done, left, apart }: Marks): string {
  const full = Math.round(estimate.share * BAR);
  const drawn = `${done.repeat(full)}${left.repeat(BAR - full)}`;
  return `${drawn} ${percent(estimate)}${timeLeft(estimate)} ${apart} `;
}

function percent({ share }: Estimate): string {
  return `${Math.floor(share * 100)} %`;
}

/** Nothing while it is too early to tell. */
function timeLeft({ leftMs }: Estimate): string {
  return leftMs === undefined ? "" : `, ${clock(leftMs)} left`;
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function which(plan: TrialPlan, { trials }: Estimate): string {
  const named = { ...plan, scheme: plan.scheme.name, fault: plan.fault.name };
  return `trial ${plan.trial}/${trials}: ${trialText(named)}`;
}
