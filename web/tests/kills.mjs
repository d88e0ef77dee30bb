// The node is killed while somebody types, sends a file, publishes: nothing that was typed or confirmed is lost, nothing half done is left.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { connect } from "node:net";

export async function kills({ step }) {
  await step("killed in mid-form: what was typed is there again", midForm);
  await step("killed in mid-upload: nothing is left of it, and it can be sent again", midUpload);
  await step("killed in mid-publication: it stands as it was confirmed", midPublication);
}

const REPORT = "/records/report--00000000-0000-4000-8000-000000000002";

async function midForm({ house, first }) {
  const { page } = first;
  await first.go(`${REPORT}/remark`);
  const kept = page.waitForResponse((answer) => answer.url().endsWith("/drafts"));
  await page.fill("#f-text", "Half of a sentence that nobody has");
  assert.equal((await kept).status(), 204);
  await house.killed();
  await first.go(`${REPORT}/remark`);
  assert.equal(await page.inputValue("#f-text"), "Half of a sentence that nobody has");
  await page.waitForSelector(".resumed");
  await page.click("button[formaction='/drafts/drop']");
}

async function midUpload({ house, first }) {
  const cookies = await first.context.cookies(house.origin);
  const cookie = cookies.map((one) => `${one.name}=${one.value}`).join("; ");
  const before = (await readdir(house.folder)).sort();
  const socket = connect(Number(house.port), "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  const gone = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => {});
  const head = `--xYz\r\nContent-Disposition: form-data; name="file"; filename="half.bundle"\r\n\r\n`;
  socket.write(`POST /bundles/try HTTP/1.1\r\nHost: localhost:${house.port}\r\nCookie: ${cookie}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: multipart/form-data; boundary=xYz\r\nContent-Length: 9000000\r\n\r\n${head}`);
  await new Promise((resolve) => socket.write(Buffer.alloc(4_000_000, 65), resolve));
  await house.killed();
  await gone;
  assert.deepEqual((await readdir(house.folder)).sort(), before, "nothing is left beside the database");
  await first.go("/bundles");
  assert.equal(await first.page.locator("a[href='/bundles/brought']").count(), 0);
  await first.page.setInputFiles("#f-file", { name: "whole.bundle", mimeType: "application/octet-stream", buffer: Buffer.from("age-encryption.org/v1\nnot one of ours\n") });
  await first.hands.press("form[action='/bundles/try'] button.go");
  await first.page.waitForSelector("#f-file-error");
  assert.match(await first.says("table"), /whole\.bundle/, "what was refused is listed");
}

async function midPublication({ house, first, second }) {
  await first.go(`${REPORT}/remark`);
  await first.page.fill("#f-text", "The ministries answer again.");
  await first.page.check("input[name=tlp][value=CLEAR]");
  await first.hands.press(`form[action='${REPORT}/remark'] button.go`);
  await second.go("/clearance");
  const path = await second.page.locator("main table a[href^='/clearance/cases/']").first().getAttribute("href");
  const signing = "form[action$='/sign/0']";
  // The node dies while the signature is on its way.
  const sent = second.page.request.post(second.at(`${path}/sign/0`), { headers: { "sec-fetch-site": "same-origin" }, form: { "verdict-0": "given" }, maxRedirects: 0 }).then((answer) => answer.status(), () => 0);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await house.killed();
  const status = await sent;
  await second.go(path);
  const open = await second.page.locator(signing).count();
  assert.ok(status === 0 || open === 0, "what was acknowledged stands");
  if (open > 0) {
    await second.hands.choose("input[name='verdict-0'][value=given]");
    await second.hands.press(`${signing} button.go`);
  }
  assert.equal(await second.page.locator(signing).count(), 0);
  const outside = await second.page.request.get(second.at("/public"), { headers: { cookie: "" } });
  assert.ok(!(await outside.text()).includes("The ministries answer"), "the delay runs on");
  await house.killed();
  await second.go(path);
  assert.match(await second.says("main"), /The ministries answer again/);
  assert.equal(await second.page.locator(signing).count(), 0, "the signature outlives the process");
  await second.hands.press("form[action$='/withdraw'] button");
}
