// Without sockets: the same frames by HTTP, as long as nothing better is there.
const AFTER = 6_000, EVERY = 10_000;

export class Poll {
  #timer = 0; #first = 0;

  // topics(): what to ask for, {topic: position}. take(frame). heard(). ended(): the session is over.
  constructor(url, { topics, take, heard, ended }) { Object.assign(this, { url, topics, take, heard, ended }); }

  start() {
    this.#timer ||= setInterval(() => this.now(), EVERY);
    this.#first ||= setTimeout(() => this.now(), AFTER);
  }

  stop() {
    clearInterval(this.#timer);
    clearTimeout(this.#first);
    this.#timer = this.#first = 0;
  }

  async now() {
    const wanted = Object.entries(this.topics());
    if (!wanted.length || document.hidden) return;
    const topics = wanted.map(([topic, at]) => (at ? `${topic}@${at}` : topic)).join(",");
    const answer = await fetch(`${this.url}?${new URLSearchParams({ topics })}`).catch(() => null);
    if (answer?.status === 401 || answer?.redirected) return this.ended();
    if (!answer?.ok) return;
    this.heard();
    for (const message of await answer.json()) this.take(message);
  }
}
