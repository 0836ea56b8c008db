// <desk-socket src="/live" since="/live/since" scope="PERSON.SESSION.LANGUAGE"> keeps every [data-topic] region of the
// page live, over one socket per browser. A region says which topic it shows, where it stood when rendered, and where
// it can be fetched again:
//   <ul id="members" data-topic="members:org" data-at="EPOCH:SEQ" data-src="/desk/members/region">
import "./drafts.js";
import "./live-line.js";
import "./live-alert.js";
import "./presence.js";
import { Here } from "./live-here.js";
import { Poll } from "./live-poll.js";
import { Regions } from "./live-regions.js";
import { Tabs } from "./live-tabs.js";
import { Wire } from "./live-wire.js";

const FINAL = ["signed-out", "forbidden", "outdated"];
const ROLL_EVERY = 60_000, HERE_EVERY = 15_000;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const me = `${Date.now()}-${Math.random()}`;

class DeskSocket extends HTMLElement {
  #tabs; #off; #regions; #wire; #poll; #here;
  #joined = new Set();      // topics without a region: presence
  #open = {};               // what this tab has open: {lead: typing}
  #dog = 0; #roll = 0; #again = 0; #beat = 10; #heard = Date.now(); #final = false;
  skew = 0;                 // the server's clock minus ours, in ms

