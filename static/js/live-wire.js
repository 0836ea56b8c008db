// The one websocket, which the leading tab holds for all: opened again after every loss, and asked for what tabs want.
const VERSION = 1;
const FINAL = { 4401: "signed-out", 4403: "forbidden", 4409: "outdated" };
const CONNECT_WITHIN = 5_000, GATHER = 20;
const backoff = (tries) => Math.min(8_000, 300 * 1.7 ** tries) * (0.5 + Math.random() / 2);

export class Wire {
  #ws = null; #tries = 0; #timer = 0; #welcomed = false;
  #wanted = new Map();      // what to subscribe once the socket is open
  #known = new Set();       // what some tab has asked for on this socket

  // opening(), welcomed(frame), hear(frame), lost(), ended(state).
  constructor(src, told) { Object.assign(this, { src, ...told }); }

  get there() { return this.#ws !== null; }
  get isOpen() { return this.#ws?.readyState === WebSocket.OPEN; }
  get joining() { return this.there && !this.#welcomed; }
  static get patience() { return CONNECT_WITHIN; }

  open() {
    clearTimeout(this.#timer);
    if (this.#ws?.readyState <= WebSocket.OPEN) return;
    const url = new URL(this.src, location.href.replace(/^http/, "ws"));
    url.search = `topics=&v=${VERSION}`;
    const ws = (this.#ws = new WebSocket(url));
    this.#welcomed = false;
    ws.onmessage = ({ data }) => ws === this.#ws && this.#take(JSON.parse(data));
    ws.onclose = ({ code }) => ws === this.#ws && this.#lost(code);
    this.opening();
  }

  // At once, however long the pause was going to be.
  retry() {
    this.#tries = 0;
    this.open();
  }

  drop() {
    clearTimeout(this.#timer);
    const old = this.#ws;
    this.#ws = null;
    old?.close(1000);
  }

  // The line is dead without saying so.
  giveUp() {
    if (!this.there) return;
    this.drop();
    this.#lost(1006);
  }

  say(message) {
    if (!this.isOpen || !this.#welcomed) return false;
    this.#ws.send(JSON.stringify(message));
    return true;
  }

  subscribe(topics) {
    for (const [topic, at] of Object.entries(topics)) {
      const before = this.#wanted.get(topic);
      this.#wanted.set(topic, before === undefined ? at : earlier(before, at));
      this.#known.add(topic);
    }
    if (!this.isOpen || !this.#welcomed) return;
    // Tabs ask at the same moment: one message for all of them.
    setTimeout(() => {
      if (this.#wanted.size && this.say({ op: "sub", topics: Object.fromEntries(this.#wanted) })) this.#wanted.clear();
    }, GATHER);
  }

  keep(topics) { topics.forEach((topic) => this.#known.add(topic)); }

  // Ask the tabs what they still show, then stop listening in the rest.
  async forget(ask) {
    const before = new Set(this.#known);
    this.#known.clear();
    await ask();
    const gone = [...before].filter((topic) => !this.#known.has(topic));
    if (gone.length) this.say({ op: "unsub", topics: gone });
  }

  #take(message) {
    if (message.op === "welcome") {
      this.#tries = 0;
      this.#welcomed = true;
      this.#known.clear();
      this.#wanted.clear();
      this.welcomed(message);
    } else this.hear(message);
  }

  #lost(code) {
    this.#ws = null;
    if (FINAL[code]) return this.ended(FINAL[code]);
    if (code === 4429) this.#tries += 4;
    this.#tries += 1;
    this.lost();
    this.#timer = setTimeout(() => this.open(), backoff(this.#tries - 1));
  }
}

// Of two tabs' positions in one topic, the one that is behind; of two epochs, either: the server resets it.
function earlier(one, other) {
  const [a, b] = [one, other].map((written) => Number(written.split(":")[1]));
  return a <= b ? one : other;
}
