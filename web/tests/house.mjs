// A node of its own for a flow: made, set up by nobody yet, killed and started again at the same address; and who comes to it.
import { execFile, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hands } from "./hands.mjs";

/** What a command prints; an error has what it printed besides. */
export function command(program, args) {
  return new Promise((resolve, reject) =>
    execFile(program, args, (error, printed, said) => (error ? reject(new Error(`${args.join(" ")}: ${said || printed}`)) : resolve(printed))),
  );
}

export class House {
  /** Makes a node and starts it; of a State or organization where `whose` says so. */
  static async open(program, name, ...whose) {
    const house = new House();
    house.program = program;
    house.root = await mkdtemp(join(tmpdir(), "entente-flow-"));
    house.folder = join(house.root, "node");
    await command(program, ["init", house.folder, "--participant", name, ...whose]);
    await house.start("127.0.0.1:0");
    return house;
  }

  /** Starts it, and remembers where it listens. */
  async start(listen) {
    const child = spawn(this.program, ["serve", this.folder, "--listen", listen, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    this.ended = new Promise((resolve) => child.once("exit", resolve));
    child.stderr.on("data", (text) => process.env.VERBOSE && process.stderr.write(text));
    const said = await new Promise((resolve, reject) => {
      let text = "";
      child.stdout.on("data", (part) => {
        text += part;
        if (text.includes("\n")) resolve(JSON.parse(text.split("\n")[0]));
      });
      this.ended.then((code) => reject(new Error(`the node ended with ${code}: ${text}`)));
    });
    this.code = said.set_up_code;
    this.port = said.listening.split(":").pop();
    // Passkeys are for names, not for bare addresses.
    this.origin = `http://localhost:${this.port}`;
  }

  /** The process is gone without a word, and another is started where it was. */
  async killed() {
    this.child.kill("SIGKILL");
    await this.ended;
    await this.start(`127.0.0.1:${this.port}`);
  }

  /** Brings objects in as a program of another participant does. */
  async post(objects) {
    this.program_secret ??= JSON.parse(await command(this.program, ["access", "add", this.folder, "feed", "--participant", "CSIRT of Valmora", "--write", "situation", "--json"])).secret;
    const answer = await fetch(`http://127.0.0.1:${this.port}/taxii2/root/collections/situation/objects/`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`feed:${this.program_secret}`).toString("base64")}`, "content-type": "application/taxii+json;version=2.1", accept: "application/taxii+json;version=2.1" },
      body: JSON.stringify({ objects }),
    });
    if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
  }

  /** Asks the peers, and gives them what they wait for, now. */
  async asks() {
    await command(this.program, ["sync", this.folder]);
  }

  async close() {
    this.child.kill("SIGINT");
    await this.ended;
    await rm(this.root, { recursive: true, force: true });
  }

  /** Brings objects in, as the operator does. */
  async bring(objects, ...how) {
    const file = join(this.root, "brought.json");
    await writeFile(file, JSON.stringify({ type: "bundle", id: "bundle--00000000-0000-4000-8000-000000000000", objects }));
    await command(this.program, ["import", this.folder, file, "--collection", "situation", ...how]).catch((error) => {
      // What awaits a decision makes it end with 1.
      if (!/await/.test(error.message)) throw error;
    });
  }
}

/** A report that nobody in particular wrote. */
export function report(number, name, text, modified = "2026-01-01T00:00:00.000Z") {
  return {
    type: "report", spec_version: "2.1", id: `report--00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    created: "2026-01-01T00:00:00.000Z", modified, name, description: text, report_types: ["threat-report"], published: "2026-01-01T00:00:00Z",
    object_refs: ["identity--00000000-0000-4000-8000-00000000000a"],
  };
}

/** Somebody with a browser of their own: a passkey device that shows itself when asked, and hands. */
export async function person(browser, house, { language, keyboard }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: language === "fr" ? "fr-FR" : "en-GB" });
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => message.type() === "error" && !/status of 4\d\d|ERR_CONNECTION|ERR_EMPTY/.test(message.text()) && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(error.message));
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const device = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  await devtools.send("WebAuthn.addVirtualAuthenticator", { options: device });
  return {
    context, page, faults,
    hands: new Hands(page, keyboard),
    at: (path) => `${house.origin}${path}`,
    go: (path) => page.goto(`${house.origin}${path}`),
    says: async (place = "body") => (await page.textContent(place)) ?? "",
    language: () => page.evaluate(() => document.documentElement.lang),
  };
}

/** Sets a node up, by the shortest way. */
export async function settled({ hands, page, go }, house, language) {
  await go(`/setup?lang=${language}&theme=light`);
  await hands.write("#f-secret-code", house.code);
  await hands.write("#f-name", "Cleo Marin");
  await hands.write("#f-login", "cleo");
  await hands.press("main form button.go");
  await hands.write("#f-label", "grey key");
  await hands.tap("form[data-passkey] button.go");
  await page.waitForSelector("ol.codes");
  await hands.press("main a.go");
  await hands.press("main form button.go");
  await hands.press("main form button.go");
  await page.waitForURL(`${house.origin}/`);
}

/** Each reads its words to the other, and says where it is reached, if it is. */
export async function acquainted(one, other, reached = false) {
  const files = [join(one.root, "own.introduction"), join(other.root, "own.introduction")];
  const words = [];
  for (const [house, file] of [[one, files[0]], [other, files[1]]]) {
    const made = await command(house.program, ["peer", "introduce", house.folder, ...(reached ? ["--address", `http://127.0.0.1:${house.port}`] : []), "--output", file, "--json"]);
    words.push(JSON.parse(made).words.english.split(" "));
  }
  for (const [house, file, spoken] of [[one, files[1], words[1]], [other, files[0], words[0]]]) {
    const added = JSON.parse(await command(house.program, ["peer", "add", house.folder, file, "--json"]));
    await command(house.program, ["peer", "confirm", house.folder, added.name, ...spoken]);
  }
}

/** The code that an app shows for a secret (RFC 6238), some seconds from now. */
export function totp(secret, ahead = 0) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "";
  for (const letter of secret.replaceAll(/[^A-Z2-7]/g, "")) bits += letters.indexOf(letter).toString(2).padStart(5, "0");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(Math.floor((Date.now() / 1000 + ahead) / 30)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac[mac.length - 1] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
