// Sends what has been typed to the node while somebody types, so that nothing is lost with the browser. Secrets stay out.

const PAUSE = 1500;
const AGAIN = 5000;

export function keepDrafts() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const said = form.querySelector(".kept");
    let wait = 0;
    let sent = "";
    // Once the form itself is on its way, a draft that came after it would bring back what was taken.
    let gone = false;
    let saving = new AbortController();
    const content = () => {
      const typed = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string" && !name.startsWith("secret")) typed.append(name, value);
      }
      return typed;
    };
    const keep = async () => {
      const typed = content();
      if (gone || String(typed) === sent) return;
      sent = String(typed);
      saving = new AbortController();
      try {
        const answer = await fetch("/drafts", { method: "POST", body: typed, keepalive: true, signal: saving.signal });
        if (answer.status >= 500) throw new Error("not kept");
        if (said) said.textContent = answer.ok ? said.dataset.kept : "";
      } catch {
        sent = "";
        if (gone) return;
        // The node is away, or its disk is full: what is typed is on this page alone until it can be kept.
        if (said) said.textContent = said.dataset.notKept;
        clearTimeout(wait);
        wait = setTimeout(keep, AGAIN);
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(wait);
      if (said) said.textContent = "";
      wait = setTimeout(keep, PAUSE);
    });
    form.addEventListener("submit", (event) => {
      if (event.submitter?.formTarget === "_blank") return;
      clearTimeout(wait);
      gone = true;
      saving.abort();
    });
    window.addEventListener("pageshow", () => (gone = false));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && wait) keep();
    });
  }
}
