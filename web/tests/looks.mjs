// A page in every look: three themes, both directions. Theme and direction are attributes, so that one page is looked at six times.
import { violations } from "./faults.mjs";

const THEMES = ["light", "dark", "contrast"];

/** Puts a theme and a direction on the page that is there. */
export function wear(page, look) {
  return page.evaluate(({ theme, dir }) => Object.assign(document.documentElement, { dir }).setAttribute("data-theme", theme), look);
}

/** What axe finds in each look, told to `check`; `worn` is called in each theme, from left to right. The page is left in the light. */
export async function inEveryLook(page, check, { directions = ["ltr", "rtl"], worn = () => {} } = {}) {
  for (const theme of THEMES) {
    for (const dir of directions) {
      await wear(page, { theme, dir });
      const found = await violations(page);
      check(found.length === 0, `${theme} ${dir}: ${found.join("; ")}`);
    }
    await wear(page, { theme, dir: "ltr" });
    await worn(theme);
  }
  await wear(page, { theme: "light", dir: "ltr" });
}
