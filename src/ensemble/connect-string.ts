/** How a person names an ensemble: the servers, and where in its tree to work. */
import { LabError } from "../lab-error.ts";
import { credentialsHelp } from "./credentials.ts";
import { type Address, nameOf } from "./four-letter-word.ts";

const DEFAULT_PORT = 2181;

export interface ConnectString {
  readonly servers: readonly Address[];
  /** The servers again, as the native client takes them. */
  readonly hosts: string;
  /** Empty without one. */
  readonly chroot: string;
}

/** @throws {LabError} `usage` when it does not read `host:port,…[/chroot]` */
export function parseConnect(text: string): ConnectString {
  const slash = text.indexOf("/");
  const chroot = slash === -1 ? "" : text.slice(slash).replace(/\/$/, "");
  const list = slash === -1 ? text : text.slice(0, slash);
  if (list.includes("@")) {
    throw new LabError(
      "usage",
      `--connect: credentials do not go into it, as it is saved with the run; set ${credentialsHelp}`,
    );
  }
  const servers = list.split(",").map((part) => {
    const [, bracketed, plain, port = String(DEFAULT_PORT)] =
      /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/.exec(part.trim()) ?? [];
    const host = bracketed ?? plain;
    if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
      throw new LabError(
        "usage",
        `--connect ${text}: "${part}" is not host:port; write host:port,…[/chroot]`,
      );
    }
    return { host, port: Number(port) };
  });
  if (/\/\/|\/\.\.?(\/|$)/.test(chroot)) {
    throw new LabError("usage", `--connect ${text}: "${chroot}" is not a znode's path`);
  }
  return { servers, hosts: servers.map(nameOf).join(","), chroot };
}
