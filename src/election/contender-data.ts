/**
 * The content of a contender's znode, as JSON: the user's data and, once its owner leads under a scheme that
 * passes leadership on unread, its announcement: the fencing token of its term.
 */

/** The limit for the user's data: servers keep all of it in memory, and send it to each waiting contender. */
const MAX_DATA_BYTES = 1024;

export interface ContenderData {
  readonly data: string;
  /** The token of the term that was announced. */
  readonly announced?: number;
  /** Tells its creator that it is its own, if the name does not: by-number.ts. */
  readonly guid?: string;
}

export function encode({ data, announced, guid }: ContenderData): string {
  return JSON.stringify({ data, announced, guid });
}

/** Any other content counts as the data of a contender that has announced nothing. */
export function decode(content: Buffer): ContenderData {
  const text = content.toString("utf8");
  try {
    const { data, announced, guid } = JSON.parse(text) as Partial<Record<keyof ContenderData, unknown>>;
    if (typeof data !== "string") return { data: text };
    return {
      data,
      ...(typeof announced === "number" && { announced }),
      ...(typeof guid === "string" && { guid }),
    };
  } catch {
    return { data: text };
  }
}

/**
 * @throws {TypeError} when the data is not a string
 * @throws {RangeError} when it is too long
 */
export function checkData(data: string): void {
  if (typeof data !== "string")
    throw new TypeError(`data: give a string, not ${data}; JSON.stringify makes one of an object`);
  const bytes = Buffer.byteLength(data);
  if (bytes > MAX_DATA_BYTES)
    throw new RangeError(
      `data: ${bytes} bytes, but a contender holds at most ${MAX_DATA_BYTES}; store it elsewhere`,
    );
}
