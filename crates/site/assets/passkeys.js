// Passkeys: asks the node for a challenge, the browser for an answer, and sends that with the form. Nothing else depends on it.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

/** What the browser takes: binary values in place of base64url. */
function options(asked) {
  const key = asked.publicKey;
  key.challenge = bytes(key.challenge);
  if (key.user) key.user.id = bytes(key.user.id);
  for (const list of [key.excludeCredentials, key.allowCredentials]) {
    for (const one of list ?? []) one.id = bytes(one.id);
  }
  return { publicKey: key };
}

/** What the node takes. */
function written(made) {
  const given = made.response;
  const response = { clientDataJSON: text(given.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (given[name]) response[name] = text(given[name]);
  }
  if (given.getTransports) response.transports = given.getTransports();
  return JSON.stringify({
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    response,
    extensions: made.getClientExtensionResults(),
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  const failed = form.querySelector("[data-passkey-failed]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const asked = await fetch(form.dataset.passkey, { method: "POST", credentials: "same-origin" });
      if (!asked.ok) throw new Error(String(asked.status));
      const challenge = await asked.json();
      const made = await navigator.credentials[form.dataset.passkeyHow](options(challenge.options));
      form.elements.namedItem("number").value = challenge.number;
      form.elements.namedItem("answer").value = written(made);
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
