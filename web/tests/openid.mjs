// Signing in through a provider of identities that others wrote (npm's oidc-provider), in a browser: not bound yet, binding oneself,
// coming in by keyboard in French, and not going through with it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { picture } from "./pictures.mjs";

const CLIENT = "entente";
const SECRET = "a secret between two & the other";

/** A provider on this machine: where it is, and how it learns where the node is. Null where it could not be had. */
export async function provider() {
  const library = await import("oidc-provider").catch(() => null);
  if (library === null) return null;
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  return {
    issuer,
    /** What the operator of the node writes. */
    config: (secret) => `\n[openid]\nissuer = "${issuer}"\nclient_id = "${CLIENT}"\nclient_secret_file = "${secret}"\n[openid.names]\nen = "Ministry directory"\nfr = "Annuaire du ministère"\n`,
    secret: SECRET,
    serve(origin) {
      const client = { client_id: CLIENT, client_secret: SECRET, redirect_uris: [`${origin}/sign-in/openid/back`] };
      const silent = console.warn;
      console.warn = () => {};
      const made = new library.default(issuer, { clients: [client], cookies: { keys: ["only for tests"] } });
      console.warn = silent;
      server.on("request", made.callback());
    },
    stop: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }),
  };
}

/** Signs in at the provider and lets the node know. */
async function through(page, name) {
  await page.fill("input[name=login]", name);
  await page.fill("input[name=password]", "anything");
  await page.click("button[type=submit]");
  await page.click("button:has-text('Continue')");
}

export async function openid({ browser, context, served, tally }) {
  if (served.openid === null) {
    tally.skip("signing in through a provider of identities: npm's oidc-provider is not installed");
    return;
  }
  const at = (path) => `${served.origin}${path}`;

  await tally.story("who is not bound yet reads which name to give to an administrator", async () => {
    const other = await browser.newContext();
    const page = await other.newPage();
    await page.goto(at("/sign-in?lang=en&next=/peers"));
    await page.click("button:has-text('Sign in with Ministry directory')");
    await through(page, "ilse.at.the.ministry");
    await page.waitForURL(/openid\/back/);
    assert.match(await page.textContent("main"), /nobody at this node is bound to you/);
    assert.equal(await page.textContent("main code"), "ilse.at.the.ministry");
    await picture(page, "openid-unbound");
    await other.close();
  });

  await tally.story("somebody binds themselves at the provider, and comes in through it, by keyboard and in French", async () => {
    const page = await context.newPage();
    await page.goto(at("/account/choose?lang=en"));
    await page.click("button:has-text('Sign in with Ministry directory from now on')");
    await through(page, "ilse.at.the.ministry");
    await page.waitForURL(new RegExp(`^${served.origin}/`));
    await page.goto(at("/account"));
    assert.ok((await page.textContent("main")).includes(served.openid.issuer));
    await page.close();
    const other = await browser.newContext({ locale: "fr" });
    const theirs = await other.newPage();
    await theirs.goto(at("/sign-in?next=%2Fpeers"));
    await theirs.focus("form[action='/sign-in/openid'] button");
    assert.equal(await theirs.evaluate(() => document.activeElement.textContent), "Se connecter par «\u{a0}Annuaire du ministère\u{a0}»");
    await theirs.keyboard.press("Enter");
    await through(theirs, "ilse.at.the.ministry");
    await theirs.waitForURL(at("/peers"));
    await theirs.goto(at("/account"));
    assert.match(await theirs.textContent("#sessions + ul"), /Par un fournisseur d’identité/);
    // What came back once does not come back again.
    const answer = await theirs.request.get(at("/sign-in/openid/back?code=x&state=y"));
    assert.equal(answer.status(), 403);
    await other.close();
  });

  await tally.story("who breaks off at the provider is told, and may begin again", async () => {
    const other = await browser.newContext();
    const page = await other.newPage();
    await page.goto(at("/sign-in?lang=en"));
    await page.click("button:has-text('Sign in with Ministry directory')");
    await page.click("a:has-text('Cancel')");
    await page.waitForURL(/openid\/back/);
    assert.match(await page.textContent("main"), /did not let you in, or you did not go through with it/);
    await page.click("main a.go");
    await page.waitForURL(at("/sign-in"));
    await other.close();
  });
}
