// Files that are dropped on a form, folders among them, and sent in portions, so that a thousand of them arrive whatever the line.

const FILES = 40;
const BYTES = 8 << 20;

export function files() {
  for (const form of document.querySelectorAll("form[data-portions]")) {
    const dropped = [];
    form.addEventListener("dragover", (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
    form.addEventListener("dragleave", () => form.classList.remove("over"));
    form.addEventListener("drop", async (event) => {
      event.preventDefault();
      form.classList.remove("over");
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
      for (const entry of entries) await walk(entry, dropped);
      if (entries.length === 0) for (const file of event.dataTransfer.files) dropped.push([file.name, file]);
      tell(form, 0, dropped.length);
    });
    form.addEventListener("submit", (event) => {
      const chosen = [...form.querySelectorAll("input[type=file]")].flatMap((input) =>
        [...input.files].map((file) => [file.webkitRelativePath || file.name, file, input.name]),
      );
      const all = [...chosen, ...dropped];
      // Nothing chosen: the node says so. Few: one portion is enough.
      if (all.length === 0) return;
      event.preventDefault();
      // What arrived stays: sending again goes on from there.
      send(form, all).catch(() => (form.querySelector("button.go").disabled = false));
    });
  }
}

/** All files of a dropped folder, by their paths. */
async function walk(entry, into) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject)).catch(() => null);
    if (file) into.push([entry.fullPath.replace(/^\//, ""), file]);
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)).catch(() => []);
    if (some.length === 0) return;
    for (const one of some) await walk(one, into);
  }
}

async function send(form, all) {
  const button = form.querySelector("button.go");
  if (button) button.disabled = true;
  const field = form.querySelector("input[type=file]").name;
  let begun = form.elements.begun?.value ?? "";
  let to = "";
  for (let at = 0; at < all.length; ) {
    const portion = new FormData();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "begun") portion.append(name, value);
    if (begun) portion.append("begun", begun);
    let bytes = 0;
    let count = 0;
    while (at < all.length && count < FILES && (count === 0 || bytes + all[at][1].size <= BYTES)) {
      const [name, file, own] = all[at];
      portion.append(own ?? field, file, name);
      bytes += file.size;
      count += 1;
      at += 1;
    }
    if (at < all.length) portion.append("more", "yes");
    const answer = await fetch(form.action, { method: "POST", body: portion });
    if (!answer.ok) throw new Error(String(answer.status));
    to = answer.url;
    begun = new URL(to).pathname.split("/").pop();
    if (form.elements.begun) form.elements.begun.value = begun;
    tell(form, at, all.length);
  }
  location.assign(to);
}

function tell(form, n, all) {
  const place = form.querySelector(".kept");
  if (place) place.textContent = form.dataset.portions.replace("##", String(all)).replace("#", String(n));
}
