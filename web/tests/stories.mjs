// What only a browser can show: keys, drafts that are kept while somebody types, and that everything works without script.
import assert from "node:assert/strict";
import { drafting } from "./drafting.mjs";
import { astray, sideways, violations } from "./faults.mjs";
import { picture } from "./pictures.mjs";

export async function stories({ browser, context, page, served, tally }) {
  const at = (path) => `${served.origin}${path}`;
  const fresh = (options) => browser.newContext(options);
  const cookies = await context.cookies();

  await tally.story("keys move through a page", async () => {
    await page.goto(at("/design/table?lang=en&theme=light"));
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Paper 2");
    await page.keyboard.press("k");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Paper 1");
    await page.keyboard.press("Shift+?");
    assert.equal(await page.evaluate(() => document.getElementById("keys").open), true);
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.getElementById("keys").open), false);
    await page.keyboard.press("g");
    await page.keyboard.press("h");
    await page.waitForURL(at("/"));
  });

  await tally.story("a click anywhere on a row follows it", async () => {
    await page.goto(at("/design/table"));
    await page.locator("tr[data-row]").nth(2).locator("td").nth(1).click();
    await page.waitForURL(at("/design/table?number=3"));
  });

  await tally.story("focus is seen", async () => {
    await page.goto(at("/design/form"));
    for (let press = 0; press < 12; press += 1) {
      await page.keyboard.press("Tab");
      const outline = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return document.activeElement === document.body || (style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2);
      });
      assert.ok(outline, `no outline on ${await page.evaluate(() => document.activeElement.outerHTML.slice(0, 80))}`);
    }
  });

  await tally.story("what is being typed is kept without sending it", async () => {
    await page.goto(at("/design/form"));
    const kept = page.waitForResponse((answer) => answer.url().endsWith("/drafts"));
    await page.fill("#f-title", "A title that nobody sent");
    assert.equal((await kept).status(), 204);
    await page.goto(at("/design/form"));
    assert.equal(await page.inputValue("#f-title"), "A title that nobody sent");
    // Enter in a line sends the form, and does not press the button before it, which throws away what was typed.
    assert.equal(await page.locator("form[data-draft] button[hidden]").filter({ visible: true }).count(), 0);
    await page.press("#f-title", "Enter");
    await page.waitForSelector("#summary");
    assert.equal(await page.inputValue("#f-title"), "A title that nobody sent");
    await page.goto(at("/design/form"));
    assert.deepEqual(await astray(page), []);
    await page.evaluate(() => document.querySelector("form[data-draft] button[hidden]").remove());
    assert.equal((await astray(page)).length, 1, "a form that begins with another button is found");
    await page.click("button[formaction='/drafts/drop']");
    assert.equal(await page.inputValue("#f-title"), "");
  });

  await tally.story("what cannot be kept is said, and kept once it can be", async () => {
    await page.goto(at("/design/form"));
    await page.evaluate(() => {
      window.reached = window.fetch;
      window.fetch = () => Promise.reject(new Error("away"));
    });
    await page.fill("#f-title", "Typed while the node was away");
    await page.waitForFunction(() => document.querySelector(".kept").textContent.startsWith("What you typed cannot be kept"));
    await page.evaluate(() => (window.fetch = window.reached));
    const kept = page.waitForResponse((answer) => answer.url().endsWith("/drafts"));
    assert.equal((await kept).status(), 204);
    await page.goto(at("/design/form"));
    await page.click("button[formaction='/drafts/drop']");
  });

  await tally.story("an error leads to its field", async () => {
    await page.goto(at("/design/form"));
    await page.click("form[data-draft] button.go");
    assert.equal(await page.evaluate(() => document.activeElement.id), "summary");
    await page.click("#summary a >> nth=0");
    assert.equal(await page.evaluate(() => document.activeElement.id), "f-title");
    await page.click("button[formaction='/drafts/drop']").catch(() => {});
  });

  await tally.story("everything works without script", async () => {
    const plain = await fresh({ javaScriptEnabled: false });
    await plain.addCookies(cookies);
    const other = await plain.newPage();
    await other.goto(at("/design/form?lang=en"));
    await other.fill("#f-text", "typed without script");
    await other.click("form[data-draft] button.go");
    assert.match(await other.textContent("#summary"), /Fill in: Title/);
    await other.goto(at("/design/form"));
    assert.equal(await other.inputValue("#f-text"), "typed without script");
    await other.fill("#f-title", "T");
    await other.check("input[name=state][value=done]");
    await other.check("input[name=sides][value=kestria]");
    await other.click("form[data-draft] button.go");
    await other.waitForURL(at("/design"));
    assert.match(await other.textContent(".said"), /proposed/);
    await other.goto(at("/design/table"));
    await other.click("summary:has-text('Narrow')");
    await other.check("input[name=side][value=belmark]");
    await other.click(".filters form:first-of-type button");
    assert.match(await other.textContent("#sentence"), /by Belmark/);
    await plain.close();
  });

  await tally.story("on paper it is a document: label at head and foot, source and date, nothing to click", async () => {
    await page.goto(at("/design/record?lang=en&theme=dark"));
    await page.emulateMedia({ media: "print" });
    const seen = (place) => page.locator(place).filter({ visible: true }).count();
    assert.deepEqual([await seen(".sheet .tlp"), await seen(".printed"), await seen(".desks, .search, .settings, .trail")], [2, 1, 0]);
    assert.match(await page.textContent(".printed"), /^Printed on \d+\s\w+\s\d{4}, \d\d:\d\d\sUTC by .+ from the node of /);
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), "rgb(0, 0, 0)");
    // Marks of what changed are pale on paper, whatever the theme was.
    const mark = await page.evaluate(() => getComputedStyle(document.querySelector(".difference ins")).backgroundColor);
    assert.ok(mark.match(/\d+/g).every((part) => Number(part) > 200), mark);
    await picture(page, "print");
    // By what a list is narrowed is nothing to read, however it is laid out on a screen.
    await page.goto(at("/dialogues/timeline?lang=en&theme=light"));
    assert.equal(await seen("main select, main button"), 0);
    // What is folded because it is long is there whole, by the style alone and by the script alone, and folded again after.
    await page.goto(at("/changes?lang=en"));
    const all = await page.locator("details.whole li").count();
    assert.ok(all > 100, String(all));
    assert.deepEqual([await seen("details.whole li"), await seen("details.whole summary")], [all, await page.locator("details.whole").count()]);
    await page.emulateMedia({ media: null });
    const read = await seen("details.whole li");
    assert.ok(read < all, String(read));
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assert.equal(await seen("details.whole li"), all);
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    assert.equal(await seen("details.whole li"), read);
  });

  await tally.story("what is planted is found: a picture without words, a line too wide, a script inline, a request elsewhere", async () => {
    const planted = await context.newPage();
    const errors = [];
    planted.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await planted.setViewportSize({ width: 320, height: 700 });
    await planted.goto(at("/design"));
    assert.deepEqual([await violations(planted), await sideways(planted)], [[], ""]);
    await planted.evaluate(() => {
      const image = document.createElement("img");
      image.src = "/assets/none.svg";
      const wide = document.createElement("p");
      wide.className = "planted";
      wide.textContent = "w".repeat(200);
      wide.style.overflowWrap = "normal";
      wide.style.inlineSize = "60rem";
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.querySelector("main").append(image, wide, script);
    });
    await planted.evaluate(() => fetch("http://elsewhere.test/").catch(() => {}));
    assert.match((await violations(planted)).join(), /image-alt/);
    assert.match(await sideways(planted), /planted/);
    assert.equal(await planted.evaluate(() => window.ran), undefined);
    assert.ok(errors.some((text) => text.includes("elsewhere.test")), errors.join());
    await planted.close();
  });

  for (const language of ["en", "fr"]) {
    await tally.story(`on a telephone the desks and rooms open when asked, with script and without (${language})`, async () => {
      for (const javaScriptEnabled of [true, false]) {
        const small = await fresh({ javaScriptEnabled, viewport: { width: 360, height: 740 } });
        await small.addCookies(cookies);
        const phone = await small.newPage();
        const seen = (place) => phone.locator(place).filter({ visible: true }).count();
        await phone.goto(at(`/dialogues?lang=${language}&theme=light`));
        assert.deepEqual([await seen(".menu summary"), await seen("#desks"), await seen("#search"), await seen(".top .tlp")], [1, 0, 1, 1]);
        const top = await phone.locator("main h1").evaluate((one) => one.getBoundingClientRect().top);
        assert.ok(top < 400, `the page begins ${top} px down`);
        // By keyboard: the first is the way to the content; the menu comes before the page, and its first entry right after it.
        await phone.keyboard.press("Tab");
        assert.equal(await phone.evaluate(() => document.activeElement.className), "skip");
        for (let press = 0; press < 12 && !(await phone.evaluate(() => document.activeElement.matches(".menu summary"))); press += 1) await phone.keyboard.press("Tab");
        await phone.keyboard.press("Enter");
        assert.deepEqual([await phone.evaluate(() => document.activeElement.matches(".menu[open] summary")), await seen("#desks")], [true, 1]);
        await phone.keyboard.press("Tab");
        assert.ok(await phone.evaluate(() => document.activeElement.closest("#desks") !== null));
        if (javaScriptEnabled) {
          assert.deepEqual([await violations(phone), await sideways(phone)], [[], ""]);
          await picture(phone, `menu-open-${language}`);
        }
        await phone.locator("#desks a[href='/records']").click();
        await phone.waitForURL(at("/records"));
        assert.equal(await seen("#desks"), 0);
        // Turned to lie, or on a desk, it stands open and has no button.
        await phone.setViewportSize({ width: 1000, height: 700 });
        assert.deepEqual([await seen(".menu summary"), await seen("#desks")], [0, 1]);
        await small.close();
      }
    });
  }

  await tally.story("another site's form changes nothing", async () => {
    const answer = await page.request.post(at("/views"), { headers: { origin: "https://evil.test" }, form: { path: "/", query: "?", name: "x" } });
    assert.equal(answer.status(), 403);
  });

  await drafting({ page, at, tally });
}
