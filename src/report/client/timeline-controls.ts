/// <reference lib="dom" />
/** Connects the page's controls to the timeline's functions. */
import { listen, type Movements } from "./gestures.ts";
import { part } from "./page-parts.ts";

export interface TimelineActions extends Omit<Movements, "zoom" | "wheelIgnored"> {
  /** Goes to the failover after or before the current one. */
  step(by: 1 | -1): void;
  /** Goes to the event after or before. */
  stepEvent(by: 1 | -1): void;
  firstViolation(): void;
  whole(): void;
  fit(): void;
  /** Zooms about a point, or the middle. */
  zoom(factor: number, x?: number): void;
  /** Other lanes were selected. */
  relane(): void;
  resize(): void;
  /** The page switched between light and dark. */
  recolour(): void;
}

const NOTICE_MS = 1500;

export function connect(section: HTMLElement, canvas: HTMLCanvasElement, timeline: TimelineActions): void {
  connectButtons(section, timeline);
  connectKeys(canvas, timeline);
  const notice = part(section, "notice", HTMLElement);
  let hiding: ReturnType<typeof setTimeout> | undefined;
  listen(canvas, {
    zoom: (factor, x) => timeline.zoom(factor, x),
    pan: (right, down) => timeline.pan(right, down),
    point: (x, y) => timeline.point(x, y),
    leave: () => timeline.leave(),
    wheelIgnored: () => {
      notice.hidden = false;
      clearTimeout(hiding);
      hiding = setTimeout(() => {
        notice.hidden = true;
      }, NOTICE_MS);
    },
  });
  new ResizeObserver(() => timeline.resize()).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => timeline.recolour());
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
  for (const name of ["involved", "tall"]) {
    part(section, name, HTMLInputElement).addEventListener("change", () => timeline.relane());
  }
}

function connectKeys(canvas: HTMLCanvasElement, timeline: TimelineActions): void {
  const keys = new Map<string, () => void>([
    ["ArrowLeft", () => timeline.pan(80, 0)],
    ["ArrowRight", () => timeline.pan(-80, 0)],
    ["ArrowUp", () => timeline.pan(0, 60)],
    ["ArrowDown", () => timeline.pan(0, -60)],
    ["+", () => timeline.zoom(1.5)],
    ["=", () => timeline.zoom(1.5)],
    ["-", () => timeline.zoom(1 / 1.5)],
    ["0", () => timeline.whole()],
    ["n", () => timeline.step(1)],
    ["p", () => timeline.step(-1)],
    [".", () => timeline.stepEvent(1)],
    [",", () => timeline.stepEvent(-1)],
    ["Escape", () => timeline.leave()],
  ]);
  canvas.addEventListener("keydown", (event) => {
    const act = keys.get(event.key);
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
}
