/// <reference lib="dom" />
/**
 * The live timeline: which trial, and which one below it on the same axis; which stretch of them, which lanes;
 * and everything that moves them.
 */

import type { TimelinePlace } from "../address.ts";
import { schemeInk } from "../scheme-style.ts";
import { type Axis, axisOf, type Scene } from "../timeline/axis.ts";
import { comparableWith, counterpartOf } from "../timeline/counterpart.ts";
import { type Episode, episodeAt } from "../timeline/episode.ts";
import { shownOf } from "../timeline/time-scale.ts";
import { trialName } from "../timeline/timeline-words.ts";
import { type TrialView, violationsOf } from "../timeline/trial-view.ts";
import { Camera } from "./camera.ts";
import type { PageRun, PageTrial } from "./page-data.ts";
import { part, textIn } from "./page-parts.ts";
import { connect, type TimelineActions } from "./timeline-controls.ts";
import { type LaneLook, type Shown, TimelinePanel } from "./timeline-panel.ts";

interface Entry {
  readonly run: number;
  readonly trial: PageTrial;
}

const toldOf = ({ trial }: Entry) => trial.packed;

export class Timeline implements TimelineActions {
  readonly #section: HTMLElement;
  readonly #entries: readonly Entry[];
  readonly #above: TimelinePanel;
  readonly #below: TimelinePanel;
  readonly #camera = new Camera();
  readonly #tellMoved: () => void;
  #chosen: Entry;
  /** The one below it. */
  #other: Entry | null = null;
  #episode: Episode | null = null;
  #mark: number | null = null;
  #message = "";
  #frame = 0;
  /** Whether somebody wants to see one trial alone. */
  #isAlone = false;
  #opening: Axis = { cuts: [], from: 0, to: 1 };

  /** @param moved is told when another failover, trial or moment is shown */
  constructor(section: HTMLElement, runs: readonly PageRun[], moved: () => void) {
    this.#section = section;
    this.#tellMoved = moved;
    this.#above = new TimelinePanel(part(section, "above", HTMLElement), true);
    this.#below = new TimelinePanel(part(section, "below", HTMLElement), false);
    this.#entries = runs.flatMap(({ trials }, run) => trials.map((trial) => ({ run, trial })));
    const [first] = this.#entries;
    if (first === undefined) throw new Error("there is no trial to draw");
    this.#chosen = first;
    this.#fillSelects();
    connect(section, [this.#above, this.#below], this);
    part(section, "live", HTMLElement).hidden = false;
    section.classList.add("is-live");
    this.#choose(first);
    this.#show(this.#counted[0] ?? null);
  }

  get place(): TimelinePlace {
    const placeOf = ({ run, trial }: Entry) => ({ run, trial: trial.packed.header.trial });
    return {
      ...placeOf(this.#chosen),
      failover: this.#episode?.failover ?? null,
      at: this.#mark,
      beside: this.#other && placeOf(this.#other),
    };
  }

  /** Shows what an address names, if the page has it. */
  open({ run, trial, failover, at, beside }: TimelinePlace): void {
    const entry = this.#entries.find((one) => one.run === run && one.trial.packed.header.trial === trial);
    const episodes = entry?.trial.view().episodes ?? [];
    const episode = at === null ? episodes.find((one) => one.failover === failover) : episodeAt(episodes, at);
    if (entry === undefined || (failover !== null && at === null && episode === undefined)) return;
    if (at === null && beside !== undefined) this.#isAlone = beside === null;
    this.#choose(entry);
    const named = this.#comparable.find(
      (one) => one.run === beside?.run && one.trial.packed.header.trial === beside.trial,
    );
    // A moment is one trial's alone.
    if (named !== undefined || at !== null) this.#setOther(named ?? null);
    this.#mark = at;
    this.#show(episode ?? null);
    if (at !== null && at > this.#view.finish)
      this.#say("This moment is not in the page; history.jsonl.gz has it.");
    this.#section.scrollIntoView({ block: "start" });
    this.#above.canvas.focus({ preventScroll: true });
  }

  // Which trials, which failover

  get #view(): TrialView {
    return this.#chosen.trial.view();
  }

  /** The keys skip warm-ups, which can still be reached by panning. */
  get #counted(): Episode[] {
    return this.#view.episodes.filter(({ failover }) => failover > 0);
  }

  get #comparable(): Entry[] {
    return comparableWith(this.#entries, this.#chosen, toldOf);
  }

  #nameOf({ run, trial: { packed } }: Entry): string {
    const name = `${packed.header.trial}: ${trialName(packed)}`;
    return this.#entries.some((one) => one.run !== run) ? `run ${run + 1}, trial ${name}` : name;
  }

