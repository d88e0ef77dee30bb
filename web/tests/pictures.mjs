// Pictures of pages, for people to look at: in the folder that PICTURES names, and none where it is empty.
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = process.env.PICTURES ?? join(dirname(fileURLToPath(import.meta.url)), "../../target/screenshots");

/** The whole page as it stands, under this name. */
export async function picture(page, name) {
  if (folder === "") return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
