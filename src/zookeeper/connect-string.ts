/**
 * Parses connect strings, as given by the library's users and on the command line: the servers, and the root
 * path.
 */
import { isIPv6 } from "node:net";
import { isZnodeName } from "./znode-name.ts";

const DEFAULT_PORT = 2181;

export interface Address {
  /** A name or a numeric address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** `host:port`, with an IPv6 address in brackets. */
export function hostAndPort({ host, port }: Address): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

export interface ConnectString {
  readonly servers: readonly Address[];
  /** The servers as given, without the chroot. */
  readonly hosts: string;
  /** Empty if there is none. */
  readonly chroot: string;
}

/** The text is not a connect string. */
export class InvalidConnectString extends RangeError {
  override readonly name: string = "InvalidConnectString";
  /** The fault, and how to correct it. */
  readonly fault: string;

  constructor(text: string, fault: string) {
    super(`connect ${text}: ${fault}`);
    this.fault = fault;
  }
}

/** The message does not repeat the credentials. */
export class CredentialsInConnectString extends InvalidConnectString {
  override readonly name = "CredentialsInConnectString";

  constructor() {
    super("…@…", "it must not contain credentials; give them as `auth`");
  }
}

const HOW = "write host:port,…[/chroot]";

/**
 * Parses `host:port,…[/chroot]`. A server without a port gets ZooKeeper's default, 2181; a trailing slash is
 * dropped.
 * @throws {InvalidConnectString}
 */
export function parseConnect(text: string): ConnectString {
  const refuse = (fault: string) => new InvalidConnectString(text, fault);
  const [scheme = ""] = /^\w+:\/\//.exec(text) ?? [];
  const rest = text.slice(scheme.length);
  const slash = rest.indexOf("/");
  const chroot = slash === -1 ? "" : rest.slice(slash).replace(/\/$/, "");
  const list = slash === -1 ? rest : rest.slice(0, slash);
  if (list.includes("@")) throw new CredentialsInConnectString();
  if (scheme !== "") throw refuse(`leave "${scheme}" out; ${HOW}`);
  if (list.includes(";")) throw refuse('servers are separated by commas, not by ";"');
  const servers = list.split(",").map((part) => {
    const [, bracketed, plain, port = String(DEFAULT_PORT)] =
      /^(?:\[([^\]\s]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/.exec(part.trim()) ?? [];
    const host = bracketed ?? plain;
    const isHost = host !== undefined && (bracketed === undefined || isIPv6(bracketed));
    if (!isHost || Number(port) < 1 || Number(port) > 65_535)
      throw refuse(`"${part}" is not host:port; ${HOW}`);
    return { host, port: Number(port) };
  });
  if (!chroot.split("/").slice(1).every(isZnodeName)) throw refuse(`"${chroot}" is not a znode's path`);
  return { servers, hosts: servers.map(hostAndPort).join(","), chroot };
}
