// What pages gain by a script. Each of these may fail or be switched off: every page works without.
import { keys } from "./keys.js";
import { keepDrafts } from "./drafts.js";
import { days } from "./days.js";
import { files } from "./files.js";
import { live } from "./live.js";
import { paper } from "./paper.js";
import { rows } from "./rows.js";
import { settle } from "./settle.js";
import { tellWho } from "./who.js";

settle();
rows();
keys();
keepDrafts();
tellWho();
live();
days();
files();
paper();
