// A click anywhere on a row follows its link; text that is being selected is left alone.

export function rows() {
  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-row]");
    if (!row || event.target.closest("a, button, input, label, summary")) return;
    if (String(getSelection()) !== "") return;
    const link = row.querySelector("th a[href]");
    if (!link) return;
    if (event.ctrlKey || event.metaKey) open(link.href, "_blank", "noopener");
    else location.assign(link.href);
  });
}
