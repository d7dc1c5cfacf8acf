/** The process of one round of the fuzz: its options are the only argument. */
import { acts } from "./fuzz-acts.ts";
import { Round, type RoundOptions } from "./fuzz-round.ts";

void new Round(JSON.parse(process.argv[2] ?? "") as RoundOptions, acts).run();
