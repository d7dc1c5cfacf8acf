/// <reference lib="dom" />
/** Buttons that save what the page holds as files: without a script there are none. They ask no network. */
import { json } from "../../export/json.ts";
import { type PageRun, unzipped } from "./page-data.ts";

export function offerDownloads(runs: readonly PageRun[]): void {
  runs.forEach(({ result }, index) => {
    const place = document.querySelector(`[data-downloads="${index}"]`);
    if (place === null) return;
    place.append(
      button("Save as JSON", "result.json", async () => json(result)),
      button("Save as CSV", "failovers.csv", () => unzipped(`rows-${index}`)),
    );
  });
}

function button(text: string, file: string, contents: () => Promise<BlobPart>): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.addEventListener("click", async () => save(file, await contents()));
  return element;
}

function save(file: string, contents: BlobPart): void {
  const link = document.createElement("a");
  link.download = file;
  link.href = URL.createObjectURL(new Blob([contents]));
  link.click();
}
