// What `npm run deploy:emulated` prints: a line for each step and each check, and at the end how many there were.

export class Report {
  passed = 0;
  failed = 0;

  /** One part of the whole. Its lines are printed together when it ends, because parts run side by side. */
  part(title) {
    return new Part(this, title);
  }
}

class Part {
  #report;
  #lines;

  constructor(report, title) {
    this.#report = report;
    this.#lines = [`\n${title}`];
  }

  /** Does something, and says how long it took. An error fails the part: what comes next rests on it. */
  step = async (name, act) => {
    const started = Date.now();
    const say = (mark, text) => this.#lines.push(`${mark} ${text} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    try {
      const details = await act();
      this.#report.passed++;
      say('✓', details === undefined ? name : `${name}: ${details}`);
    } catch (error) {
      this.#report.failed++;
      say('✗', name);
      this.#lines.push(error.stack ?? String(error));
      throw new Stopped();
    }
  };

  note = (text) => {
    this.#lines.push(`  ${text}`);
  };

  /** Runs the part to its end, or to the first step that fails. @returns what the part returns, or undefined */
  async run(act) {
    try {
      return await act(this);
    } catch (error) {
      if (!(error instanceof Stopped)) { throw error; }
      return undefined;
    } finally {
      console.log(this.#lines.join('\n'));
    }
  }
}

class Stopped extends Error {}
