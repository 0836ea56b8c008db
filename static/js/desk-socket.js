// <desk-socket src="/live" since="/live/since" scope="PERSON.SESSION.LANGUAGE"> keeps every [data-topic] region of the page live.
// A region says which topic it shows, where it stood when rendered, and where it can be fetched again:
//   <ul id="members" data-topic="members:org" data-at="EPOCH:SEQ" data-src="/desk/members/region">
// Rule for a frame {t, p, n}: n ≤ cursor is dropped; p > cursor is asked for again; else it is applied and cursor = n.
import "./live-line.js";
import { swap } from "./live-swap.js";
import { Tabs } from "./live-tabs.js";

const VERSION = 1;
const FINAL = { 4401: "signed-out", 4403: "forbidden", 4409: "outdated" };
const CONNECT_WITHIN = 5_000, POLL_AFTER = 6_000, POLL_EVERY = 10_000, ROLL_EVERY = 60_000, GATHER = 20;
const backoff = (tries) => Math.min(8_000, 300 * 1.7 ** tries) * (0.5 + Math.random() / 2);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

class DeskSocket extends HTMLElement {
  #topics = new Map();      // topic → {written, epoch, seq, synced, asked}
  #tabs; #off; #ws = null; #tries = 0; #timer = 0; #dog = 0; #beat = 10;
  #wanted = new Map();      // leader: what to subscribe once the socket is open
  #known = new Set();       // leader: topics some tab has asked for on this socket
  #poll = 0; #first = 0; #roll = 0; #heard = Date.now(); #final = false;
  #chain = Promise.resolve();
  skew = 0;                 // the server's clock minus ours, in ms

