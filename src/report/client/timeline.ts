/// <reference lib="dom" />
/** The live timeline: which trial, which stretch of it, which lanes; and everything that moves them. */

import { firstFrom } from "../../history/columns.ts";
import type { TimelinePlace } from "../address.ts";
import { schemeInk } from "../scheme-style.ts";
import { closeUp, type Episode, episodeAt } from "../timeline/episode.ts";
import { fullHeight, type Lanes, lanesOf } from "../timeline/lanes.ts";
import { nearestEvent } from "../timeline/nearest-event.ts";
import { serverAt } from "../timeline/server-lanes.ts";
import { duration, type TimeScale, timeAt, xOf } from "../timeline/time-scale.ts";
import { drawTimeline } from "../timeline/timeline-drawing.ts";
import { HEAD_HEIGHT, type Picture, placeOf } from "../timeline/timeline-picture.ts";
import { failoverSentence, trialName, trialSentence } from "../timeline/timeline-words.ts";
import { type TrialView, violationsOf } from "../timeline/trial-view.ts";
import { Camera } from "./camera.ts";
import { CanvasSurface } from "./canvas-surface.ts";
import { showServer, showTip } from "./event-tip.ts";
import type { PageRun, PageTrial } from "./page-data.ts";
import { part, textIn } from "./page-parts.ts";
import { connect, type TimelineActions } from "./timeline-controls.ts";

export class Timeline implements TimelineActions {
  readonly #section: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #tip: HTMLElement;
  readonly #surface: CanvasSurface;
  readonly #trials: readonly { readonly run: number; readonly trial: PageTrial }[];
  #chosen = 0;
  #view: TrialView;
  #episode: Episode | null = null;
  readonly #camera = new Camera();
  #scroll = 0;
  #mark: number | null = null;
  /** The event that the keys have stepped to. */
  #event: number | null = null;
  #message = "";
  readonly #tellMoved: () => void;
  #frame = 0;
  #telling: ReturnType<typeof setTimeout> | undefined;
  /** The last picture, and the lanes until others are selected. */
  #picture: Picture | undefined;
  #lanes: { readonly key: string; readonly lanes: Lanes } | undefined;

  /** @param moved is told when another failover, trial or moment is shown */
  constructor(section: HTMLElement, runs: readonly PageRun[], moved: () => void) {
    this.#tellMoved = moved;
    this.#section = section;
    this.#canvas = part(section, "canvas", HTMLCanvasElement);
    this.#tip = part(section, "tip", HTMLElement);
    this.#surface = new CanvasSurface(this.#canvas);
    this.#trials = runs.flatMap(({ trials }, run) => trials.map((trial) => ({ run, trial })));
    const [first] = this.#trials;
    if (first === undefined) throw new Error("there is no trial to draw");
    this.#view = first.trial.view();
    this.#fillSelect(runs);
    connect(section, this.#canvas, this);
    part(section, "stage", HTMLElement).parentElement?.removeAttribute("hidden");
    section.classList.add("is-live");
    this.#choose(0);
    const start = this.#view.episodes.find(({ failover }) => failover > 0);
    if (start !== undefined) this.#show(start);
  }

  get place(): TimelinePlace {
    const { run, trial } = this.#trials[this.#chosen] ?? { run: 0, trial: null };
    const failover = this.#episode?.failover ?? null;
    return { run, trial: trial?.packed.header.trial ?? 1, failover, at: this.#mark };
  }

  /** Shows what an address names, if the page has it; it marks a moment. */
  open({ run, trial, failover, at }: TimelinePlace): void {
    const chosen = this.#trials.findIndex(
      (candidate) => candidate.run === run && candidate.trial.packed.header.trial === trial,
    );
    const view = this.#trials[chosen]?.trial.view();
    const episode = view?.episodes.find((one) => one.failover === failover);
    // With a moment the failover is only a comment.
    if (view === undefined || (failover !== null && at === null && episode === undefined)) return;
    this.#choose(chosen);
    if (at !== null) this.#seek(at);
    else if (episode !== undefined) this.#show(episode);
    this.#section.scrollIntoView({ block: "start" });
    this.#canvas.focus({ preventScroll: true });
  }

  #seek(at: number): void {
    this.#mark = at;
    const episode = episodeAt(this.#view.episodes, at);
    if (episode === undefined) this.#look(at - 5e6, at + 5e6);
    else {
      this.#show(episode);
      const { from, to, span } = this.#camera;
      // Late and early moments are shown closely, instead of everything in between.
      if (at > to + span || at < from) this.#look(at - 5e6, at + 5e6);
      else if (at > to) this.#look(from, at + 0.1 * (at - from));
    }
    if (at > this.#view.finish) this.#message = "This moment is not in the page; history.jsonl.gz has it.";
  }

  #fillSelect(runs: readonly PageRun[]): void {
    const select = part(this.#section, "trial", HTMLSelectElement);
    this.#trials.forEach(({ run, trial: { packed } }, index) => {
      const name = `${packed.header.trial}: ${trialName(packed)}`;
      const option = textIn("option", runs.length > 1 ? `run ${run + 1}, trial ${name}` : name);
      option.setAttribute("value", String(index));
      select.append(option);
    });
    select.addEventListener("change", () => {
      this.#choose(Number(select.value));
      const first = this.#view.episodes.find(({ failover }) => failover > 0);
      if (first !== undefined) this.#show(first);
    });
  }

