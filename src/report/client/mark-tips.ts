/// <reference lib="dom" />
/**
 * Tells the figures of a chart's mark: at once, and to a finger too, which a browser's own titles do not.
 * Those are taken away, so that nothing is said twice. A mark of one failover opens it, if it is told already:
 * a mouse tells it on its way, a finger taps twice, and arrow keys go from mark to mark.
 */
import { writeTip } from "./tip.ts";

/** How far beside a mark one may point, in pixels: few marks are larger than five. */
const REACH = { mouse: 8, touch: 24 } as const;
/** So close, a dot is meant and not the bar or box behind it. */
const CLOSE = 4;

interface Mark {
  readonly element: Element;
  readonly text: string;
  /** The failover that it stands for, as an address names it. */
  readonly opens: string | undefined;
}

const marks = new WeakMap<Element, readonly Mark[]>();

/** @param open shows a failover; without it, marks open nothing */
export function tellMarks(open: ((failover: string) => void) | undefined): void {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  let told: Mark | undefined;
  const opens = (mark: Mark | undefined) => (open === undefined ? undefined : mark?.opens);
  const tell = (drawing: Element | null, mark: Mark | undefined, atX: number) => {
    told?.element.classList.remove("told");
    told = mark;
    if (opens(mark) !== undefined) mark?.element.classList.add("told");
    tip.hidden = !mark;
    drawing?.classList.toggle("opens", opens(mark) !== undefined);
    if (!mark || !drawing) return;
    drawing.append(tip);
    const around = drawing.getBoundingClientRect();
    const box = mark.element.getBoundingClientRect();
    const [title = "", ...figures] = mark.text.split(": ");
    // A wide mark is told of where one points.
    const x = Math.min(Math.max(box.left, atX), box.right) - around.left;
    const more = opens(mark) === undefined ? "" : "Click, tap again or Enter: its timeline";
    writeTip(tip, title, [figures.join(": "), more], { x, y: (box.top + box.bottom) / 2 - around.top });
  };
  const point = ({ target, clientX, clientY }: MouseEvent, reach: number) => {
    const drawing = target instanceof Element ? target.closest(".drawing") : null;
    const mark = drawing ? nearest(drawing, clientX, clientY, reach) : undefined;
    const before = told;
    tell(drawing, mark, clientX);
    return mark === before ? opens(mark) : undefined;
  };
  document.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "touch") point(event, REACH.mouse);
  });
  // A tap: unlike a finger's first touch, it does not begin a scroll.
  document.addEventListener("click", (event) => {
    const failover = point(event, REACH.touch);
    if (failover !== undefined) open?.(failover);
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") tell(null, undefined, 0);
  });
  if (open === undefined) return;
  for (const drawing of document.querySelectorAll(".drawing:has([data-f])")) offerKeys(drawing);
  document.addEventListener("keydown", (event) => {
    const drawing = event.target instanceof Element ? event.target.closest(".drawing") : null;
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (drawing && by !== undefined) tell(drawing, neighbour(drawing, told, by), 0);
    else if (drawing && (event.key === "Enter" || event.key === " ") && told?.opens) open(told.opens);
    else return;
    event.preventDefault();
  });
}

/** One stop for a whole chart, which says how to go on. */
function offerKeys(drawing: Element): void {
  const title = drawing.closest("figure")?.querySelector("h3")?.textContent ?? "";
  drawing.setAttribute("tabindex", "0");
  drawing.setAttribute("role", "group");
  drawing.setAttribute(
    "aria-label",
    `${title}: arrow keys tell its failovers, Enter shows one in the timeline`,
  );
}

/** The next mark that can be opened, of the drawing for this width. */
function neighbour(drawing: Element, from: Mark | undefined, by: number): Mark | undefined {
  const all = marksOf(drawing).filter(({ element, opens }) => opens && element.getClientRects().length > 0);
  const here = from === undefined ? -1 : all.indexOf(from);
  return all.at(here === -1 ? (by === 1 ? 0 : -1) : (here + by) % all.length);
}

/** One that is pointed at comes before one beside it, then a small one before a large one, then the closest. */
function nearest(drawing: Element, x: number, y: number, reach: number): Mark | undefined {
  let found: Mark | undefined;
  let least = Infinity;
  for (const mark of marksOf(drawing)) {
    const { left, right, top, bottom, width, height } = mark.element.getBoundingClientRect();
    const gap = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    const offCentre = Math.hypot((left + right) / 2 - x, (top + bottom) / 2 - y);
    const rank = Math.max(0, gap - CLOSE) * 1000 + Math.sqrt(width * height) + offCentre / 1000;
    if (width + height === 0 || gap > reach || rank >= least) continue;
    found = mark;
    least = rank;
  }
  return found;
}

function marksOf(drawing: Element): readonly Mark[] {
  const known = marks.get(drawing);
  if (known !== undefined) return known;
  const taken = [...drawing.querySelectorAll("title")].flatMap((title): readonly Mark[] => {
    const element = title.parentElement;
    title.remove();
    if (element === null) return [];
    return [{ element, text: title.textContent ?? "", opens: element.getAttribute("data-f") ?? undefined }];
  });
  marks.set(drawing, taken);
  return taken;
}
