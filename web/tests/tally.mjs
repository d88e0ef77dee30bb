// Counts what was checked, and keeps what was wrong.

export class Tally {
  checks = 0;
  faults = [];
  looked = [];

  /** One thing that has to hold. */
  check(holds, what) {
    this.checks += 1;
    if (!holds) {
      this.faults.push(what);
      console.log(`FAIL ${what}`);
    }
  }

  /** Runs a story; what it throws is a fault. Says whether there was none. */
  async story(name, run) {
    this.checks += 1;
    try {
      await run();
      console.log(`ok   ${name}`);
      return true;
    } catch (error) {
      this.faults.push(`${name}: ${error.message}`);
      console.log(`FAIL ${name}: ${error.message}`);
      return false;
    }
  }

  /** A page was looked at in a language, in every theme and direction. */
  looks(path, language) {
    this.looked.push({ path, language });
  }

  /** Whether a page whose address is like that was looked at in a language. */
  saw(pattern, language) {
    return this.looked.some((one) => one.language === language && pattern.test(one.path));
  }

  /** What could not be tried, and why. */
  skip(why) {
    console.log(`SKIP ${why}`);
  }

  end() {
    console.log(`browser: ${this.checks} checks, ${this.faults.length} failed`);
    return this.faults.length === 0 ? 0 : 1;
  }
}