  relane(): void {
    this.#scroll = 0;
    this.#draw();
  }

  resize(): void {
    this.#draw();
  }

  recolour(): void {
    this.#surface.forgetColours();
    this.#draw();
  }

  /** The number of servers with a lane. */
  get #servers(): number {
    return this.#view.servers?.courses.length ?? 0;
  }

  // Which trial, which failover

  #choose(index: number): void {
    const entry = this.#trials[index];
    if (entry === undefined) return;
    this.#chosen = index;
    this.#view = entry.trial.view();
    this.#camera.within(this.#view.begin, this.#view.finish);
    part(this.#section, "trial", HTMLSelectElement).value = String(index);
    for (const name of ["term-key", "lapsed-key"]) {
      const key = part(this.#section, "legend", HTMLElement).querySelector(`[data-part="${name}"]`);
      if (key instanceof HTMLElement) key.style.background = `var(--${schemeInk(this.#view.header.scheme)})`;
    }
    part(this.#section, "violation", HTMLButtonElement).disabled = this.#violation() === undefined;
    this.whole();
  }

  #show(episode: Episode): void {
    this.#episode = episode;
    this.#scroll = 0;
    const { from, to } = closeUp(episode);
    this.#look(from, to);
  }

  whole(): void {
    this.#episode = null;
    this.#mark = null;
    this.#scroll = 0;
    this.#camera.whole();
    this.#moved();
  }

  fit(): void {
    if (this.#episode === null) this.whole();
    else this.#show(this.#episode);
  }

  /** The keys skip warm-ups, which can still be reached by panning. */
  step(by: 1 | -1): void {
    const counted = this.#view.episodes.filter(({ failover }) => failover > 0);
    const here = this.#episode?.at ?? (by === 1 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
    const next = by === 1 ? counted.find(({ at }) => at > here) : counted.findLast(({ at }) => at < here);
    if (next === undefined) return;
    this.#mark = null;
    this.#show(next);
  }

  /** The current trial's; else that of the first trial of any run that has one. */
  #violation(): { entry: { run: number; trial: PageTrial }; at: number; message: string } | undefined {
    const shown = this.#trials[this.#chosen];
    for (const entry of shown === undefined ? [] : [shown, ...this.#trials]) {
      const [first] = violationsOf(entry.trial.result);
      if (first !== undefined) return { entry, ...first };
    }
    return undefined;
  }

  firstViolation(): void {
    const violation = this.#violation();
    if (violation === undefined) return;
    const { entry, at, message } = violation;
    this.open({ run: entry.run, trial: entry.trial.packed.header.trial, failover: null, at });
    this.#message = `Violation: ${message}`;
    this.#draw();
  }

  // Which stretch of time

  #look(from: number, to: number): void {
    this.#camera.look(from, to);
    this.#moved();
  }

  zoom(factor: number, x = this.#canvas.clientWidth / 2): void {
    this.#camera.zoom(factor, x, this.#scale());
    this.#moved();
  }

  pan(right: number, down: number): void {
    const room = this.#currentLanes().height + 8 - (this.#canvas.clientHeight - HEAD_HEIGHT);
    this.#scroll = Math.max(0, Math.min(room, this.#scroll - down));
    this.#camera.pan(right, this.#scale());
    this.#moved();
  }

  /** Texts about the former view no longer apply. */
  #moved(): void {
    this.#message = "";
    this.#tellMoved();
    this.#event = null;
    this.leave();
    this.#draw();
  }

  // Single events

  point(x: number, y: number): void {
    if (this.#picture === undefined) return;
    const index = nearestEvent(this.#picture, x, y);
    const server = serverAt(this.#picture, y);
    if (index !== null) showTip(this.#tip, this.#view, index, { x, y });
    else if (server !== undefined)
      showServer(this.#tip, this.#view, server, timeAt(this.#picture.scale, x), { x, y });
    else this.leave();
  }

  leave(): void {
    this.#tip.hidden = true;
  }

  stepEvent(by: 1 | -1): void {
    const { columns } = this.#view;
    const start = this.#event ?? firstFrom(columns.at, this.#camera.from) - (by === 1 ? 1 : 0);
    let index = start + by;
    const shown = (i: number) => {
      const candidate = columns.candidate[i] ?? -1;
      return candidate < 0 || this.#currentLanes().of.has(candidate);
    };
    while (index >= 0 && index < columns.length && !shown(index)) index += by;
    const at = columns.at[index];
    if (at === undefined) return;
    const { from, to, span } = this.#camera;
    if (at < from || at > to) this.#look(at - span / 2, at + span / 2);
    this.#event = index;
    this.#paint();
    const lane = this.#currentLanes().of.get(columns.candidate[index] ?? -1);
    const y = lane === undefined ? HEAD_HEIGHT : placeOf(lane, this.#scroll).y;
    showTip(this.#tip, this.#view, index, { x: xOf(this.#scale(), at), y });
    this.#message = [...this.#tip.children].map(({ textContent }) => textContent).join("; ");
    this.#tell();
  }

  // Drawing

  /** Few lanes need no tall canvas. */
  #fullHeight(): number {
    const { candidates } = this.#view.header;
    const few = this.#episode !== null && part(this.#section, "involved", HTMLInputElement).checked;
    const involved = (this.#episode?.notified.length ?? 0) + (this.#episode?.told.length ?? 0);
    const lanes = few ? Math.min(candidates, involved) : candidates;
    return HEAD_HEIGHT + 8 + fullHeight({ candidates: lanes, servers: this.#servers });
  }

  #scale(): TimeScale {
    const left = this.#canvas.clientWidth < 500 ? 70 : 78;
    return { from: this.#camera.from, to: this.#camera.to, left, width: this.#canvas.clientWidth - left - 6 };
  }

  #currentLanes(): Lanes {
    const choice = {
      candidates: this.#view.header.candidates,
      servers: this.#servers,
      episode: this.#episode,
      involvedOnly: part(this.#section, "involved", HTMLInputElement).checked,
      tall: part(this.#section, "tall", HTMLInputElement).checked,
      height: this.#canvas.clientHeight - HEAD_HEIGHT - 8,
    };
    const key = JSON.stringify([this.#chosen, { ...choice, episode: choice.episode?.at }]);
    if (this.#lanes?.key !== key) this.#lanes = { key, lanes: lanesOf(choice) };
    return this.#lanes.lanes;
  }

  /** Draws in the next frame, however often this is called until then. */
  #draw(): void {
    this.#tell();
    this.#canvas.style.maxHeight = `${this.#fullHeight()}px`;
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint(): void {
    const { width, height } = this.#surface.resize();
    if (width === 0) return;
    const lanes = this.#currentLanes();
    this.#picture = {
      view: this.#view,
      scale: this.#scale(),
      lanes,
      scroll: this.#scroll,
      width,
      height,
      episode: this.#episode,
      mark: this.#mark,
    };
    const scrolls = lanes.height > height - HEAD_HEIGHT;
    this.#canvas.style.touchAction = scrolls ? "none" : "pan-y";
    drawTimeline(this.#surface, this.#picture);
    this.#updateButtons();
  }

  #updateButtons(): void {
    const counted = this.#view.episodes.filter(({ failover }) => failover > 0);
    const here = this.#episode;
    const button = (name: string) => part(this.#section, name, HTMLButtonElement);
    button("previous").disabled = here === null ? counted.length === 0 : counted[0] === here;
    button("next").disabled = counted.length === 0 || counted.at(-1) === here;
    part(this.#section, "involved", HTMLInputElement).disabled = here === null;
  }

  /**
   * Describes the view when it has come to rest, so that screen readers are not interrupted by each movement.
   */
  #tell(): void {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => {
      part(this.#section, "summary", HTMLElement).textContent = this.#sentence();
    }, 150);
  }

  #sentence(): string {
    if (this.#event !== null) return `${this.#message}.`;
    const start =
      this.#episode === null ? trialSentence(this.#view) : failoverSentence(this.#episode, this.#view);
    const message = this.#message === "" ? "" : ` ${this.#message.replace(/\.?$/, ".")}`;
    return `${start}${message} Shown: ${duration(this.#camera.span)}.`;
  }
}
