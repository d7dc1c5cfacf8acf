/// <reference lib="dom" />
/** Connects the page's controls to the timeline's functions. */
import { listen } from "./gestures.ts";
import { part } from "./page-parts.ts";
import type { TimelinePanel } from "./timeline-panel.ts";

export interface TimelineActions {
  /** Goes to the failover after or before the current one. */
  step(by: 1 | -1): void;
  /** Goes to the event after or before. */
  stepEvent(panel: TimelinePanel, by: 1 | -1): void;
  firstViolation(): void;
  whole(): void;
  fit(): void;
  /** Zooms about a point, or the middle; above 1 is closer. */
  zoom(factor: number, x?: number): void;
  /** Moves by pixels: all in time, one in its lanes. */
  pan(panel: TimelinePanel, right: number, down: number): void;
  /** Shows those who were not woken, or folds them again. */
  unfold(): void;
  draw(): void;
  /** The page switched between light and dark. */
  recolour(): void;
}

const NOTICE_MS = 1500;

export function connect(
  section: HTMLElement,
  panels: readonly TimelinePanel[],
  timeline: TimelineActions,
): void {
  connectButtons(section, timeline);
  for (const panel of panels) {
    connectKeys(panel, timeline);
    connectGestures(panel, timeline);
    new ResizeObserver(() => timeline.draw()).observe(panel.canvas);
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => timeline.recolour());
}

function connectGestures(panel: TimelinePanel, timeline: TimelineActions): void {
  let hiding: ReturnType<typeof setTimeout> | undefined;
  listen(panel.canvas, {
    zoom: (factor, x) => timeline.zoom(factor, x),
    pan: (right, down) => timeline.pan(panel, right, down),
    point: (x, y) => panel.point(x, y),
    press: (_, y) => panel.isFolded(y) && timeline.unfold(),
    leave: () => panel.leave(),
    wheelIgnored: () => {
      const { notice } = panel;
      notice.hidden = false;
      clearTimeout(hiding);
      hiding = setTimeout(() => {
        notice.hidden = true;
      }, NOTICE_MS);
    },
  });
}

function connectButtons(section: HTMLElement, timeline: TimelineActions): void {
  const buttons: Record<string, () => void> = {
    previous: () => timeline.step(-1),
    next: () => timeline.step(1),
    violation: () => timeline.firstViolation(),
    whole: () => timeline.whole(),
    in: () => timeline.zoom(2),
    out: () => timeline.zoom(0.5),
    fit: () => timeline.fit(),
  };
  for (const [name, act] of Object.entries(buttons)) {
    part(section, name, HTMLButtonElement).addEventListener("click", act);
  }
  for (const name of ["asleep", "tall"]) {
    part(section, name, HTMLInputElement).addEventListener("change", () => timeline.draw());
  }
}

function connectKeys(panel: TimelinePanel, timeline: TimelineActions): void {
  const keys = new Map<string, () => void>([
    ["ArrowLeft", () => timeline.pan(panel, 80, 0)],
    ["ArrowRight", () => timeline.pan(panel, -80, 0)],
    ["ArrowUp", () => timeline.pan(panel, 0, 60)],
    ["ArrowDown", () => timeline.pan(panel, 0, -60)],
    ["+", () => timeline.zoom(1.5)],
    ["=", () => timeline.zoom(1.5)],
    ["-", () => timeline.zoom(1 / 1.5)],
    ["0", () => timeline.whole()],
    ["n", () => timeline.step(1)],
    ["p", () => timeline.step(-1)],
    ["o", () => timeline.unfold()],
    [".", () => timeline.stepEvent(panel, 1)],
    [",", () => timeline.stepEvent(panel, -1)],
    ["Escape", () => panel.leave()],
  ]);
  panel.canvas.addEventListener("keydown", (event) => {
    const act = keys.get(event.key);
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
}
