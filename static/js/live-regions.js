// The [data-topic] regions of this page: where each stands, what it asks for, and the frames that move it on.
// Rule for a frame {t, p, n}: n ≤ cursor is dropped; p > cursor is asked for again; else it is applied and cursor = n.
import { swap } from "./live-swap.js";

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export class Regions {
  #at = new Map();          // topic → {written, epoch, seq, synced, asked}
  #chain = Promise.resolve();

  // ask(topics): again from where they stand. ended(): the session is over. emit(name, detail).
  constructor(host, { ask, ended, emit }) { Object.assign(this, { host, ask, ended, emit }); }

  get topics() { return [...this.#at.keys()]; }
  get cursors() { return Object.fromEntries([...this.#at].map(([topic, at]) => [topic, `${at.epoch}:${at.seq}`])); }
  get synced() { return [...this.#at.values()].every((at) => at.synced); }

  // Take up regions that came with a swap, forget those that left; true when there are new ones.
  scan() {
    const here = new Map();
    for (const region of document.querySelectorAll("[data-topic]")) here.set(region.dataset.topic, region);
    for (const topic of this.#at.keys()) if (!here.has(topic)) this.#at.delete(topic);
    let fresh = false;
    for (const [topic, region] of here) {
      // A region that was swapped by hand may show less than we had already applied: start from what it says.
      if (this.#at.get(topic)?.written === (region.dataset.at ?? "")) continue;
      this.#at.set(topic, position(region));
      fresh = true;
    }
    return fresh;
  }

  // Where these topics stand, now that this is going to be said.
  wanted(topics) {
    const wanted = {};
    for (const topic of topics) {
      const at = this.#at.get(topic);
      if (!at) continue;
      at.synced = false;
      at.asked = Date.now();
      wanted[topic] = `${at.epoch}:${at.seq}`;
    }
    return wanted;
  }

  // One after the other, in the order they came.
  receive(message) {
    if (message.op === "hb") this.#chain = this.#chain.then(() => this.#heads(message.heads));
    else if (message.op === "patch" || message.op === "reset") this.#chain = this.#chain.then(() => this.#take(message));
  }

  async #take(message) {
    const at = this.#at.get(message.t);
    if (!at) return;
    if (!at.synced && at.seq && message.n > at.seq) this.emit("desk:behind", { n: message.n - at.seq });
    try {
      if (message.op === "reset" || message.epoch !== at.epoch) return await this.#refetch(message.t);
      if (message.n <= at.seq) {
        if (message.n === at.seq) at.synced = true;
        return;
      }
      if (message.p > at.seq) {
        if (at.synced || Date.now() - at.asked > 1_000) this.ask([message.t]);
        return;
      }
      if (message.content) await swap(this.host, { target: this.host, swap: "none", text: message.content });
      at.seq = message.n;
      at.synced = true;
      this.emit("desk:patch", message);
    } catch (error) {
      // A frame that cannot be applied is never asked for again: fetch the region once, then wait for the next beat.
      console.error("desk-socket", error);
      await this.#refetch(message.t).catch(() => {});
    }
  }

  // Up to `head` this socket has been sent everything. Who is in step may adopt it; who is not asks.
  #heads(heads) {
    const late = [];
    for (const [topic, head] of Object.entries(heads)) {
      const at = this.#at.get(topic);
      if (!at || head <= at.seq) continue;
      if (at.synced) at.seq = head;
      else if (Date.now() - at.asked > 2_000) late.push(topic);
    }
    if (late.length) this.ask(late);
  }

  // Recovery is first load: the page's own region, morphed in.
  async #refetch(topic) {
    await wait(Math.random() * 300);
    for (const region of document.querySelectorAll(`[data-topic="${CSS.escape(topic)}"]`)) {
      const answer = await fetch(region.dataset.src, { headers: { "HX-Request": "true" } });
      if (answer.status === 401 || answer.redirected) return this.ended();
      if (!answer.ok) throw new Error(`${region.dataset.src} ${answer.status}`);
      await swap(this.host, { target: region, swap: "outerMorph", text: await answer.text() });
    }
    const region = document.querySelector(`[data-topic="${CSS.escape(topic)}"]`);
    if (!region) return void this.#at.delete(topic);
    this.#at.set(topic, position(region));
    this.emit("desk:reset", { topic });
    this.ask([topic]);
  }
}

function position(region) {
  const written = region.dataset.at ?? "";
  const [epoch, seq] = written.split(":");
  return { written, epoch: epoch || "-", seq: Number(seq) || 0, synced: false, asked: 0 };
}
