// Which pages are looked at: all that a route lists, and of pages about one thing the first two that any page leads to, however far from
// the plain ones; then those which are there only while a round of a text is being prepared.
import assert from "node:assert/strict";

/** How many links lie between a plain page and the farthest that is sought. */
const FAR = 5;
/** How many of one route are gone through. */
const MANY = 12;

/** The pages about one thing, by route: two of each to be looked at, out of all that are gone through. Those that nothing leads to are left empty. */
export async function reached(page, origin, shown, plain) {
  const abouts = shown.filter((route) => route.path.includes("{")).map((route) => ({
    path: route.path,
    pattern: new RegExp(`^${route.path.replace(/\{[^}]*\}/g, "[^/]+")}$`),
    known: new Set(),
    found: [],
  }));
  let next = [...plain];
  for (let far = 0; far < FAR && next.length > 0; far += 1) {
    const here = next;
    next = [];
    for (const path of here) {
      const words = await (await page.request.get(origin + path)).text();
      for (const [, link] of words.matchAll(/<a [^>]*href="(\/[^"?#]*)/g)) {
        const about = plain.includes(link) ? undefined : abouts.find((one) => one.pattern.test(link));
        if (about === undefined || about.known.has(link) || about.known.size >= MANY) continue;
        about.known.add(link);
        if (about.found.length < 2) about.found.push(link);
        next.push(link);
      }
    }
  }
  return abouts;
}

/** Where a page leads to on this node, without what differs in how it is shown. */
async function links(page) {
  const all = await page.$$eval("a[href^='/']", (all) => all.map((one) => one.getAttribute("href")));
  return all.filter((link) => !link.startsWith("//")).map((link) => link.split(/[?#]/)[0]);
}

/** Begins the next round of a text, looks at what that leads to, and lets it go; then the same with a round that came as a file; and how one is asked back. */
export async function prepared(page, origin, draft, look) {
  const drop = () => page.request.post(`${origin}${draft}/drop`);
  await page.goto(origin + draft);
  const file = await page.getAttribute("aside a[href$='round.docx']", "href");
  const round = await (await page.request.get(origin + file)).body();
  await page.click("form[action$='/work'] button");
  await page.waitForURL(/\/work$/);
  const passage = (await links(page)).find((link) => /\/work\/[^/]+$/.test(link));
  assert.ok(passage, "no paragraph can be edited");
  const begun = [`${draft}/work`, passage, `${draft}/add`, `${draft}/forward`];
  for (const path of begun) await look(page, path);
  await drop();
  await page.goto(`${origin}${draft}/receive`);
  await page.setInputFiles("#f-file", { name: "round.docx", mimeType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", buffer: round });
  await page.fill("#f-from", "the other side");
  await page.click("main form[action$='/receive'] button.go");
  await page.waitForURL(/\/received$/);
  await look(page, `${draft}/received`);
  await drop();
  // Rounds of ours can be asked back, or it is told what stands in the way.
  await page.goto(origin + draft);
  const back = [];
  for (const round of (await links(page)).filter((link) => /\/rounds\/[^/]+$/.test(link))) {
    if ((await page.request.get(`${origin}${round}/withdraw`)).ok()) back.push(`${round}/withdraw`);
  }
  assert.ok(back.length > 0, "no round of ours can be looked at to be asked back");
  await look(page, back[0]);
  return [...begun, `${draft}/received`, back[0]];
}
