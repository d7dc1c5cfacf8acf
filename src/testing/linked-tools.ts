/** A PATH that holds only some tools, for scripts that look for what is there. */
import { existsSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Puts links to these tools into the folder; those that are not on PATH are left out. */
export function linkTools(folder: string, tools: readonly string[]): void {
  const path = (process.env.PATH ?? "").split(delimiter);
  for (const tool of tools) {
    const found = path.map((place) => join(place, tool)).find((program) => existsSync(program));
    if (found !== undefined) symlinkSync(found, join(folder, tool));
  }
}
