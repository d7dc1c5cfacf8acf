/**
 * Options are checked at once: wrong ones would show only as an election that nobody wins, without any message.
 */
import type { Acl, Session } from "../zookeeper/session.ts";
import { hasForbiddenCharacter } from "../zookeeper/znode-name.ts";
import { suspendedPolicies } from "./candidacy-context.ts";
import { checkData } from "./contender-data.ts";
import type { SettledOptions } from "./election-options.ts";
import { type JoinMode, joinModes } from "./join-mode.ts";
import { checkTick } from "./lease.ts";
import type { Scheme } from "./scheme.ts";

/**
 * @throws {TypeError} for a value of a wrong type
 * @throws {RangeError} for a value out of range
 */
export function checkOptions(options: SettledOptions, { state, timeoutMs }: Session): void {
  const { path, scheme, join, data, suspendedPolicy, tickTimeMs, acl } = options;
  checkPath(path);
  checkScheme(scheme);
  checkJoin(join, scheme);
  if (data !== undefined) checkData(data);
  if (suspendedPolicy !== undefined && !suspendedPolicies.includes(suspendedPolicy))
    throw new RangeError(
      `suspendedPolicy: ${quoted(suspendedPolicy)} is not a policy; give ${suspendedPolicies.map(quoted).join(" or ")}`,
    );
  // A session has no timeout before it is connected; a tick that is too long then ends the candidacy with the
  // same error.
  if (tickTimeMs !== undefined) checkTick(tickTimeMs, state === "connecting" ? undefined : timeoutMs);
  if (acl !== undefined) checkAcl(acl);
}

function checkPath(path: string): void {
  const refuse = (why: string) =>
    new RangeError(`path: ${quoted(path)} ${why}; give the path of a znode, such as "/services/mail"`);
  if (typeof path !== "string")
    throw new TypeError(`path: give a string, such as "/services/mail", not ${path}`);
  if (!path.startsWith("/")) throw refuse("does not begin with a slash");
  if (path === "/") throw refuse("is the root");
  if (path.endsWith("/")) throw refuse("ends with a slash");
  for (const name of path.split("/").slice(1)) {
    if (name === "") throw refuse("has two slashes in a row");
    if (name === "." || name === "..") throw refuse(`has the name ${quoted(name)}, which no znode can have`);
  }
  if (hasForbiddenCharacter(path)) throw refuse("has a character that servers do not accept in a path");
}

/** Checks only what a candidate needs from a scheme. */
function checkScheme(scheme: Scheme): void {
  const { name, watchesChildren, decide } = Object(scheme) as Partial<Scheme>;
  if (typeof name === "string" && typeof watchesChildren === "boolean" && typeof decide === "function")
    return;
  const what = typeof scheme === "string" ? quoted(scheme) : "what is given";
  throw new TypeError(
    `scheme: ${what} is not a scheme; give one of the schemes, such as schemes.heir, or an object that has a name, ` +
      "watchesChildren and decide",
  );
}

function checkJoin(join: JoinMode, { name, watchesPredecessor }: Scheme): void {
  if (!joinModes.includes(join))
    throw new RangeError(
      `join: ${quoted(join)} is not a way to join; give ${joinModes.map(quoted).join(" or ")}`,
    );
  if (join === "by-number" && watchesPredecessor !== true)
    throw new RangeError(
      `join: "by-number" is for schemes that watch the contender just before, and ${name} does not say that it does ` +
        "(watchesPredecessor); leave join out, or use schemes.predecessor or schemes.heir",
    );
}

const ALL_PERMISSIONS = 31;

function checkAcl(acl: readonly Acl[]): void {
  if (!Array.isArray(acl)) throw new TypeError("acl: give a list of entries with permissions, scheme and id");
  if (acl.length === 0)
    throw new RangeError(
      "acl: an empty list gives nobody permission; leave it out for znodes that are open to all",
    );
  for (const entry of acl as readonly Acl[]) {
    const { permissions, scheme, id } = Object(entry) as Partial<Acl>;
    if (typeof scheme !== "string" || scheme === "" || typeof id !== "string")
      throw new TypeError(
        `acl: ${JSON.stringify(entry)} is not an entry; give permissions, scheme and id, such as ` +
          '{ permissions: 31, scheme: "world", id: "anyone" }',
      );
    if (!Number.isInteger(permissions) || !permissions || permissions < 1 || permissions > ALL_PERMISSIONS)
      throw new RangeError(
        `acl: the permissions ${permissions} are not valid; give a sum of 1 (read), 2 (write), 4 (create), ` +
          "8 (delete) and 16 (admin)",
      );
  }
}

function quoted(value: unknown): string {
  return JSON.stringify(value);
}
