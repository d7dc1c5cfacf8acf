/// <reference lib="dom" />
/** One line on the page. Boxes and arrows keep their elements as long as they last, so that they can move. */

import { textIn } from "../../report/client/page-parts.ts";
import { svgElement } from "../../report/client/svg-element.ts";
import { svg } from "../../report/svg.ts";
import {
  type ArrowLook,
  type Box,
  type Curve,
  type Fold,
  type Lane,
  laneOf,
  type Spacing,
  watcherAt,
} from "../lane.ts";
import type { Member, Side } from "../side.ts";
import { foldWords, memberTip, memberWords, nameOf, stateWord, watchTip } from "../words.ts";

const CROWN = "M1 11 0 2.5 4 6 7 0l3 6 4-3.5L13 11Z";

interface BoxElements {
  readonly item: HTMLLIElement;
  readonly button: HTMLButtonElement;
  /** What the box says to somebody who does not see it. */
  readonly says: HTMLElement;
  readonly word: HTMLElement;
  readonly lease: HTMLElement;
}

interface FoldElements {
  readonly item: HTMLLIElement;
  /** What the fold says to somebody who does not see it. */
  readonly says: HTMLElement;
  readonly cells: HTMLElement;
}

const arrowLooks = ["armed", "again", "fired"] as const satisfies readonly ArrowLook[];

/** What has not changed since it was drawn is left alone: a line may have hundreds of members. */
export class LaneView {
  readonly #track: HTMLElement;
  readonly #list: HTMLElement;
  readonly #arrows: SVGElement;
  readonly #items: HTMLOListElement;
  readonly #boxes = new Map<number, BoxElements>();
  readonly #folds: FoldElements[] = [];
  /** What is drawn now. */
  #lane: Lane | undefined;
  #believers: ReadonlySet<number> = new Set();
  #now = 0;
  /** What a lease is worth at most, in nanoseconds. */
  readonly #leaseNs: number;
  readonly #drawn = new Map<string, SVGElement>();
  readonly #bundles: ReadonlyMap<ArrowLook, SVGElement>;
  readonly #select: (sequence: number) => void;

