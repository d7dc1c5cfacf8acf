/** A chart as an SVG that needs no script: shown if there is none, and on paper. */
import { Markup } from "../markup.ts";
import type { Chart, ChartRun } from "./chart.ts";
import { init } from "./echarts.ts";

/** As wide as the page's column, so that its text has the right size. */
const STILL_WIDTH = 920;

export function chartSvg(chart: Chart, runs: readonly ChartRun[]): Markup | null {
  const drawing = chart.draw(runs, STILL_WIDTH);
  if (drawing === null) return null;
  const size = { width: STILL_WIDTH, height: drawing.height };
  const instance = init(null, null, { renderer: "svg", ssr: true, ...size });
  try {
    instance.setOption(drawing.option);
    return new Markup(tidy(instance.renderToSVGString({ useViewBox: true }), chart));
  } finally {
    instance.dispose();
  }
}

/** ECharts escapes every text, so anything that looks like an attribute here is one. */
function tidy(svg: string, { id, title }: Chart): string {
  return svg
    .replaceAll(/ ecmeta_\w+="[^"]*"/g, "")
    .replaceAll(/ class="zr\d+-cls-\d+"/g, "")
    .replaceAll(/<style[^>]*>.*?<\/style>/gs, "")
    .replaceAll(/(id="|url\(#)zr\d+-/g, `$1${id}-`)
    .replace(/^<svg [^>]*?(?=viewBox)/, `<svg role="img" aria-label="${title}" width="${STILL_WIDTH}" `)
    .replaceAll("\n", "");
}
