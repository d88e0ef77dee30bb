// Work that takes its time is looked at again while its page is in sight; an address is copied by a button.

const AGAIN = 3000;

export function live() {
  const shown = document.querySelector("[data-live]");
  if (shown) setTimeout(look, AGAIN);
  for (const button of document.querySelectorAll("button[data-copies]")) {
    const link = button.parentElement.querySelector("[data-copy]");
    if (!link || !navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(link.href);
      button.textContent = button.dataset.copies;
    });
  }
}

async function look() {
  const shown = document.querySelector("[data-live]");
  if (!shown) return;
  if (document.visibilityState === "visible" && !shown.contains(document.activeElement)) {
    const answer = await fetch(location.href).catch(() => null);
    if (answer?.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(shown.id);
      if (fresh) shown.replaceWith(document.importNode(fresh, true));
    }
  }
  setTimeout(look, AGAIN);
}
