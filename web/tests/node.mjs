// A real node to look at: the first of the demo's, with its records, and the page of parts.
import { execFile, spawn } from "node:child_process";
import { appendFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { provider } from "./openid.mjs";

/** Who signs in at the demo's first node. */
const PERSON = "Ilse Varnholt";

/** Starts a program and waits for a line; gives the lines so far and a way to stop. */
export async function started(program, args, until) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const lines = [];
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = () => {
    child.kill("SIGINT");
    return ended;
  };
  child.stderr.on("data", (text) => process.env.VERBOSE && process.stderr.write(text));
  await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      if (until(line)) resolve();
    });
    child.once("exit", (code) => reject(new Error(`${program} ${args.join(" ")} ended with ${code}:\n${lines.join("\n")}`)));
  });
  return { lines, stop };
}

/** The first node of the demo, serving: its address and a link that signs in once. */
export async function node(program) {
  const folder = await mkdtemp(join(tmpdir(), "entente-pages-"));
  const demo = await started(program, ["demo", folder], (line) => line.includes("Ctrl-C"));
  // Its nodes ask each other every five seconds: what the others wrote last has come by then.
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  await demo.stop();
  const parties = await readdir(folder, { withFileTypes: true });
  const first = parties.filter((entry) => entry.isDirectory()).map((entry) => entry.name).find((name) => name.startsWith("valmora"));
  const place = join(folder, first);
  const openid = await provider();
  if (openid !== null) {
    await writeFile(join(place, "openid.secret"), `${openid.secret}\n`, { mode: 0o600 });
    await appendFile(join(place, "config.toml"), openid.config("openid.secret"));
  }
  const serving = await started(program, ["serve", place, "--design", "--listen", "127.0.0.1:0"], (line) => /^Sign in/.test(line));
  // A terminal that shows no link of its own gives one for a person.
  const link = linked(serving.lines) ?? linked((await once(program, ["user", "recover", place, PERSON, "--once"])).split("\n"));
  const origin = new URL(link).origin;
  openid?.serve(origin);
  return {
    origin,
    link,
    openid,
    async stop() {
      await openid?.stop();
      await serving.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An address that signs in once. */
function linked(lines) {
  return lines.join("\n").match(/https?:\/\/\S+\/enter\S+/)?.[0];
}

/** What a command prints. */
function once(program, args) {
  return new Promise((resolve, reject) =>
    execFile(program, args, (error, printed) => (error ? reject(error) : resolve(printed))),
  );
}
