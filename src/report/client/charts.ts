/// <reference lib="dom" />
/**
 * Draws every chart again, live: with tooltips, zoom, and the available width. The still drawing stays in the
 * page for paper. Colours are custom properties in both, so a change of theme needs no new drawing.
 */
import type { EChartsType } from "echarts/core";
import type { Chart, ChartRun } from "../charts/chart.ts";
import { init } from "../charts/echarts.ts";
import { charts } from "../charts/registry.ts";

export function enliven(runs: readonly ChartRun[]): void {
  const hint = document.createElement("p");
  hint.className = "about hint";
  hint.textContent =
    "Point at a mark for its figures. Ctrl and the wheel zoom into a chart, dragging moves it.";
  document.querySelector("#figures h2")?.after(hint);
  for (const chart of charts) {
    const box = document.querySelector<HTMLElement>(`#chart-${chart.id} .drawing`);
    if (box !== null) live(box, chart, runs);
  }
}

function live(box: HTMLElement, chart: Chart, runs: readonly ChartRun[]): void {
  const place = document.createElement("div");
  place.className = "live";
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", chart.title);
  // ECharts stops every wheel event that reaches it, even those that it does not use.
  const withhold = (event: WheelEvent) => {
    if (!event.ctrlKey) event.stopPropagation();
  };
  place.addEventListener("wheel", withhold, { capture: true });
  box.append(place);
  box.classList.add("is-live");
  // It has the available width: there is nothing to scroll, so no stop for the keyboard.
  box.removeAttribute("tabindex");
  box.removeAttribute("role");
  box.removeAttribute("aria-label");
  let width = 0;
  let instance: EChartsType | undefined;
  const draw = () => {
    // On paper the still drawing is shown, and the box has no width for this one.
    if (box.clientWidth === 0 || box.clientWidth === width) return;
    width = box.clientWidth;
    const drawing = chart.draw(runs, width);
    if (drawing === null) return;
    place.style.height = `${drawing.height}px`;
    instance ??= init(place, null, { renderer: "svg", width, height: drawing.height });
    instance.resize({ width, height: drawing.height });
    instance.setOption({ ...drawing.option, dataZoom: zooms(chart) }, { notMerge: true });
  };
  draw();
  new ResizeObserver(draw).observe(box);
  if (instance !== undefined) box.after(controls(instance, chart));
}

/** The wheel alone scrolls the page, and so does a finger. */
function zooms({ zoom }: Chart) {
  const inside = {
    type: "inside",
    filterMode: "none",
    zoomOnMouseWheel: "ctrl",
    moveOnMouseMove: true,
    moveOnMouseWheel: false,
    preventDefaultMouseMove: false,
  };
  return [...zoom].map((axis) => ({ ...inside, [`${axis}AxisIndex`]: "all" }));
}

function controls(instance: EChartsType, chart: Chart): HTMLElement {
  const bar = document.createElement("div");
  bar.className = "zoom";
  const button = (text: string, label: string, act: () => void) => {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    element.setAttribute("aria-label", `${label}: ${chart.title}`);
    element.addEventListener("click", act);
    bar.append(element);
  };
  button("+", "Zoom in", () => rescale(instance, 0.6));
  button("−", "Zoom out", () => rescale(instance, 1 / 0.6));
  button("Reset", "Reset the zoom", () => rescale(instance, Infinity));
  return bar;
}

interface Zoomed {
  readonly start: number;
  readonly end: number;
}

/** Zooms around the middle of the view. */
function rescale(instance: EChartsType, factor: number): void {
  const zoomed = instance.getOption().dataZoom as Zoomed[];
  for (const [dataZoomIndex, { start, end }] of zoomed.entries()) {
    const half = Math.min(50, ((end - start) / 2) * factor);
    const middle = Math.min(100 - half, Math.max(half, (start + end) / 2));
    instance.dispatchAction({ type: "dataZoom", dataZoomIndex, start: middle - half, end: middle + half });
  }
}
