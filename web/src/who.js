// Tells who will see it while a label is being chosen: the node says it, in the same words as on its own page.

export function tellWho() {
  for (const box of document.querySelectorAll("[data-who]")) {
    const form = box.closest("form");
    let asked = 0;
    const tell = async () => {
      const chosen = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (name === "tlp" || name === "for") chosen.append(name, value);
      }
      const turn = ++asked;
      // Until it is known with whom, and where it can't be known, the button says what is true of any label.
      const button = form.querySelector("[data-by-label]");
      if (button) button.textContent = button.dataset.byLabel;
      const answer = await fetch(`/label?${chosen}`).catch(() => null);
      if (!answer?.ok || turn !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const told = page.querySelector("main .who");
      if (!told) return;
      box.querySelector(".who")?.replaceWith(document.importNode(told, true));
      if (button && told.dataset.verb) button.textContent = told.dataset.verb;
    };
    box.setAttribute("aria-live", "polite");
    form.addEventListener("change", (event) => {
      if (event.target.name === "tlp" || event.target.name === "for") tell();
    });
    // What was chosen before, in a draft or in a form that came back with errors, may differ from what the form begins with.
    if (!box.querySelector(".who p") || form.querySelector("[data-by-label]") || document.querySelector(".resumed, .summary")) tell();
  }
}
