// Sends what has been typed to the node while somebody types, so that nothing is lost with the browser. Secrets stay out.

const PAUSE = 1500;

export function keepDrafts() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const said = form.querySelector(".kept");
    let wait = 0;
    let sent = "";
    const content = () => {
      const typed = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string" && !name.startsWith("secret")) typed.append(name, value);
      }
      return typed;
    };
    const keep = async () => {
      const typed = content();
      if (String(typed) === sent) return;
      sent = String(typed);
      try {
        const answer = await fetch("/drafts", { method: "POST", body: typed, keepalive: true });
        if (said) said.textContent = answer.ok ? said.dataset.kept : "";
      } catch {
        sent = "";
        if (said) said.textContent = "";
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(wait);
      if (said) said.textContent = "";
      wait = setTimeout(keep, PAUSE);
    });
    form.addEventListener("submit", () => clearTimeout(wait));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && wait) keep();
    });
  }
}