  #fillSelects(): void {
    const select = part(this.#section, "trial", HTMLSelectElement);
    select.append(...this.#entries.map((entry, index) => option(this.#nameOf(entry), index)));
    select.addEventListener("change", () => {
      const entry = this.#entries[Number(select.value)];
      if (entry === undefined) return;
      this.#choose(entry);
      this.#show(this.#counted[0] ?? null);
    });
    const other = part(this.#section, "other", HTMLSelectElement);
    other.addEventListener("change", () => {
      this.#setOther(this.#entries[Number(other.value)] ?? null);
      this.#isAlone = this.#other === null;
      this.#show(this.#episode);
    });
  }

  #choose(entry: Entry): void {
    this.#chosen = entry;
    this.#mark = null;
    part(this.#section, "trial", HTMLSelectElement).value = String(this.#entries.indexOf(entry));
    const others = this.#comparable;
    part(this.#section, "beside", HTMLElement).hidden = others.length === 0;
    part(this.#section, "other", HTMLSelectElement).replaceChildren(
      option("nothing", -1),
      ...others.map((one) => option(this.#nameOf(one), this.#entries.indexOf(one))),
    );
    part(this.#section, "violation", HTMLButtonElement).disabled = this.#violation() === undefined;
    this.#setOther(this.#isAlone ? null : (counterpartOf(this.#entries, entry, toldOf) ?? null));
  }

  #setOther(entry: Entry | null): void {
    this.#other = entry;
    const index = entry === null ? -1 : this.#entries.indexOf(entry);
    part(this.#section, "other", HTMLSelectElement).value = String(index);
    this.#section.classList.toggle("is-pair", entry !== null);
    const inks = [this.#chosen, entry ?? this.#chosen].map(({ trial: { packed } }) =>
      schemeInk(packed.header.scheme),
    );
    for (const name of ["term-key", "lapsed-key"]) {
      const key = this.#section.querySelector(`[data-part="${name}"]`);
      if (key instanceof HTMLElement)
        key.style.background = `linear-gradient(90deg, var(--${inks[0]}) 50%, var(--${inks[1]}) 0)`;
    }
  }

  /** The failover of the upper trial, over that of the same number; or both whole. */
  #show(episode: Episode | null): void {
    this.#episode = episode;
    const other = this.#other?.trial.view();
    const same = other?.episodes.find(({ failover }) => failover === episode?.failover);
    const scenes: Scene[] = [{ view: this.#view, episode, mark: this.#mark }];
    if (other !== undefined && episode === null) scenes.push({ view: other, episode, mark: null });
    if (other !== undefined && same !== undefined) scenes.push({ view: other, episode: same, mark: null });
    this.#opening = axisOf(scenes);
    const shown = scenes.map((scene, index): Shown => ({ ...scene, cuts: this.#opening.cuts[index] ?? [] }));
    this.#above.show(shown[0]);
    this.#below.show(shown[1]);
    const bounds = shown.map(boundsOf);
    this.#camera.within(Math.min(...bounds.map(({ from }) => from)), Math.max(...bounds.map(({ to }) => to)));
    this.#tellMoved();
    this.fit();
  }

  whole(): void {
    this.#unmark();
    this.#show(null);
  }

  #unmark(): void {
    if (this.#mark !== null) this.#choose(this.#chosen);
  }

  fit(): void {
    this.#look(this.#opening.from, this.#opening.to);
  }

  step(by: 1 | -1): void {
    const here = this.#episode?.at ?? (by === 1 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
    const next =
      by === 1 ? this.#counted.find(({ at }) => at > here) : this.#counted.findLast(({ at }) => at < here);
    if (next === undefined) return;
    this.#unmark();
    this.#show(next);
  }

  /** The current trial's; else that of the first trial of any run that has one. */
  #violation(): { entry: Entry; at: number; message: string } | undefined {
    for (const entry of [this.#chosen, ...this.#entries]) {
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
    this.#say(`Violation: ${message}`);
  }

  // Which stretch of time

  #look(from: number, to: number): void {
    this.#camera.look(from, to);
    this.#moved();
  }

  zoom(factor: number, x = this.#above.left + this.#above.width / 2): void {
    const { left, width } = this.#above;
    this.#camera.zoom(factor, x, { from: this.#camera.from, to: this.#camera.to, left, width });
    this.#moved();
  }

  pan(panel: TimelinePanel, right: number, down: number): void {
    panel.scrollBy(down);
    this.#camera.pan(right, this.#above.width);
    this.#moved();
  }

  #moved(): void {
    this.#message = "";
    for (const panel of [this.#above, this.#below]) panel.forget();
    this.draw();
  }

  stepEvent(panel: TimelinePanel, by: 1 | -1): void {
    const event = panel.eventBeside(by);
    if (event === undefined) return;
    const { from, to, span } = this.#camera;
    if (event.at < from || event.at > to) {
      this.#camera.look(event.at - span / 2, event.at + span / 2);
      this.#paint();
    }
    panel.tellEvent(event.index);
  }

  // Which lanes

  unfold(): void {
    const box = part(this.#section, "asleep", HTMLInputElement);
    box.checked = !box.checked;
    this.draw();
  }

  get #lanes(): LaneLook {
    return {
      unfolded: part(this.#section, "asleep", HTMLInputElement).checked,
      tall: part(this.#section, "tall", HTMLInputElement).checked,
    };
  }

  // Drawing

  #say(message: string): void {
    this.#message = message;
    this.draw();
  }

  recolour(): void {
    for (const panel of [this.#above, this.#below]) panel.recolour();
    this.draw();
  }

  /** Draws in the next frame, however often this is called until then. */
  draw(): void {
    for (const panel of [this.#above, this.#below]) panel.fit(this.#lanes);
    this.#above.tell(this.#message);
    this.#below.tell();
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint(): void {
    for (const panel of [this.#above, this.#below]) panel.paint(this.#camera, this.#lanes);
    const here = this.#episode;
    const button = (name: string) => part(this.#section, name, HTMLButtonElement);
    button("previous").disabled = here === null ? this.#counted.length === 0 : this.#counted[0] === here;
    button("next").disabled = this.#counted.length === 0 || this.#counted.at(-1) === here;
    part(this.#section, "asleep", HTMLInputElement).disabled = here === null;
  }
}

/** A trial's time as the camera counts it: from the strike, without what is cut out. */
function boundsOf({ view, episode, cuts }: Shown): { from: number; to: number } {
  const origin = episode?.at ?? view.begin;
  return { from: view.begin - origin, to: shownOf(view.finish, cuts) - origin };
}

function option(name: string, value: number): HTMLElement {
  const element = textIn("option", name);
  element.setAttribute("value", String(value));
  return element;
}
