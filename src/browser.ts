/** Shows a page to whoever sits before this machine. */
import { setTimeout as delay } from "node:timers/promises";
import { codeOf, messageOf } from "./thrown.ts";

/** A launcher that fails does so within this time; one that still runs then may be the browser itself. */
const FAILS_WITHIN_MS = 3000;

/**
 * Hands a page to the browser.
 * @param page its address, or the absolute path of its file
 * @returns the reason why nobody sees it, as far as that is known
 */
export async function showInBrowser(page: string): Promise<string | undefined> {
  if (!mayHaveBrowser(process.env)) return "there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set";
  const over = new AbortController();
  try {
    // Few ask for it.
    const { default: open } = await import("open");
    const launcher = await open(page);
    const exit = new Promise<number | null>((done) => launcher.once("exit", done));
    const late = delay(FAILS_WITHIN_MS, 0, { signal: over.signal }).catch(() => 0);
    const code = await Promise.race([exit, late]);
    return code === 0 ? undefined : `no browser could be started (${launcher.spawnfile} failed)`;
  } catch (error) {
    const isMissing = codeOf(error) === "ENOENT";
    return isMissing ? "there is no program here that starts one, such as xdg-open" : messageOf(error);
  } finally {
    over.abort();
  }
}

/** Elsewhere a browser needs no display of Linux, or $BROWSER says how to reach one. */
function mayHaveBrowser({ DISPLAY, WAYLAND_DISPLAY, BROWSER, WSL_DISTRO_NAME }: NodeJS.ProcessEnv): boolean {
  if (process.platform === "darwin" || process.platform === "win32") return true;
  return [DISPLAY, WAYLAND_DISPLAY, BROWSER, WSL_DISTRO_NAME].some((value) => (value ?? "") !== "");
}
