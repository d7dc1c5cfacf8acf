/// <reference lib="dom" />
/** One trial's picture in the live timeline: its canvas, lanes and note, for a stretch chosen elsewhere. */

import { firstFrom } from "../../history/columns.ts";
import type { Scene } from "../timeline/axis.ts";
import { foldedAt, type LaneChoice, type Lanes, lanesOf } from "../timeline/lanes.ts";
import { nearestEvent } from "../timeline/nearest-event.ts";
import { serverAt } from "../timeline/server-lanes.ts";
import { type Cut, scaleOf, shownOf, type TimeScale, timeAt, xOf } from "../timeline/time-scale.ts";
import { drawTimeline } from "../timeline/timeline-drawing.ts";
import { AXIS_HEIGHT, HEAD_HEIGHT, type Picture, placeOf } from "../timeline/timeline-picture.ts";
import { failoverSentence, trialSentence } from "../timeline/timeline-words.ts";
import type { Camera } from "./camera.ts";
import { CanvasSurface } from "./canvas-surface.ts";
import { showServer, showTip } from "./event-tip.ts";
import { part } from "./page-parts.ts";

/** What a panel shows, on its axis. */
export interface Shown extends Scene {
  readonly cuts: readonly Cut[];
}

/** Which lanes to show, and how high. */
export type LaneLook = Pick<LaneChoice, "unfolded" | "tall">;

