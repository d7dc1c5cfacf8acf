/** `zk-election-lab will`: keeps the wills of other processes of this machine. */
import { LabError } from "../lab-error.ts";
import { commands } from "./commands.ts";
import { type Flag, parse, type Words } from "./flags.ts";
import { quoted } from "./values.ts";

export interface WillOptions {
  readonly type: "will";
  /** The path of the Unix socket to listen at. */
  readonly socket: string;
}

/** The longest path that Linux takes for a Unix socket, in bytes (unix(7), `sun_path`). */
const LONGEST = 107;

const willFlags = {
  socket: {
    group: "Wills:",
    describe: "path of the Unix socket to listen at, which only this user may open",
  },
} as const satisfies Record<string, Flag>;

/** @throws {LabError} `usage` */
export async function parseWill(args: readonly string[]): Promise<WillOptions | Words> {
  const parsed = await parse(commands.will.line, commands.will.about, {
    args,
    flags: willFlags,
    examples: [
      [
        "zk-election-lab will --socket /run/wills/socket",
        "beside services that open sessions with that as will",
      ],
    ],
  });
  if (parsed.type === "words") return parsed;
  const { socket } = parsed.values;
  if (socket === undefined || socket === "")
    throw new LabError("usage", "will: give --socket PATH, the Unix socket to listen at");
  if (Buffer.byteLength(socket) > LONGEST)
    throw new LabError("usage", `--socket ${quoted(socket)}: give a path of at most ${LONGEST} bytes`);
  return { type: "will", socket };
}
