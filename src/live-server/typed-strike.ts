import { blows, type Powers, type Strike, serverBlows } from "../live/ground.ts";

/** The strike that a page sends as JSON; `undefined` if it is none that the ground permits. */
export function strikeFrom(json: string, { acts, candidates }: Powers, servers: number): Strike | undefined {
  const { act, place, server } = objectIn(json);
  if (!acts.some((one) => one === act)) return undefined;
  const blow = blows.find((one) => one === act);
  if (blow !== undefined) return isBelow(place, Number(candidates)) ? { act: blow, place } : undefined;
  const serverBlow = serverBlows.find((one) => one === act);
  if (serverBlow === undefined || !isBelow(server, servers + 1) || server === 0) return undefined;
  return { act: serverBlow, server };
}

function isBelow(value: unknown, limit: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < limit;
}

function objectIn(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
