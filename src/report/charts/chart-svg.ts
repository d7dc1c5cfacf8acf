/**
 * A drawing as an SVG in which every mark has its figures as a title: a browser shows them without a script.
 * Marks of one look are drawn once and used many times, since a page may have ten thousand.
 */
import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { html, Markup } from "../markup.ts";
import type { Drawing } from "./chart.ts";

use([BarChart, CustomChart, GridComponent, LineChart, ScatterChart, SVGRenderer, TitleComponent]);

/** @param id unlike any other on the page */
export function chartSvg({ height, option }: Drawing, width: number, id: string): Markup {
  const instance = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    instance.setOption(option);
    return new Markup(tidy(instance.renderToSVGString({ useViewBox: true }), option.series, id));
  } finally {
    instance.dispose();
  }
}

/** ECharts escapes every text, so anything that looks like a tag or an attribute here is one. */
function tidy(svg: string, series: Drawing["option"]["series"], id: string): string {
  const looks = new Map<string, string>();
  const marks = svg
    .replaceAll(/<style[^>]*>.*?<\/style>/gs, "")
    .replaceAll(/ class="zr\d+-cls-\d+"| pointer-events="visible"| xml:space="preserve"/g, "")
    // What is never seen, and what text has from the page anyway.
    .replaceAll(/<(rect|path)(?=[^>]* fill="(none|rgb\(0,0,0\))")(?![^>]* stroke="var)[^>]*><\/\1>/g, "")
    .replaceAll(/font-family:[^;"]*;?/g, "")
    .replaceAll(/(id="|url\(#)zr\d+-/g, `$1${id}-`)
    .replaceAll(/<(path|circle|polyline|polygon)([^>]*)><\/\1>/g, (_, tag: string, attributes: string) => {
      const title = titleOf(attributes, series);
      const own = attributes.replaceAll(/ ecmeta_\w+="[^"]*"/g, "");
      const [transform, scale, x, y] = own.match(/ transform="matrix\((.*?,0,0,.*?),(.*?),(.*?)\)"/) ?? [];
      if (transform === undefined) return `<${tag}${own}>${title}</${tag}>`;
      const look = own.replace(transform, ` transform="matrix(${scale},0,0)"`);
      const name = looks.get(look) ?? `${id}-${looks.size}`;
      looks.set(look, name);
      return `<use href="#${name}" x="${tenths(x)}" y="${tenths(y)}">${title}</use>`;
    })
    .replaceAll(/ ecmeta_\w+="[^"]*"/g, "")
    .replaceAll("\n", "");
  const defined = [...looks].map(([look, name]) => `<path id="${name}"${look}/>`).join("");
  return marks.replace(
    /^<svg [^>]*?viewBox="([^"]*)"[^>]*>/,
    (_, box) => `<svg viewBox="${box}"><defs>${defined}</defs>`,
  );
}

/** The title of the mark that has these attributes, if its datum has a name. */
function titleOf(attributes: string, series: Drawing["option"]["series"]): string {
  const index = (of: string) => Number(attributes.match(`ecmeta_${of}_index="(\\d+)"`)?.[1]);
  const data = series[index("series")]?.data;
  const item: unknown = Array.isArray(data) ? data[index("data")] : undefined;
  if (typeof item !== "object" || item === null || !("name" in item)) return "";
  return typeof item.name === "string" ? html`<title>${item.name}</title>`.text : "";
}

/** A tenth of a pixel is as fine as a screen shows. */
function tenths(pixels: string | undefined): number {
  return Math.round(Number(pixels) * 10) / 10;
}
