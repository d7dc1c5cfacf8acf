/**
 * The trials that `yarn bench` runs by default. The first part shows the herd and its growth; the others show,
 * at one size, the cost of a session that is ended from outside, and of a frozen leader.
 */
import { faults } from "../faults/faults.ts";
import { axisLists } from "./axes.ts";
import { type Axes, ours } from "./groups.ts";

/** The values of axes that a part does not name. */
const usual = axisLists({});

/** Takes under five minutes on two cores: in two of the trials leaders freeze. */
export const grid: readonly Axes[] = [
  {
    ...usual,
    candidates: [10, 50, 100, 200],
    schemes: ours("predecessor", "leader", "children", "heir"),
    failovers: 25,
  },
  {
    ...usual,
    candidates: [50],
    schemes: ours("predecessor", "leader", "heir"),
    fault: [faults.expire],
    sessionTimeoutMs: [2000],
    failovers: 30,
  },
  {
    ...usual,
    candidates: [50],
    schemes: ours("predecessor", "leader", "heir"),
    fault: [faults.freeze],
    // Each of these takes nearly two seconds.
    sessionTimeoutMs: [1000],
    failovers: 20,
  },
];

/** Takes under 45 seconds. */
export const quickGrid: readonly Axes[] = [
  {
    ...usual,
    candidates: [10, 20, 40],
    schemes: ours("predecessor", "leader", "children", "heir"),
    failovers: 20,
  },
  {
    ...usual,
    candidates: [10],
    schemes: ours("predecessor"),
    fault: [faults.freeze],
    sessionTimeoutMs: [1000],
    failovers: 5,
  },
];
