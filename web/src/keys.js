// Keys: `/` search, `g` and a letter a desk, `j` `k` rows, `e` edit, `?` the list of them.

const typing = "input, textarea, select, [contenteditable]";

export function keys() {
  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.(typing)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const went = going && event.timeStamp - going < 1500;
    going = 0;
    if (went) {
      const link = document.querySelector(`[data-letter="${CSS.escape(event.key)}"]`);
      if (link) return act(event, () => link.click());
    }
    switch (event.key) {
      case "/": return act(event, () => document.getElementById("search")?.focus());
      case "g": going = event.timeStamp; return;
      case "j": return act(event, () => step(1));
      case "k": return act(event, () => step(-1));
      case "e": return act(event, edit);
      case "?": return act(event, list);
    }
    // A page may have keys of its own, each shown beside its link.
    const own = /^[a-z]$/.test(event.key) && document.querySelector(`main a[data-key="${event.key}"]`);
    if (own) return act(event, () => own.click());
  });
}

function act(event, what) {
  event.preventDefault();
  what();
}

/** The links that rows begin with, and one of them in focus. */
function step(by) {
  const links = [...document.querySelectorAll("main tr[data-row] th a[href], main .records .name a[href], main ul.sentences a[href]")];
  if (links.length === 0) return;
  const here = links.findIndex((link) => link.closest("tr, li")?.contains(document.activeElement));
  const next = here < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, here + by));
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
}

/** What is edited: the row in focus, where it can be; else what the page is about. */
function edit() {
  const row = document.activeElement?.closest("main .records > li, main tr[data-row]");
  (row?.querySelector("[data-edit]") ?? document.querySelector("[data-edit]"))?.click();
}

/** The dialog that the layout brings along. */
function list() {
  const dialog = document.getElementById("keys");
  if (dialog && !dialog.open) dialog.showModal();
}
