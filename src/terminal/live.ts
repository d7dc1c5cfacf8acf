/** Progress on stderr: one line that changes in a terminal, a line for each trial in a pipe. */
import { createLogUpdate } from "log-update";
import type { LabProgress, Plan } from "../lab.ts";
import { isPlain, milliseconds, paintFor } from "./format.ts";

export interface Live {
  show(progress: LabProgress): void;
  /** The person has pressed Ctrl-C: say that it was heard. */
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
  let heard = false;
  const show = (text: string) => {
    // One line, whatever the width: more could not be taken back from a terminal that shrinks.
    const room = Math.max(1, (stream.columns ?? 80) - 1);
    draw(paint.dim(text.length > room ? `${text.slice(0, room - 1)}…` : text));
  };
  return {
    show(progress) {
      const text = words(progress);
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
  return {
    show(progress) {
      if (progress.type !== "trial-ended") return;
      const { state, reason, summary } = progress.result;
      const figure =
        summary.failoverMs === null ? "" : `, failover p50 ${milliseconds(summary.failoverMs.p50)} ms`;
      const why = reason === undefined ? "" : `, ${reason}`;
      stream.write(`${which(progress.plan, progress.trials)}: ${state}${why}${figure}\n`);
    },
    interrupted: () => stream.write(`${HEARD}\n`),
    end: () => undefined,
  };
}

function words(progress: LabProgress): string | undefined {
  switch (progress.type) {
    case "opening":
      return "opening the ensemble";
    case "opened":
    case "trial-ended":
      return undefined;
    case "closing":
      return "closing the ensemble";
    case "trial": {
      const now = progress.progress;
      const trial = which(progress.plan, progress.trials);
      switch (now.type) {
        case "starting":
          return `${trial}: starting ${now.started}/${now.candidates}`;
        case "failover":
          return `${trial}: failover ${now.failover}/${now.failovers}, leader ${now.leader}`;
        case "leaving":
          return `${trial}: candidates are leaving`;
        default:
          return now satisfies never;
      }
    }
    default:
      return progress satisfies never;
  }
}

function which({ trial, scheme, candidates, fault }: Plan, trials: number): string {
  return `trial ${trial}/${trials}: ${scheme.name}, ${candidates} candidates, ${fault.name}`;
}