  connectedCallback() {
    this.#off = new AbortController();
    const listen = { signal: this.#off.signal };
    this.#scan();
    this.#tabs = new Tabs(this.getAttribute("scope"), {
      lead: () => this.#lead(), demote: () => this.#demote(), hear: (message) => this.#hear(message),
    });
    document.addEventListener("htmx:after:swap", () => this.#scan() && this.#ask(), listen);
    addEventListener("online", () => this.#hurry(), listen);
    addEventListener("pageshow", (event) => event.persisted && this.#hurry(), listen);
    addEventListener("pagehide", () => this.#tabs.tell({ op: "bye" }), listen);
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry(), listen);
    this.#watch();
    this.#ask();
  }

  disconnectedCallback() {
    this.#off.abort();
    this.#tabs.close();
    this.#drop();
    [this.#timer, this.#dog, this.#first].forEach(clearTimeout);
    [this.#poll, this.#roll].forEach(clearInterval);
  }

  get cursors() { return Object.fromEntries([...this.#topics].map(([topic, at]) => [topic, `${at.epoch}:${at.seq}`])); }

  // Somebody here has just changed something: without a socket, see it now instead of at the next poll.
  hurry() { if (this.dataset.state !== "live" && !this.#final) this.#catchUp(); }

  // ---- regions of this page

  // Take up regions that came with a swap, forget those that left; true when there are new ones.
  #scan() {
    const here = new Map();
    for (const region of document.querySelectorAll("[data-topic]")) here.set(region.dataset.topic, region);
    for (const topic of this.#topics.keys()) if (!here.has(topic)) this.#topics.delete(topic);
    let fresh = false;
    for (const [topic, region] of here) {
      // A region that was swapped by hand may show less than we had already applied: start from what it says.
      if (this.#topics.get(topic)?.written === (region.dataset.at ?? "")) continue;
      this.#topics.set(topic, position(region));
      fresh = true;
    }
    return fresh;
  }

  // "Bring me up to date from where I stand."
  #ask(topics = [...this.#topics.keys()]) {
    const wanted = {};
    for (const topic of topics) {
      const at = this.#topics.get(topic);
      if (!at) continue;
      at.synced = false;
      at.asked = Date.now();
      wanted[topic] = `${at.epoch}:${at.seq}`;
    }
    if (!Object.keys(wanted).length) return;
    if (this.#tabs.leading) this.#subscribe(wanted); else this.#tabs.tell({ op: "sub", topics: wanted });
  }

  #hurry() {
    if (this.#final) return;
    if (this.#tabs.leading && this.#ws?.readyState !== WebSocket.OPEN) {
      this.#tries = 0;
      this.#open();
    } else this.#ask();
  }

  // ---- between tabs

  #hear(message) {
    if (message.op === "sub") {
      if (!this.#tabs.leading) return;
      this.#subscribe(message.topics);
      this.#tabs.tell({ op: "state", state: this.dataset.state, beat: this.#beat, heard: this.#heard });
      return;
    }
    if (message.op === "mine") return void message.topics.forEach((topic) => this.#known.add(topic));
    if (this.#tabs.leading || message.op === "bye") return;
    this.#watch();
    if (message.op === "who") this.#ask();
    else if (message.op === "roll") this.#tabs.tell({ op: "mine", topics: [...this.#topics.keys()] });
    else if (message.op === "state") {
      this.#beat = message.beat;
      this.#heard = message.heard;
      if (Object.values(FINAL).includes(message.state)) this.#end(message.state); else this.#show(message.state);
    } else this.#receive(message);
  }

  // ---- the socket, in the leading tab only

  #lead() {
    this.dataset.leader = "";
    this.#tabs.tell({ op: "who" });
    this.#roll = setInterval(() => this.#forget(), ROLL_EVERY);
    this.#open();
  }

  #demote() {
    delete this.dataset.leader;
    this.#drop();
    clearTimeout(this.#timer);
    clearInterval(this.#roll);
    this.#watch();
    this.#ask();
  }

  #drop() {
    const old = this.#ws;
    this.#ws = null;
    old?.close(1000);
  }

  #open() {
    clearTimeout(this.#timer);
    if (!this.#tabs.leading || this.#final || this.#ws?.readyState <= WebSocket.OPEN) return;
    this.#show("connecting");
    const url = new URL(this.getAttribute("src"), location.href.replace(/^http/, "ws"));
    url.search = `topics=&v=${VERSION}`;
    const ws = (this.#ws = new WebSocket(url));
    ws.onmessage = ({ data }) => ws === this.#ws && this.#fromServer(JSON.parse(data));
    ws.onclose = ({ code }) => ws === this.#ws && this.#lost(code);
    this.#watch();
  }

  #fromServer(message) {
    this.#heard = Date.now();
    this.#watch();
    if (message.now) this.skew = message.now * 1000 - Date.now();
    if (message.op === "welcome") {
      this.#tries = 0;
      this.#beat = message.hb;
      this.#known.clear();
      this.#wanted.clear();
      this.#show("live");
      this.#tabs.tell({ op: "who" });       // every tab says again where it stands
      this.#ask();
    } else {
      this.#tabs.tell(message);
      this.#receive(message);
    }
  }

  #subscribe(topics) {
    for (const [topic, at] of Object.entries(topics)) {
      const before = this.#wanted.get(topic);
      this.#wanted.set(topic, before === undefined ? at : earlier(before, at));
      this.#known.add(topic);
    }
    if (this.#ws?.readyState !== WebSocket.OPEN || this.dataset.state !== "live") return;
    // Tabs ask at the same moment: one message for all of them.
    setTimeout(() => {
      if (!this.#wanted.size || this.#ws?.readyState !== WebSocket.OPEN) return;
      this.#ws.send(JSON.stringify({ op: "sub", topics: Object.fromEntries(this.#wanted) }));
      this.#wanted.clear();
    }, GATHER);
  }

  // Once a minute: stop listening in what no open tab shows any more.
  async #forget() {
    const before = new Set(this.#known);
    this.#known = new Set(this.#topics.keys());
    this.#tabs.tell({ op: "roll" });
    await wait(2_000);
    const gone = [...before].filter((topic) => !this.#known.has(topic));
    if (gone.length && this.#ws?.readyState === WebSocket.OPEN) this.#ws.send(JSON.stringify({ op: "unsub", topics: gone }));
  }

  #lost(code) {
    this.#ws = null;
    clearTimeout(this.#dog);
    if (FINAL[code]) return this.#end(FINAL[code]);
    if (code === 4429) this.#tries += 4;
    this.#tries += 1;
    this.#show("offline");
    this.#timer = setTimeout(() => this.#open(), backoff(this.#tries - 1));
  }

  // Nothing heard for 2.5 beats: the line is dead without saying so, or the leading tab hangs.
  #watch() {
    clearTimeout(this.#dog);
    if (this.#final) return;
    const joining = this.#ws && this.dataset.state === "connecting";
    const patience = joining ? CONNECT_WITHIN : this.#beat * 2_500 * (this.#tabs?.leading ? 1 : 1.2 + Math.random() * 0.4);
    this.#dog = setTimeout(() => {
      if (this.#tabs.leading) {
        if (!this.#ws) return;
        this.#drop();
        this.#lost(1006);
      } else if (document.hidden) this.#watch();
      else this.#tabs.steal();
    }, patience);
  }

  // ---- frames, in every tab and one after the other

  #receive(message) {
    if (message.op === "hb") this.#chain = this.#chain.then(() => this.#heads(message.heads));
    else if (message.op === "patch" || message.op === "reset") this.#chain = this.#chain.then(() => this.#take(message));
  }

  async #take(message) {
    const at = this.#topics.get(message.t);
    if (!at) return;
    try {
      if (message.op === "reset" || message.epoch !== at.epoch) return await this.#refetch(message.t);
      if (message.n <= at.seq) {
        if (message.n === at.seq) at.synced = true;
        return;
      }
      if (message.p > at.seq) {
        if (at.synced || Date.now() - at.asked > 1_000) this.#ask([message.t]);
        return;
      }
      if (message.content) await swap(this, { target: this, swap: "none", text: message.content });
      at.seq = message.n;
      at.synced = true;
      this.#emit("desk:patch", message);
      if (message.alert && this.#tabs.leading && !(await this.#tabs.anybodyLooking())) this.#emit("desk:alert", message.alert);
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
      const at = this.#topics.get(topic);
      if (!at || head <= at.seq) continue;
      if (at.synced) at.seq = head;
      else if (Date.now() - at.asked > 2_000) late.push(topic);
    }
    if (late.length) this.#ask(late);
  }

  // Recovery is first load: the page's own region, morphed in.
  async #refetch(topic) {
    await wait(Math.random() * 300);
    for (const region of document.querySelectorAll(`[data-topic="${CSS.escape(topic)}"]`)) {
      const answer = await fetch(region.dataset.src, { headers: { "HX-Request": "true" } });
      if (answer.status === 401 || answer.redirected) return this.#end("signed-out");
      if (!answer.ok) throw new Error(`${region.dataset.src} ${answer.status}`);
      await swap(this, { target: region, swap: "outerMorph", text: await answer.text() });
    }
    const region = document.querySelector(`[data-topic="${CSS.escape(topic)}"]`);
    if (!region) return void this.#topics.delete(topic);
    this.#topics.set(topic, position(region));
    this.#emit("desk:reset", { topic });
    this.#ask([topic]);
  }

  // ---- without sockets: the same frames by HTTP

  async #catchUp() {
    if (!this.#topics.size || document.hidden) return;
    const topics = Object.entries(this.cursors).map(([topic, at]) => `${topic}@${at}`).join(",");
    const answer = await fetch(`${this.getAttribute("since")}?${new URLSearchParams({ topics })}`).catch(() => null);
    if (answer?.status === 401 || answer?.redirected) return this.#end("signed-out");
    if (!answer?.ok) return;
    this.#heard = Date.now();
    for (const message of await answer.json()) this.#receive(message);
  }

  // ---- what the page is told

  #show(state) {
    if (state === "live" || this.#final) {
      clearInterval(this.#poll);
      this.#poll = 0;
    } else {
      this.#poll ||= setInterval(() => this.#catchUp(), POLL_EVERY);
      this.#first ||= setTimeout(() => this.#catchUp(), POLL_AFTER);
    }
    if (state === "live") {
      clearTimeout(this.#first);
      this.#first = 0;
    }
    if (this.dataset.state === state) return;
    this.dataset.state = state;
    const final = this.#final;
    if (this.#tabs?.leading) this.#tabs.tell({ op: "state", state, beat: this.#beat, heard: this.#heard });
    this.#emit("desk:state", { state, heard: this.#heard, final });
  }

  #end(state) {
    this.#final = true;
    [this.#timer, this.#dog, this.#first].forEach(clearTimeout);
    this.#drop();
    this.#show(state);
  }

  #emit(name, detail) { this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail })); }
}

function position(region) {
  const written = region.dataset.at ?? "";
  const [epoch, seq] = written.split(":");
  return { written, epoch: epoch || "-", seq: Number(seq) || 0, synced: false, asked: 0 };
}

// Of two tabs' positions in one topic, the one that is behind; of two epochs, either: the server resets it.
function earlier(one, other) {
  const [a, b] = [one, other].map((written) => Number(written.split(":")[1]));
  return a <= b ? one : other;
}

customElements.define("desk-socket", DeskSocket);
