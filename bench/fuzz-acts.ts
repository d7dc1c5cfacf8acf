/** The acts of the fuzz: everything that a service may do with a session and an election, at any moment. */
import { spawn } from "node:child_process";
import type { Election } from "../src/election/election.ts";
import type { Term } from "../src/election/term.ts";
import { type Session, Watch } from "../src/zookeeper/session.ts";
import type { Act, Acts, Round } from "./fuzz-round.ts";

const SESSIONS = 5;
const ELECTIONS = 8;
const ZNODES = 8;
const STALLS_MS = [1, 20, 300, 900];

export const acts: Acts = {
  open: {
    weight: 4,
    act: (round) => void (round.living.length < SESSIONS && round.follow("open", round.open())),
  },
  close: { weight: 6, act: withSession((round, session) => round.follow("close", session.close())) },
  elect: { weight: 4, act: (round) => void (round.standing.length < ELECTIONS && round.elect()) },
  campaign: {
    weight: 6,
    act: withElection((round, election) =>
      round.follow("campaign", election.campaign({ signal: round.stop() })),
    ),
  },
  terms: { weight: 4, act: withElection((round, election) => round.follow("terms", terms(round, election))) },
  lead: {
    weight: 4,
    act: withElection((round, election) =>
      round.follow(
        "lead",
        election.lead((term) => job(round, term), { signal: round.stop() }),
      ),
    ),
  },
  proclaim: {
    weight: 3,
    act: withElection((round, election) =>
      round.follow("proclaim", election.proclaim(String(round.random.below(1000)))),
    ),
  },
  resign: { weight: 8, act: withElection((round, election) => round.follow("resign", election.resign())) },
  abort: { weight: 6, act: (round) => round.abort(round.any(round.stops)) },
  observe: {
    weight: 6,
    act: withElection((round, election) => round.follow("observe", observe(round, election))),
  },
  leader: { weight: 2, act: withElection((round, election) => round.follow("leader", election.leader())) },
  contenders: {
    weight: 2,
    act: withElection((round, election) => round.follow("contenders", election.contenders())),
  },
  create: {
    weight: 3,
    act: withSession((round, session) => {
      // The name has no number: an election leaves a path where others seem to stand.
      const made = session.create(`${round.path}/other${round.random.below(1e9)}x`, "", "ephemeral");
      round.follow(
        "create",
        made.then((path) => round.znodes.push(path)),
      );
    }),
  },
  // It may also remove a contender, as an operator might.
  remove: {
    weight: 6,
    act: withZnode((round, session, znode) => round.follow("remove", session.remove(znode))),
  },
  set: {
    weight: 3,
    act: withZnode((round, session, znode) => round.follow("set", session.set(znode, "fuzz", -1))),
  },
  watch: {
    weight: 8,
    act: withZnode((round, session, znode) =>
      round.follow("watch", session.get(znode, new Watch((event) => round.act(`watch: ${event}`, 1)))),
    ),
  },
  // Sets a watch besides the one that the election has set there itself.
  watchToo: {
    weight: 12,
    act: withElection((round, { state, session }) => {
      const watching = "watching" in state ? state.watching : "children";
      const watch = new Watch((event) => round.act(`watch: ${event}`, 1));
      round.follow(
        "watch",
        watching === "children"
          ? session.children(round.path, watch)
          : session.get(`${round.path}/${watching.name}`, watch),
      );
    }),
  },
  stall: {
    weight: 3,
    act: (round) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, round.any(STALLS_MS)),
  },
  // The child inherits the sockets of all sessions.
  spawn: {
    weight: 1,
    act(round) {
      const child = spawn("sleep", ["0.2"], { stdio: "ignore" });
      round.follow("spawn", new Promise((resolve) => child.once("close", resolve)));
    },
  },
  reset: { weight: 3, act: (round) => round.network("reset") },
  cut: { weight: 1, act: (round) => round.network("cut") },
  heal: { weight: 4, act: (round) => round.network("heal") },
};

function withSession(act: (round: Round, session: Session) => void): Act {
  return (round) => {
    const session = round.any(round.living) ?? round.any(round.sessions);
    if (session !== undefined) act(round, session);
  };
}

/** Uses one of the latest znodes, if it has not gone. */
function withZnode(act: (round: Round, session: Session, znode: string) => void): Act {
  return withSession((round, session) => {
    const znode = round.any(round.znodes.slice(-ZNODES));
    if (znode !== undefined) act(round, session, znode);
  });
}

function withElection(act: (round: Round, election: Election) => void): Act {
  return (round) => {
    const election = round.any(round.standing) ?? round.any(round.elections);
    if (election !== undefined) act(round, election);
  };
}

/** The job ends with its term, fails, or returns too early. */
async function job(round: Round, term: Term): Promise<void> {
  round.act("job");
  const end = round.random.below(4);
  if (end === 0) throw new Error("the job failed");
  if (end > 1) await term.ended;
}

/** The loop is left after a few terms, or goes on until its signal. */
async function terms(round: Round, election: Election): Promise<void> {
  let left = round.random.below(4);
  const had = new Set<Term>();
  for await (const term of election.terms({ signal: round.stop() })) {
    if (had.has(term)) {
      round.wrong(`a term comes twice; it is ${await term.ended}, the election ${election.state.state}`);
      break;
    }
    had.add(term);
    term.signal.addEventListener("abort", () => round.act("term aborted"));
    round.act("term");
    if (--left === 0) break;
  }
}

async function observe(round: Round, election: Election): Promise<void> {
  let left = round.random.below(8);
  for await (const leader of election.observe({ signal: round.stop() })) {
    if (leader !== undefined) round.znodes.push(`${round.path}/${leader.name}`);
    round.act("observed");
    if (--left === 0) break;
  }
}
