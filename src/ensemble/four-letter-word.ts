/**
 * ZooKeeper's four-letter words: send a word to the client port, and read the answer until the server hangs up.
 * Source: ZooKeeper Administrator's Guide, "The Four Letter Words". Servers answer those in their whitelist; by
 * default only `srvr`.
 */
import { connect } from "node:net";
import { type Role, roles } from "../history/own-servers.ts";
import { LabError } from "../lab-error.ts";
import { type Address, hostAndPort } from "../zookeeper/connect-string.ts";
import { tlsPorts, tlsWords } from "../zookeeper/tls.ts";
import { afterAwake, type Limit } from "./awake.ts";

export type FourLetterWord = "conf" | "cons" | "mntr" | "srvr";

/** It is unknown whether the server has answered: this process was too busy to hear it, or was stopped. */
export class NotHeard extends Error {
  override readonly name = "NotHeard";
}

const LIMIT: Limit = { awakeMs: 5000 };

/**
 * @throws {NotHeard}
 * @throws the socket's error, or a similar one that says that the limit has passed
 */
export function ask({ host, port }: Address, word: FourLetterWord, limit = LIMIT): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let answer = "";
    const cancel = afterAwake(limit, (how) => {
      if (how === "asleep") {
        socket.destroy(new NotHeard(`this process was too busy to hear ${host}:${port} answer ${word}`));
        return;
      }
      const late = new Error(`${host}:${port} does not answer ${word} within ${limit.awakeMs} ms`);
      socket.destroy(Object.assign(late, { code: "ETIMEDOUT" }));
    });
    socket.setEncoding("utf8");
    socket.on("connect", () => socket.write(word));
    socket.on("data", (text) => {
      answer += text;
    });
    socket.on("error", reject);
    socket.on("close", () => {
      cancel();
      resolve(answer);
    });
  });
}

/** The server's version, from its answer to `srvr`; `undefined` while it does not serve. */
export function versionOf(answer: string): string | undefined {
  return /^Zookeeper version: ([^-,\s]+)/m.exec(answer)?.[1];
}

/** Asks the server; `null` if it does not answer, or does not serve. */
export async function roleOf(server: Address, limit?: Limit): Promise<Role | null> {
  return roleNamed(/^Mode: (.*)$/m.exec(await ask(server, "srvr", limit).catch(() => ""))?.[1]);
}

function roleNamed(mode: string | undefined): Role | null {
  return roles.find((role) => role === mode) ?? null;
}

/** The values of a server's monitor by name, and its other answers. */
export interface Monitor extends ReadonlyMap<string, number> {
  readonly role: Role | null;
  /** The times of the question and of its answer (`performance.now()`). */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** A server's answer to every word while the servers elect a leader (`AbstractFourLetterCommand`). */
const NOT_SERVING = "This ZooKeeper instance is not currently serving requests";
/**
 * A server's answer to a word outside its whitelist (`NettyServerCnxn`, `NIOServerCnxn`:
 * `checkFourLetterWord`).
 */
const NOT_PERMITTED = "is not executed because it is not in the whitelist";

/**
 * @returns `undefined` when the server does not permit the word
 * @throws as {@link ask} does, while the server does not serve, and when it hangs up or answers something else
 */
export async function monitor(address: Address, limit?: Limit): Promise<Monitor | undefined> {
  const sentAt = performance.now();
  const answer = await ask(address, "mntr", limit);
  const answeredAt = performance.now();
  if (answer.startsWith(NOT_SERVING)) throw new Error("it is not serving");
  const numbers = new Map<string, number>();
  let role: Role | null = null;
  for (const line of answer.split("\n")) {
    const [name, value] = line.split("\t");
    if (name === "zk_server_state") role = roleNamed(value);
    if (name?.startsWith("zk_") && value !== undefined && value !== "" && !Number.isNaN(Number(value))) {
      numbers.set(name.slice("zk_".length), Number(value));
    }
  }
  if (numbers.size > 0) return Object.assign(numbers, { role, sentAt, answeredAt });
  if (answer.includes(NOT_PERMITTED)) return undefined;
  throw new Error(answer === "" ? "it hangs up" : "not with a monitor");
}

/** A live server answers at once, even to say that it does not permit the word. */
const ANSWER_WITHIN_MS = 4000;

/**
 * Asks the servers directly, because the native client does not report why it cannot connect.
 * @throws {LabError} `unavailable`, when none of the servers answers, with the reasons and the remedy
 */
export async function someoneAnswers(servers: readonly Address[], remedy: string): Promise<void> {
  try {
    await Promise.any(servers.map((server) => ask(server, "srvr", { awakeMs: ANSWER_WITHIN_MS })));
  } catch (cause) {
    const reasons = cause instanceof AggregateError ? cause.errors.map(({ message }) => message) : [];
    const names = servers.map(hostAndPort).join(",");
    const secured = await tlsPorts(servers);
    if (secured.length > 0)
      throw new LabError("unavailable", `--connect ${names}: ${tlsWords(secured)}`, { cause });
    throw new LabError(
      "unavailable",
      `--connect ${names}: no server answers (${reasons.join("; ")}); ${remedy}`,
      {
        cause,
      },
    );
  }
}
