/** Progress on stderr: one line that changes in a terminal, a line for each trial in a pipe. */
import { createLogUpdate } from "log-update";
import type { LabProgress, Plan } from "../lab.ts";
import { milliseconds, paintFor } from "./format.ts";

export interface Live {
  show(progress: LabProgress): void;
  /** Leaves the terminal as it was. */
  end(): void;
}

export const silent: Live = { show: () => undefined, end: () => undefined };

export function liveOn(stream: NodeJS.WriteStream): Live {
  return stream.isTTY ? drawing(stream) : printing(stream);
}

function drawing(stream: NodeJS.WriteStream): Live {
  const draw = createLogUpdate(stream);
  const paint = paintFor(stream);
  return {
    show(progress) {
      const text = words(progress);
      if (text !== undefined) draw(paint.dim(text));
    },
    end: () => draw.clear(),
  };
}

function printing(stream: NodeJS.WriteStream): Live {
  return {
    show(progress) {
      if (progress.type !== "trial-ended") return;
      const { failoverMs } = progress.result.summary;
      const figure = failoverMs === null ? "" : `, failover p50 ${milliseconds(failoverMs.p50)} ms`;
      stream.write(`${which(progress.plan, progress.trials)}: ${progress.result.state}${figure}\n`);
    },
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
          return `${trial}: failover ${now.failover}/${now.failovers}, candidate ${now.leader} leads`;
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