  connectedCallback() {
    this.#off = new AbortController();
    const listen = { signal: this.#off.signal };
    const ended = (state = "signed-out") => this.#end(state);
    const emit = (name, detail) => {
      this.#emit(name, detail);
      if (detail.alert) this.#alert(detail.alert);
    };
    this.#regions = new Regions(this, { ask: (topics) => this.#ask(topics), ended, emit });
    this.#wire = new Wire(this.getAttribute("src"), {
      opening: () => { this.#show("connecting"); this.#watch(); }, welcomed: (frame) => this.#welcome(frame),
      hear: (frame) => this.#fromServer(frame), lost: () => { clearTimeout(this.#dog); this.#show("offline"); }, ended,
    });
    this.#poll = new Poll(this.getAttribute("since"), {
      topics: () => ({ ...this.cursors, ...this.#unplaced }), take: (frame) => this.#receive(frame), heard: () => { this.#heard = Date.now(); }, ended,
    });
    this.#here = new Here((message) => this.#wire.say(message));
    this.#regions.scan();
    this.#tabs = new Tabs(this.getAttribute("scope"), {
      lead: () => this.#lead(), demote: () => this.#demote(), hear: (message) => this.#hear(message),
    });
    document.addEventListener("htmx:after:swap", () => this.#regions.scan() && this.#ask(), listen);
    addEventListener("online", () => this.#wake(), listen);
    addEventListener("offline", () => this.#wire.giveUp(), listen);
    addEventListener("pageshow", (event) => event.persisted && this.#wake(), listen);
    addEventListener("pagehide", () => this.#tabs.tell({ op: "bye", tab: me }), listen);
    document.addEventListener("visibilitychange", () => document.hidden || this.#wake(), listen);
    this.#again = setInterval(() => Object.keys(this.#open).length && this.#tell(), HERE_EVERY);
    this.#watch();
    this.#ask();
  }

  disconnectedCallback() {
    this.#off.abort();
    this.#tabs.close();
    this.#wire.drop();
    this.#poll.stop();
    clearTimeout(this.#dog);
    [this.#roll, this.#again].forEach(clearInterval);
  }

  // ---- what other modules use

  get cursors() { return this.#regions.cursors; }
  get synced() { return this.#regions.synced; }

  // Somebody here has just changed something: without a socket, see it now instead of at the next poll.
  hurry() { if (this.dataset.state !== "live" && !this.#final) this.#poll.now(); }

  // Listen in a topic that has no region; its frames arrive as desk:here.
  join(topic) {
    if (this.#joined.has(topic)) return;
    this.#joined.add(topic);
    this.#subscribe({ [topic]: "" });
  }

  // This tab has these leads open, {id: whether somebody types}.
  view(leads) {
    this.#open = leads;
    this.#tell();
  }

  // Somebody looks at this tab: the others need not call for attention any more.
  seen() { this.#tabs.tell({ op: "seen" }); }

  get #unplaced() { return Object.fromEntries([...this.#joined].map((topic) => [topic, ""])); }

  // ---- asking, through whichever tab leads

  // "Bring me up to date from where I stand."
  #ask(topics) {
    this.#subscribe(topics ? this.#regions.wanted(topics) : { ...this.#regions.wanted(this.#regions.topics), ...this.#unplaced });
  }

  #subscribe(wanted) {
    if (!this.#tabs || !Object.keys(wanted).length) return;
    if (this.#tabs.leading) this.#wire.subscribe(wanted); else this.#tabs.tell({ op: "sub", topics: wanted });
  }

  #tell() {
    if (this.#tabs.leading) this.#here.hear(me, this.#open); else this.#tabs.tell({ op: "view", tab: me, leads: this.#open });
  }

  #wake() {
    if (this.#final) return;
    if (this.#tabs.leading && !this.#wire.isOpen) this.#wire.retry(); else this.#ask();
  }

  #hear(message) {
    if (message.op === "sub") {
      if (!this.#tabs.leading) return;
      this.#wire.subscribe(message.topics);
      this.#tabs.tell({ op: "state", state: this.dataset.state, beat: this.#beat, heard: this.#heard, skew: this.skew });
      return;
    }
    if (message.op === "mine") return this.#wire.keep(message.topics);
    if (message.op === "view") return void (this.#tabs.leading && this.#here.hear(message.tab, message.leads));
    if (message.op === "seen") return this.#emit("desk:seen");
    if (message.op === "bye") return this.#here.hear(message.tab, {});
    if (this.#tabs.leading) return;
    this.#watch();
    if (message.op === "who") this.#introduce();
    else if (message.op === "roll") this.#tabs.tell({ op: "mine", topics: this.#shown });
    else if (message.op === "state") {
      this.#beat = message.beat;
      this.#heard = message.heard;
      this.skew = message.skew ?? this.skew;
      if (FINAL.includes(message.state)) this.#end(message.state); else this.#show(message.state);
    } else this.#receive(message);
  }

  get #shown() { return [...this.#regions.topics, ...this.#joined]; }

  #introduce() {
    this.#ask();
    this.#tell();
  }

  // ---- leading

  #lead() {
    this.dataset.leader = "";
    this.#tabs.tell({ op: "who" });
    // Once a minute: stop listening in what no open tab shows any more.
    this.#roll = setInterval(() => this.#wire.forget(async () => {
      this.#wire.keep(this.#shown);
      this.#tabs.tell({ op: "roll" });
      await wait(2_000);
    }), ROLL_EVERY);
    if (!this.#final) this.#wire.open();
  }

  #demote() {
    delete this.dataset.leader;
    this.#wire.drop();
    clearInterval(this.#roll);
    this.#watch();
    this.#introduce();
  }

  #welcome({ hb, now }) {
    this.#beat = hb;                        // before its silence is timed
    this.#took(now);
    this.#show("live");
    this.#tabs.tell({ op: "who" });         // every tab says again where it stands
    this.#here.anew();
    this.#introduce();
  }

  #fromServer(message) {
    this.#took(message.now);
    this.#tabs.tell(message);
    this.#receive(message);
  }

  #took(now) {
    this.#heard = Date.now();
    this.#watch();
    if (now) this.skew = now * 1000 - Date.now();
  }

  // Nothing heard for two beats: the line is dead without saying so, or the leading tab hangs.
  #watch() {
    clearTimeout(this.#dog);
    if (this.#final) return;
    const silent = this.#beat * 2_000 * (this.#tabs?.leading ? 1 : 1.2 + Math.random() * 0.4);
    this.#dog = setTimeout(() => {
      if (this.#tabs.leading) this.#wire.giveUp();
      else if (document.hidden) this.#watch();
      else this.#tabs.steal();
    }, this.#wire.joining ? Wire.patience : silent);
  }

  // ---- frames, in every tab

  #receive(message) {
    if (message.op === "here") this.#emit("desk:here", message); else this.#regions.receive(message);
  }

  // Every tab may show that somebody wrote while nobody looked; only the leading one is loud about it.
  async #alert(told) {
    if (!(await this.#tabs.anybodyLooking())) this.#emit("desk:alert", { ...told, loud: this.#tabs.leading });
  }

  // ---- what the page is told

  #show(state) {
    if (state === "live" || this.#final) this.#poll.stop(); else this.#poll.start();
    if (this.dataset.state === state) return;
    this.dataset.state = state;
    if (this.#tabs?.leading) this.#tabs.tell({ op: "state", state, beat: this.#beat, heard: this.#heard, skew: this.skew });
    this.#emit("desk:state", { state, heard: this.#heard, final: this.#final });
  }

  #end(state) {
    this.#final = true;
    clearTimeout(this.#dog);
    this.#wire.drop();
    this.#show(state);
  }

  #emit(name, detail) { this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail })); }
}

customElements.define("desk-socket", DeskSocket);
