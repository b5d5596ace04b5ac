// Requests of which only the newest counts.

/**
 * Runs one request at a time; of those that come meanwhile, the last one follows, the others are left out.
 * @template A, R
 */
export class Latest {
  /**
   * @param {(argument: A, signal: AbortSignal) => Promise<R>} request
   * @param {(result: R, argument: A) => void} done
   * @param {(error: any) => void} failed
   */
  constructor(request, done, failed) {
    this.request = request;
    this.done = done;
    this.failed = failed;
    /** @type {{argument: A}|null} */
    this.next = null;
    /** @type {AbortController|null} */
    this.running = null;
  }

  get isBusy() { return this.running !== null; }

  /** @param {A} argument */
  ask(argument) {
    this.next = { argument };
    if (!this.running) void this.run();
  }

  /** Forgets what runs and what waits. */
  cancel() {
    this.next = null;
    this.running?.abort();
    this.running = null;
  }

  async run() {
    while (this.next) {
      const { argument } = this.next;
      this.next = null;
      const control = new AbortController();
      this.running = control;
      try {
        const result = await this.request(argument, control.signal);
        if (this.running !== control) return;
        if (!this.next) this.running = null;
        this.done(result, argument);
      } catch (error) {
        if (this.running !== control) return;
        if (!this.next) this.running = null;
        this.failed(error);
      }
    }
    this.running = null;
  }
}
