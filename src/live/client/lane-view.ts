/// <reference lib="dom" />
/** One line on the page. Boxes and arrows keep their elements as long as they last, so that they can move. */

import { textIn } from "../../report/client/page-parts.ts";
import { svgElement } from "../../report/client/svg-element.ts";
import { svg } from "../../report/svg.ts";
import { type Box, type Lane, laneOf } from "../lane.ts";
import type { Member, Side } from "../side.ts";
import { memberWords, nameOf, stateWord } from "../words.ts";

const CROWN = "M1 11 0 2.5 4 6 7 0l3 6 4-3.5L13 11Z";

interface BoxElements {
  readonly item: HTMLLIElement;
  readonly button: HTMLButtonElement;
  /** What the box says to somebody who does not see it. */
  readonly says: HTMLElement;
  readonly word: HTMLElement;
  readonly lease: HTMLElement;
}

export class LaneView {
  readonly #track: HTMLElement;
  readonly #list: HTMLElement;
  readonly #arrows: SVGElement;
  readonly #items: HTMLOListElement;
  readonly #boxes = new Map<number, BoxElements>();
  readonly #drawn = new Map<string, SVGElement>();
  readonly #select: (sequence: number) => void;

  /** @param select is called when somebody chooses the box of this sequence */
  constructor(track: HTMLElement, label: string, select: (sequence: number) => void) {
    this.#track = track;
    this.#select = select;
    this.#arrows = svgElement(svg("svg", { class: "arrows", "aria-hidden": "true" }));
    this.#items = document.createElement("ol");
    this.#items.className = "boxes";
    this.#items.setAttribute("aria-label", label);
    this.#list = document.createElement("span");
    this.#list.className = "list";
    this.#list.textContent = "list";
    this.#track.replaceChildren(this.#arrows, this.#list, this.#items);
  }

  /** @param now the side's own time, for its leases */
  draw(side: Side, pitch: number, shift: number, selected: number | undefined, now: number): void {
    const lane = laneOf(side, pitch, shift);
    const { style } = this.#track;
    style.setProperty("--rise", `${lane.rise}px`);
    style.setProperty("--box", `${lane.boxWidth}px`);
    style.width = `${lane.width}px`;
    this.#track.classList.toggle("is-narrow", pitch < 44);
    this.#arrows.setAttribute("width", String(lane.width));
    this.#arrows.setAttribute("height", String(lane.rise));
    this.#list.hidden = lane.list === null;
    this.#drawArrows(lane);
    this.#drawBoxes(lane, side, selected, now);
  }

  focus(sequence: number): void {
    this.#boxes.get(sequence)?.button.focus();
  }

  #drawArrows({ arrows }: Lane): void {
    const wanted = new Set(arrows.map(({ key }) => key));
    for (const [key, element] of this.#drawn)
      if (!wanted.has(key)) {
        element.remove();
        this.#drawn.delete(key);
      }
    for (const { key, look, path, head } of arrows) {
      const before = this.#drawn.get(key);
      if (before !== undefined) {
        before.firstElementChild?.setAttribute("d", path);
        before.lastElementChild?.setAttribute("d", head);
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

  #drawBoxes({ boxes }: Lane, side: Side, selected: number | undefined, now: number): void {
    const believers = new Set(side.believers.map(({ sequence }) => sequence));
    const wanted = new Set(boxes.map(({ member }) => member.sequence));
    for (const [sequence, { item }] of this.#boxes)
      if (!wanted.has(sequence)) {
        item.remove();
        this.#boxes.delete(sequence);
      }
    for (const box of boxes) this.#drawBox(box, believers.has(box.member.sequence), selected, now);
  }

  #drawBox({ member, x }: Box, believes: boolean, selected: number | undefined, now: number): void {
    const { sequence } = member;
    const { item, button, says, word, lease } = this.#boxes.get(sequence) ?? this.#newBox(member);
    item.style.transform = `translateX(${x}px)`;
    button.className = classesOf(member, believes);
    says.textContent = `, ${memberWords(member, believes)}`;
    button.setAttribute("aria-pressed", String(sequence === selected));
    button.tabIndex = sequence === selected ? 0 : -1;
    button.disabled = !member.stands;
    word.textContent = stateWord(member, believes);
    const left = leftOf(member, now);
    lease.hidden = left === undefined;
    if (left !== undefined) lease.style.setProperty("--left", left.toFixed(3));
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
    lease.title = "the lease of its term";
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

function classesOf(member: Member, believes: boolean): string {
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
  return ["box", ...classes.filter((one) => typeof one === "string")].join(" ");
}

/** The share of a lease that is left, where somebody may not know that it runs down. */
function leftOf({ trouble, term }: Member, now: number): number | undefined {
  if (trouble === null || trouble === "dead" || term === null || term.until !== null) return undefined;
  if (term.leaseUntil === null) return undefined;
  return Math.max(0, Math.min(1, (term.leaseUntil - now) / LEASE_NS));
}

/** About what a lease is worth when it is fresh: the session timeout less one tick. */
const LEASE_NS = 4e9;
