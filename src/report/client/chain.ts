/// <reference lib="dom" />
/** The live chain: trials side by side, in the same step. */

import { eventsOf } from "../../history/columns.ts";
import { type ChainPlace, failoverIn } from "../address.ts";
import { chainOf, type Chain as Line, typicalEpisode } from "../chain/chain.ts";
import { chainFigure } from "../chain/chain-figure.ts";
import { type ChainGroup, chainGroups } from "../chain/chain-groups.ts";
import { stepNames, stepSentence, stepTitles } from "../chain/chain-steps.ts";
import { failoverOf } from "../wording.ts";
import type { PageRun, PageTrial } from "./page-data.ts";
import { part, textIn } from "./page-parts.ts";
import { svgElement } from "./svg-element.ts";

const STEP_MS = 2200;

interface Shown {
  readonly run: number;
  readonly trial: PageTrial;
}

export class Chain {
  readonly #section: HTMLElement;
  readonly #groups: readonly ChainGroup<Shown>[];
  readonly #steps: readonly HTMLButtonElement[];
  #lines: readonly { readonly shown: Shown; readonly line: Line }[] = [];
  #group = 0;
  #step = 0;
  readonly #moved: () => void;
  #playing: ReturnType<typeof setInterval> | undefined;

  constructor(section: HTMLElement, runs: readonly PageRun[], moved: () => void) {
    this.#section = section;
    this.#moved = moved;
    const named = runs.map(({ trials }, run) => ({
      run,
      groups: chainGroups(
        trials.map((trial) => ({ run, trial })),
        ({ trial }) => trial.packed.header,
      ),
    }));
    this.#groups = named.flatMap(({ run, groups }) =>
      groups.map((group) => (runs.length > 1 ? { ...group, name: `run ${run + 1}: ${group.name}` } : group)),
    );
    this.#steps = stepNames.map((step, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = stepTitles[step];
      button.addEventListener("click", () => this.#go(index));
      return button;
    });
    part(section, "steps", HTMLElement).append(...this.#steps);
    this.#listen();
    this.#choose(0);
    section.classList.add("is-live");
    part(section, "controls", HTMLElement).hidden = false;
    part(section, "choice", HTMLElement).hidden = this.#groups.length < 2;
  }

  #listen(): void {
    const select = part(this.#section, "group", HTMLSelectElement);
    this.#groups.forEach(({ name }, index) => {
      const option = textIn("option", name);
      option.setAttribute("value", String(index));
      select.append(option);
    });
    select.addEventListener("change", () => this.#choose(Number(select.value)));
    part(this.#section, "back", HTMLButtonElement).addEventListener("click", () => this.#go(this.#step - 1));
    part(this.#section, "next", HTMLButtonElement).addEventListener("click", () => this.#go(this.#step + 1));
    part(this.#section, "play", HTMLButtonElement).addEventListener("click", () => this.#play());
  }

  get place(): ChainPlace {
    return { group: this.#group, step: stepNames[this.#step] ?? "before" };
  }

  /** Shows a step, as an address names it. */
  open({ group, step }: ChainPlace): void {
    if (this.#groups[group] === undefined) return;
    part(this.#section, "group", HTMLSelectElement).value = String(group);
    if (group !== this.#group) this.#choose(group);
    this.#go(stepNames.indexOf(step));
    this.#section.scrollIntoView({ block: "start" });
  }

  #choose(index: number): void {
    this.#group = index;
    this.#lines = (this.#groups[index]?.trials ?? []).flatMap((shown) => {
      const { header, columns, episodes } = shown.trial.view();
      const episode = typicalEpisode(episodes);
      if (episode === undefined) return [];
      return [{ shown, line: chainOf({ header, events: eventsOf(columns) }, episode) }];
    });
    const figures = this.#lines.map(({ shown, line }) => figureOf(shown, line));
    if (figures.length > 0) part(this.#section, "figures", HTMLElement).replaceChildren(...figures);
    this.#go(0);
  }

  #go(step: number): void {
    this.#stop();
    this.#show(step);
  }

  #show(step: number): void {
    this.#step = Math.min(stepNames.length - 1, Math.max(0, step));
    const name = this.place.step;
    this.#moved();
    this.#steps.forEach((button, index) => {
      if (index === this.#step) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    });
    part(this.#section, "back", HTMLButtonElement).disabled = this.#step === 0;
    part(this.#section, "next", HTMLButtonElement).disabled = this.#step === stepNames.length - 1;
    const figures = this.#section.querySelectorAll("figure");
    this.#lines.forEach(({ line }, index) => {
      const figure = figures[index];
      figure?.querySelector("svg")?.replaceWith(svgElement(chainFigure(line, name)));
      const says = figure?.querySelector(".chain-says");
      if (says) says.textContent = stepSentence(line, name);
    });
  }

  #play(): void {
    if (this.#playing !== undefined) {
      this.#stop();
      return;
    }
    part(this.#section, "play", HTMLButtonElement).textContent = "Stop";
    this.#show(this.#step === stepNames.length - 1 ? 0 : this.#step + 1);
    this.#playing = setInterval(() => {
      this.#show(this.#step + 1);
      if (this.#step === stepNames.length - 1) this.#stop();
    }, STEP_MS);
  }

  #stop(): void {
    clearInterval(this.#playing);
    this.#playing = undefined;
    part(this.#section, "play", HTMLButtonElement).textContent = "Play";
  }
}

function figureOf({ run }: Shown, line: Line): HTMLElement {
  const { header, episode } = line;
  const caption = document.createElement("figcaption");
  const link = document.createElement("a");
  link.href = failoverIn({ run, trial: header.trial }, episode.failover);
  link.textContent = failoverOf(episode.failover, header);
  caption.append(
    textIn("b", header.scheme),
    document.createElement("br"),
    link,
    ", the one nearest to the median",
  );
  const says = textIn("p", "");
  says.className = "chain-says";
  says.setAttribute("aria-live", "polite");
  const figure = document.createElement("figure");
  figure.append(caption, svgElement(chainFigure(line, "before")), says);
  return figure;
}
