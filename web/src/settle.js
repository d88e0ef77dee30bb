// Where the eye and the keyboard begin: at the summary of errors, if there is one; menus close again.

export function settle() {
  document.getElementById("summary")?.focus();
  for (const menu of document.querySelectorAll("details.theme")) {
    const close = (event) => {
      if (event.type === "keydown" ? event.key === "Escape" : !menu.contains(event.target)) menu.open = false;
    };
    document.addEventListener("click", close);
    document.addEventListener("keydown", close);
  }
}
