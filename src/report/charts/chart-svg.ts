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

/** @param id unlike any other on the page, and short: every mark refers to it */
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
    .replaceAll(/ dominant-baseline="central"| style="font-size:12px;"/g, "")
    .replaceAll(/(id="|url\(#)zr\d+-/g, `$1${id}-`)
    .replaceAll(/<(path|circle|polyline|polygon)([^>]*)><\/\1>/g, (_, tag: string, attributes: string) => {
      const { title, opens } = textsOf(attributes, series);
      const own = attributes.replaceAll(/ ecmeta_\w+="[^"]*"/g, "");
      const [transform, scale, x, y] = own.match(/ transform="matrix\((.*?,0,0,.*?),(.*?),(.*?)\)"/) ?? [];
      const endOf = (name: string) => (title === "" ? "/>" : `${opens}>${title}</${name}>`);
      if (transform === undefined) return `<${tag}${own}${endOf(tag)}`;
      const look = own.replace(transform, ` transform="matrix(${scale},0,0)"`);
      const name = looks.get(look) ?? id + looks.size;
      looks.set(look, name);
      return `<use href="#${name}" x="${tenths(x)}" y="${tenths(y)}"${endOf("use")}`;
    })
    .replaceAll(/ ecmeta_\w+="[^"]*"/g, "")
    .replaceAll("\n", "");
  const defined = [...looks].map(([look, name]) => `<path id="${name}"${look}/>`).join("");
  return marks.replace(
    /^<svg [^>]*?viewBox="([^"]*)"[^>]*>/,
    (_, box) => `<svg viewBox="${box}"><defs>${defined}</defs>`,
  );
}

/** What the datum of the mark that has these attributes says of itself, as markup. */
function textsOf(attributes: string, series: Drawing["option"]["series"]): { title: string; opens: string } {
  const index = (of: string) => Number(attributes.match(`ecmeta_${of}_index="(\\d+)"`)?.[1]);
  const data = series[index("series")]?.data;
  const item: unknown = Array.isArray(data) ? data[index("data")] : undefined;
  const { name, opens }: { name?: string; opens?: string } = Object(item);
  return {
    title: name === undefined ? "" : html`<title>${name}</title>`.text,
    opens: opens === undefined ? "" : html` data-f="${opens}"`.text,
  };
}

/** A tenth of a pixel is as fine as a screen shows. */
function tenths(pixels: string | undefined): number {
  return Math.round(Number(pixels) * 10) / 10;
}
