// Two ways to use a page: with the mouse, and with the keyboard alone. A flow is written once and done by either.

/** How often Tab is pressed at most before something counts as out of reach. */
const FAR = 250;

/** The hands of somebody at a page. */
export class Hands {
  constructor(page, keyboard) {
    this.page = page;
    this.keyboard = keyboard;
  }

  get name() {
    return this.keyboard ? "keyboard" : "mouse";
  }

  /** Follows a link or presses a button, and waits for what comes. */
  async press(place) {
    const target = this.page.locator(place).first();
    await target.waitFor();
    const answer = this.page.waitForEvent("domcontentloaded", { timeout: 20_000 });
    if (this.keyboard) {
      await this.reach(target);
      await this.page.keyboard.press("Enter");
    } else {
      await target.click();
    }
    await answer;
  }

  /** Presses a button that leads nowhere by itself. */
  async tap(place) {
    const target = this.page.locator(place).first();
    await target.waitFor();
    if (this.keyboard) {
      await this.reach(target);
      await this.page.keyboard.press("Enter");
    } else {
      await target.click();
    }
  }

  /** Writes into a field, in the place of what stands there. */
  async write(place, text) {
    const target = this.page.locator(place).first();
    await target.waitFor();
    if (this.keyboard) {
      await this.reach(target);
      await this.page.keyboard.press("ControlOrMeta+a");
      await this.page.keyboard.press("Delete");
      await this.page.keyboard.type(text);
    } else {
      await target.click();
      await target.fill(text);
    }
  }

  /** Chooses one of several that are seen, or ticks one of any. */
  async choose(place, wanted = true) {
    const target = this.page.locator(place).first();
    await target.waitFor();
    if (!this.keyboard) return target.setChecked(wanted);
    if ((await target.isChecked()) === wanted) return undefined;
    if ((await target.getAttribute("type")) === "checkbox") {
      await this.reach(target);
      return this.page.keyboard.press("Space");
    }
    // Tab leads to the one that is chosen, or to the first; arrows lead on.
    const group = await target.getAttribute("name");
    const begin = this.page.locator(`input[name="${group}"]:checked`);
    await this.reach((await begin.count()) > 0 ? begin.first() : this.page.locator(`input[name="${group}"]`).first());
    if ((await begin.count()) === 0) await this.page.keyboard.press("Space");
    for (let press = 0; press < 40 && !(await target.isChecked()); press += 1) await this.page.keyboard.press("ArrowDown");
    if (!(await target.isChecked())) throw new Error(`the arrows don't lead to ${place}`);
    return undefined;
  }

  /** Chooses one of many in a list that opens. */
  async pick(place, value) {
    const target = this.page.locator(place).first();
    await target.waitFor();
    if (!this.keyboard) return target.selectOption(value);
    await this.reach(target);
    await this.page.keyboard.press("Home");
    for (let press = 0; press < 200 && (await target.inputValue()) !== value; press += 1) await this.page.keyboard.press("ArrowDown");
    if ((await target.inputValue()) !== value) throw new Error(`the arrows don't lead to ${value} in ${place}`);
    return undefined;
  }

  /** Tab until it has the focus: what cannot be reached so is not there for who has no mouse. */
  async reach(target) {
    const element = await target.elementHandle();
    for (let press = 0; press < FAR; press += 1) {
      if (await element.evaluate((own) => document.activeElement === own)) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`Tab doesn't lead to ${target}`);
  }
}