  /**
   * @param leaseNs what a lease is worth at most, in nanoseconds
   * @param select is called when somebody chooses the box of this sequence
   */
  constructor(track: HTMLElement, label: string, leaseNs: number, select: (sequence: number) => void) {
    this.#leaseNs = leaseNs;
    this.#track = track;
    this.#select = select;
    this.#arrows = svgElement(svg("svg", { class: "arrows", "aria-hidden": "true" }));
    this.#bundles = new Map(
      arrowLooks.map((look) => {
        const paths = ["way", "head"].map((name) => svg("path", { class: name }));
        const group = svgElement(svg("g", { class: `arrow bundle ${look}` }, ...paths));
        this.#arrows.append(group);
        return [look, group];
      }),
    );
    this.#items = document.createElement("ol");
    this.#items.className = "boxes";
    this.#items.setAttribute("aria-label", label);
    this.#list = document.createElement("span");
    this.#list.className = "list";
    this.#list.textContent = "list";
    this.#track.replaceChildren(this.#arrows, this.#list, this.#items);
  }

  /**
   * @param selected the sequence of the chosen box
   * @param now the side's own time, for its leases
   */
  draw(side: Side, spacing: Spacing, shift: number, selected: number | undefined, now: number): void {
    const lane = laneOf(side, spacing, shift, openOf(side, selected));
    this.#lane = lane;
    this.#believers = new Set(side.believers.map(({ sequence }) => sequence));
    this.#now = now;
    const { style } = this.#track;
    style.setProperty("--rise", `${lane.rise}px`);
    style.setProperty("--box", `${lane.boxWidth}px`);
    style.width = `${lane.width}px`;
    this.#track.classList.toggle("is-narrow", spacing.pitch < 44);
    this.#track.classList.toggle("is-tight", spacing.pitch < 74);
    this.#track.classList.toggle("is-folded", spacing.folded !== null);
    setAttribute(this.#arrows, "width", String(lane.width));
    setAttribute(this.#arrows, "height", String(lane.rise));
    this.#list.hidden = lane.list === null;
    this.#drawArrows(lane);
    this.#drawBoxes(lane, selected);
    this.#drawFolds(lane.folds);
  }

  /**
   * What is to be said of a part of the track.
   * @param point where the pointer is in the window, in pixels
   */
  wordsAt(
    target: Element,
    point: { readonly x: number; readonly y: number } | undefined,
  ): string | undefined {
    if (this.#lane === undefined || !this.#track.contains(target)) return undefined;
    const member = this.#memberOf(target, this.#lane);
    if (member !== undefined) return memberTip(member, this.#believers.has(member.sequence), this.#now);
    if (target === this.#list)
      return "The list of all entries: whoever watches it is woken whenever one comes or goes.";
    if (point === undefined) return undefined;
    const { left, top } = this.#track.getBoundingClientRect();
    const watcher = watcherAt(this.#lane, point.x - left, point.y - top);
    return watcher === undefined ? undefined : watchTip(watcher);
  }

  #memberOf(target: Element, { boxes, folds }: Lane): Member | undefined {
    const item = target.closest("li");
    const box = boxes.find(({ member }) => this.#boxes.get(member.sequence)?.item === item);
    if (box !== undefined) return box.member;
    const fold = this.#folds.findIndex((one) => one.item === item);
    const cell = fold === -1 ? -1 : [...(this.#folds[fold]?.cells.children ?? [])].indexOf(target);
    return folds[fold]?.members[cell];
  }

  focus(sequence: number): void {
    this.#boxes.get(sequence)?.button.focus();
  }

  #drawArrows({ arrows, bundles }: Lane): void {
    for (const [look, group] of this.#bundles) drawCurve(group, bundles[look]);
    const wanted = new Set(arrows.map(({ key }) => key));
    for (const [key, element] of this.#drawn)
      if (!wanted.has(key)) {
        element.remove();
        this.#drawn.delete(key);
      }
    for (const { key, look, path, head } of arrows) {
      const before = this.#drawn.get(key);
      if (before !== undefined) {
        drawCurve(before, { path, head });
        continue;
      }
      const group = svgElement(
        svg(
          "g",
          { class: `arrow ${look}` },
          svg("path", { class: "way", d: path, pathLength: 1 }),
          svg("path", { class: "head", d: head }),
        ),
      );
      this.#drawn.set(key, group);
      this.#arrows.append(group);
    }
  }

  #drawBoxes({ boxes }: Lane, selected: number | undefined): void {
    const wanted = new Set(boxes.map(({ member }) => member.sequence));
    for (const [sequence, { item }] of this.#boxes)
      if (!wanted.has(sequence)) {
        item.remove();
        this.#boxes.delete(sequence);
      }
    for (const box of boxes) this.#drawBox(box, this.#believers.has(box.member.sequence), selected);
  }

  #drawBox({ member, x }: Box, believes: boolean, selected: number | undefined): void {
    const { sequence } = member;
    const { item, button, says, word, lease } = this.#boxes.get(sequence) ?? this.#newBox(member);
    item.style.transform = `translateX(${x}px)`;
    setClass(button, `box ${looksOf(member, believes)}`);
    write(says, `, ${memberWords(member, believes)}`);
    setAttribute(button, "aria-pressed", String(sequence === selected));
    button.tabIndex = sequence === selected ? 0 : -1;
    button.disabled = !member.stands;
    write(word, stateWord(member, believes));
    const left = leftOf(member, this.#now, this.#leaseNs);
    lease.hidden = left === undefined;
    if (left !== undefined) lease.style.setProperty("--left", left.toFixed(3));
  }

  #drawFolds(folds: readonly Fold[]): void {
    while (this.#folds.length > folds.length) this.#folds.pop()?.item.remove();
    folds.forEach((fold, index) => {
      const { item, says, cells } = this.#folds[index] ?? this.#newFold(index);
      item.style.transform = `translateX(${fold.x}px)`;
      cells.style.setProperty("--rows", String(fold.rows));
      cells.style.setProperty("--cell", `${fold.cell}px`);
      write(says, foldWords(fold.members));
      while (cells.childElementCount > fold.members.length) cells.lastElementChild?.remove();
      while (cells.childElementCount < fold.members.length) cells.append(document.createElement("i"));
      let cell = cells.firstElementChild;
      for (const member of fold.members) {
        if (cell === null) return;
        setClass(cell, looksOf(member, false));
        cell = cell.nextElementSibling;
      }
    });
  }

  #newFold(index: number): FoldElements {
    const item = document.createElement("li");
    item.className = "fold";
    const says = unseen("");
    const cells = document.createElement("div");
    cells.className = "cells";
    cells.setAttribute("aria-hidden", "true");
    cells.addEventListener("click", ({ target }) => {
      const cell = target instanceof Element ? [...cells.children].indexOf(target) : -1;
      const member = this.#lane?.folds[index]?.members[cell];
      if (member?.stands) this.#select(member.sequence);
    });
    item.append(says, cells);
    this.#items.append(item);
    const elements = { item, says, cells };
    this.#folds.push(elements);
    return elements;
  }

  #newBox({ sequence, candidate }: Member): BoxElements {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    const name = document.createElement("b");
    name.textContent = nameOf(sequence);
    const number = document.createElement("small");
    const says = unseen("");
    number.append(unseen(", candidate "), String(candidate), says);
    const crown = svgElement(
      svg("svg", { class: "crown", viewBox: "0 0 14 12", "aria-hidden": "true" }, svg("path", { d: CROWN })),
    );
    button.append(crown, name, number);
    button.addEventListener("click", () => this.#select(sequence));
    const word = document.createElement("span");
    word.className = "word";
    word.setAttribute("aria-hidden", "true");
    const lease = document.createElement("span");
    lease.className = "lease";
    item.append(button, word, lease);
    this.#items.append(item);
    const elements = { item, button, says, word, lease };
    this.#boxes.set(sequence, elements);
    return elements;
  }
}

function unseen(text: string): HTMLElement {
  const element = textIn("span", text);
  element.className = "unseen";
  return element;
}

/** Who stands in full wherever it is: the chosen one, and those that the scene has struck. */
function openOf({ scene, members }: Side, selected: number | undefined): Set<number> {
  const struck = members.filter(({ candidate }) => scene?.struck.includes(candidate));
  return new Set([...(selected === undefined ? [] : [selected]), ...struck.map(({ sequence }) => sequence)]);
}

function looksOf(member: Member, believes: boolean): string {
  const { leads, stands, trouble, wake, inVain, session } = member;
  const classes = [
    leads && "leads",
    believes && "believes",
    !stands && "is-gone",
    session === "suspended" && trouble === null && "unsure",
    trouble,
    wake !== "asleep" && wake,
    inVain && "in-vain",
  ];
  return classes.filter((one) => typeof one === "string").join(" ");
}

/** @param group an element with a path for the way, and one for the head */
function drawCurve(group: SVGElement, { path, head }: Curve): void {
  setAttribute(group.firstElementChild, "d", path);
  setAttribute(group.lastElementChild, "d", head);
}

function setClass(element: Element, name: string): void {
  if (element.className !== name) element.className = name;
}

function setAttribute(element: Element | null, name: string, value: string): void {
  if (element?.getAttribute(name) !== value) element?.setAttribute(name, value);
}

function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** The share of a lease that is left, where somebody may not know that it runs down. */
function leftOf({ trouble, term }: Member, now: number, leaseNs: number): number | undefined {
  if (trouble === null || trouble === "dead" || term === null || term.until !== null) return undefined;
  if (term.leaseUntil === null) return undefined;
  return Math.max(0, Math.min(1, (term.leaseUntil - now) / leaseNs));
}
