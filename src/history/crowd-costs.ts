/**
 * What a trial's candidates cost before anything strikes: while they join, with sessions that are there, and
 * while they wait.
 */
import { list, nullable, number, type Of, object, optional, positive } from "../shape.ts";

/** Joins of a thread that wait for servers at the same time: more would only wait for each other. */
export const JOINING_PER_THREAD = 8;

const cpuMs = (meaning: string) => nullable(positive(), meaning);

const join = object({
  ms: positive(),
  responseBytes: nullable(number()),
  serverCpuMs: nullable(positive()),
  labCpuMs: positive(),
});

export type Join = Of<typeof join>;

export const crowdCosts = object({
  joinMs: positive(
    "From the first request to join until all had settled. Threads and sessions were there before. Of several " +
      "joins, as of all that follows, the median.",
  ),
  joinResponseBytes: nullable(
    number(),
    "Bytes of the servers' replies meanwhile. Each candidate that looks asks for a list of all that have joined.",
  ),
  joinServerCpuMs: cpuMs("Processor time of the run's own servers meanwhile."),
  joinLabCpuMs: cpuMs("Processor time of the lab meanwhile."),
  joins: optional(
    list(
      join,
      "Each time that all joined and were measured: a small crowd joins several times, after unmeasured joins " +
        "that warm its code up. Absent in runs that measured one join, of any crowd.",
    ),
  ),
  restMs: nullable(
    positive(),
    "How long all then waited while it was measured what that costs, and nobody struck: a third of the session " +
      "timeout, in which each session pings once. `null` under all but the first of the schemes, as it costs the same.",
  ),
  restServerCpuMs: cpuMs("Processor time of the servers meanwhile: what heartbeats cost them."),
  restLabCpuMs: cpuMs("Processor time of the lab meanwhile."),
  sessionsHeapBytes: nullable(
    positive(),
    "The live heap of the largest server after a full collection, with all sessions and nobody in the election.",
  ),
  settledHeapBytes: nullable(positive(), "The same when all had joined: with their znodes and watches."),
  watches: nullable(number(), "Watches on the servers when all had joined."),
});

export type CrowdCosts = Of<typeof crowdCosts>;
