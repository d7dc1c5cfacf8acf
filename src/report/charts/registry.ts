/** All charts in the order of the page. */
import type { Chart } from "./chart.ts";
import { course } from "./course.ts";
import { distribution } from "./distribution.ts";
import { failover } from "./failover.ts";
import { herd } from "./herd.ts";
import { phases } from "./phases.ts";
import { prediction } from "./prediction.ts";
import { settling } from "./settling.ts";

export const charts: readonly Chart[] = [failover, distribution, phases, herd, settling, course, prediction];
