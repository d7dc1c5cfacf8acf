/// <reference lib="dom" />
/**
 * Tells the figures of a chart's mark: at once, and to a finger too, which a browser's own titles do not.
 * Those are taken away, so that nothing is said twice.
 */
import { writeTip } from "./tip.ts";

/** How far beside a mark one may point, in pixels: few marks are larger than five. */
const REACH = { mouse: 8, touch: 24 } as const;
/** So close, a dot is meant and not the bar or box behind it. */
const CLOSE = 4;

interface Mark {
  readonly element: Element;
  readonly text: string;
}

const marks = new WeakMap<Element, readonly Mark[]>();

export function tellMarks(): void {
  const tip = document.createElement("div");
  tip.className = "tip";
  const tell = ({ target, clientX, clientY }: MouseEvent, reach: number) => {
    const drawing = target instanceof Element ? target.closest(".drawing") : null;
    const mark = drawing && nearest(drawing, clientX, clientY, reach);
    tip.hidden = !mark;
    if (!mark) return;
    drawing.append(tip);
    const around = drawing.getBoundingClientRect();
    const box = mark.element.getBoundingClientRect();
    const [title = "", ...figures] = mark.text.split(": ");
    // A wide mark is told of where one points.
    const x = Math.min(Math.max(box.left, clientX), box.right) - around.left;
    writeTip(tip, title, [figures.join(": ")], { x, y: (box.top + box.bottom) / 2 - around.top });
  };
  document.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "touch") tell(event, REACH.mouse);
  });
  // A tap: unlike a finger's first touch, it does not begin a scroll.
  document.addEventListener("click", (event) => tell(event, REACH.touch));
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") tip.hidden = true;
  });
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
    return element === null ? [] : [{ element, text: title.textContent ?? "" }];
  });
  marks.set(drawing, taken);
  return taken;
}