export class TimelinePanel {
  readonly canvas: HTMLCanvasElement;
  readonly notice: HTMLElement;
  readonly #root: HTMLElement;
  readonly #tip: HTMLElement;
  readonly #surface: CanvasSurface;
  /** Pixels of the picture that are above the canvas: without an axis. */
  readonly #above: number;
  #shown: Shown | undefined;
  #scroll = 0;
  /** The event that the keys have stepped to. */
  #event: { readonly index: number; readonly text: string } | null = null;
  /** The last picture, and the lanes until others are selected. */
  #picture: Picture | undefined;
  #lanes: { readonly key: string; readonly lanes: Lanes } | undefined;
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, withAxis: boolean) {
    this.#root = root;
    this.canvas = part(root, "canvas", HTMLCanvasElement);
    this.notice = part(root, "notice", HTMLElement);
    this.#tip = part(root, "tip", HTMLElement);
    this.#above = withAxis ? 0 : AXIS_HEIGHT;
    this.#surface = new CanvasSurface(this.canvas, this.#above);
  }

  /** Shows something else, or nothing. */
  show(shown: Shown | undefined): void {
    this.#shown = shown;
    this.#scroll = 0;
    this.#root.hidden = shown === undefined;
    this.forget();
  }

  /** Texts about the former view no longer apply. */
  forget(): void {
    this.#event = null;
    this.leave();
  }

  recolour(): void {
    this.#surface.forgetColours();
  }

  // Drawing

  get left(): number {
    return this.canvas.clientWidth < 500 ? 70 : 78;
  }

  get width(): number {
    return this.canvas.clientWidth - this.left - 6;
  }

  /** Few lanes need no tall canvas. */
  fit(look: LaneLook): void {
    if (this.#shown === undefined) return;
    const full = lanesOf({ ...this.#choice(this.#shown, look), height: Number.POSITIVE_INFINITY }).height;
    this.canvas.style.maxHeight = `${HEAD_HEIGHT + 8 + full - this.#above}px`;
  }

  paint(camera: Camera, look: LaneLook): void {
    const shown = this.#shown;
    const { width, height: visible } = this.#surface.resize();
    if (shown === undefined || width === 0) return;
    const height = visible + this.#above;
    const lanes = this.#lanesFor(shown, look);
    this.#scroll = Math.max(0, Math.min(lanes.height + 8 - (height - HEAD_HEIGHT), this.#scroll));
    const { view, episode, mark } = shown;
    const scale = this.#scale(shown, camera);
    this.#picture = { view, scale, lanes, scroll: this.#scroll, width, height, episode, mark };
    this.canvas.style.touchAction = lanes.height > height - HEAD_HEIGHT ? "none" : "pan-y";
    drawTimeline(this.#surface, this.#picture);
  }

  #scale({ cuts, episode, view }: Shown, camera: Camera): TimeScale {
    return scaleOf(episode?.at ?? view.begin, camera, { left: this.left, width: this.width }, cuts);
  }

  #choice({ view, episode }: Shown, look: LaneLook): LaneChoice {
    const { candidates } = view.header;
    const height = this.canvas.clientHeight + this.#above - HEAD_HEIGHT - 8;
    return { candidates, servers: view.servers?.courses.length ?? 0, episode, height, ...look };
  }

  #lanesFor(shown: Shown, look: LaneLook): Lanes {
    const choice = this.#choice(shown, look);
    const key = JSON.stringify([shown.view.header.trial, { ...choice, episode: choice.episode?.at }]);
    if (this.#lanes?.key !== key) this.#lanes = { key, lanes: lanesOf(choice) };
    return this.#lanes.lanes;
  }

  scrollBy(pixels: number): void {
    this.#scroll -= pixels;
  }

  // Single events

  /** Whether a point is on the band of those who slept on. */
  isFolded(y: number): boolean {
    if (this.#picture === undefined) return false;
    const down = y + this.#above - HEAD_HEIGHT + this.#scroll;
    return foldedAt(this.#picture.lanes, down) !== undefined;
  }

  point(x: number, y: number): void {
    this.canvas.classList.toggle("opens", this.isFolded(y));
    if (this.#picture === undefined || this.#shown === undefined) return;
    const { view } = this.#shown;
    const down = y + this.#above;
    const index = nearestEvent(this.#picture, x, down);
    const server = serverAt(this.#picture, down);
    if (index !== null) showTip(this.#tip, view, index, { x, y });
    else if (server !== undefined)
      showServer(this.#tip, view, server, timeAt(this.#picture.scale, x), { x, y });
    else this.leave();
  }

  leave(): void {
    this.#tip.hidden = true;
  }

  /** The event after or before the last one, and its moment as the camera counts; it must have a lane. */
  eventBeside(by: 1 | -1): { readonly index: number; readonly at: number } | undefined {
    if (this.#shown === undefined || this.#picture === undefined) return undefined;
    const { view, episode, cuts } = this.#shown;
    const { columns } = view;
    const { scale, lanes } = this.#picture;
    let index = (this.#event?.index ?? firstFrom(columns.at, scale.from) - (by === 1 ? 1 : 0)) + by;
    const hasLane = (candidate: number) => candidate < 0 || lanes.of.has(candidate);
    while (index >= 0 && index < columns.length && !hasLane(columns.candidate[index] ?? -1)) index += by;
    const at = columns.at[index];
    return at === undefined ? undefined : { index, at: shownOf(at, cuts) - (episode?.at ?? view.begin) };
  }

  /** Tells it beside its tick, which must be in the picture. */
  tellEvent(index: number): void {
    if (this.#picture === undefined || this.#shown === undefined) return;
    const { scale, lanes, scroll, view } = this.#picture;
    const lane = lanes.of.get(view.columns.candidate[index] ?? -1);
    const y = (lane === undefined ? HEAD_HEIGHT : placeOf(lane, scroll).y) - this.#above;
    showTip(this.#tip, view, index, { x: xOf(scale, view.columns.at[index] ?? 0), y });
    const text = [...this.#tip.children].map(({ textContent }) => textContent).join("; ");
    this.#event = { index, text };
    this.tell();
  }

  /** Describes the view when it has come to rest: not every movement interrupts screen readers. */
  tell(message = ""): void {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => {
      part(this.#root, "summary", HTMLElement).textContent = this.#sentence(message);
    }, 150);
  }

  #sentence(message: string): string {
    if (this.#shown === undefined) return "";
    if (this.#event !== null) return `${this.#event.text}.`;
    const { view, episode } = this.#shown;
    const start = episode === null ? trialSentence(view) : failoverSentence(episode, view);
    return message === "" ? start : `${start} ${message.replace(/\.?$/, ".")}`;
  }
}
