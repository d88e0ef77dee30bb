// What can be wrong with a page as it is shown: what axe finds, what makes it scroll sideways, what Enter in a field would press.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds, a line each. It comes in past the content policy, as a person's own tool does. */
export async function violations(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"], preload: false }));
  return result.violations.map((found) => `${found.id} (${found.nodes.length}): ${found.nodes[0].html.slice(0, 160)} ${found.nodes[0].any[0]?.message ?? ""}`);
}

/** What reaches beyond the side of the window, if the page scrolls there; nothing if it doesn't. */
export async function sideways(page) {
  return page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    const beyond = [...document.querySelectorAll("body *")].filter((element) => {
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      return box.width > 0 && (box.right > limit + 1 || box.left < -1) && style.position !== "absolute" && !element.closest(".scrolls, .unseen, .skip, .drill, dialog");
    });
    const scrolls = document.documentElement.scrollWidth > limit;
    return scrolls ? `${document.documentElement.scrollWidth} px: ${beyond.slice(0, 3).map((e) => `${e.tagName}.${e.className}`).join(", ")}` : "";
  });
}

/** The forms in which Enter in a line would press another button than their own: one that sends what was typed elsewhere. */
export async function astray(page) {
  return page.evaluate(() => {
    const presses = (form) => [...form.elements].find((control) => ["submit", "image"].includes(control.type) && !control.disabled);
    const forms = [...document.forms].filter((form) => presses(form)?.hasAttribute("formaction"));
    return forms.map((form) => `${form.getAttribute("action")}: ${presses(form).outerHTML}`);
  });
}
