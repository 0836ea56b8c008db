// One socket per browser: the tab that holds the lock leads, the others follow over a channel.
// Names hold person and session, so that two people on one machine never share.
export class Tabs {
  #channel = null; #off = new AbortController(); #release = null; #seen = null;

  // lead(): this tab now owns the socket. demote(): it was robbed of it. hear(message): from another tab.
  constructor(scope, { lead, demote, hear }) {
    this.name = `desk:${scope}`;
    this.leading = false;
    this.lead = lead;
    this.demote = demote;
    if (!navigator.locks) {               // no secure context: every tab leads itself
      queueMicrotask(() => { this.leading = true; lead(); });
      return;
    }
    this.#channel = new BroadcastChannel(this.name);
    this.#channel.onmessage = ({ data }) => hear(data);
    document.addEventListener("visibilitychange", () => this.#mark(), { signal: this.#off.signal });
    this.#mark();
    this.#wait();
  }

  tell(message) { this.#channel?.postMessage(message); }

  // A visible follower whose leader fell silent (a hung or frozen tab) takes the lock away from it.
  steal() { if (navigator.locks && !this.leading) this.#wait({ steal: true }); }

  async anybodyLooking() {
    if (!navigator.locks) return !document.hidden;
    return (await navigator.locks.query()).held.some((lock) => lock.name === `${this.name}:visible`);
  }

  close() {
    this.#off.abort();
    this.#release?.();
    this.#seen?.();
    this.#channel?.close();
  }

  #wait(how = { signal: this.#off.signal }) {
    navigator.locks.request(this.name, how, () => {
      if (this.#off.signal.aborted) return undefined;
      this.leading = true;
      this.lead();
      return new Promise((done) => { this.#release = done; });
    }).catch(() => {
      if (this.#off.signal.aborted) return;
      this.leading = false;
      this.demote();
      this.#wait();
    });
  }

  // Visible tabs hold a shared lock: "is anybody looking?"
  #mark() {
    this.#seen?.();
    this.#seen = null;
    if (document.hidden) return;
    navigator.locks.request(`${this.name}:visible`, { mode: "shared" }, () =>
      document.hidden ? undefined : new Promise((done) => { this.#seen = done; }));
  }
}
