// <sla-clock due="ISO" warn="ISO" from="ISO" [held="ISO"]> counts down to a deadline by the server's clock, and on past
// it. The words live in a shadow root: a push may change the attributes and never what is shown. One ticker for the
// page; only what is in sight is painted, and only when its words change, which is each minute above an hour.
const ZONE = { timeZone: "Asia/Karachi" };
const { lang, dataset } = document.documentElement;
const figures = `${lang === "ur" ? "ur-PK" : "en-GB"}-u-nu-${lang === "ur" && dataset.digits === "urdu" ? "arabext" : "latn"}`;
const number = new Intl.NumberFormat(figures, { useGrouping: false });
const two = new Intl.NumberFormat(figures, { minimumIntegerDigits: 2, useGrouping: false });
const day = new Intl.DateTimeFormat(figures, { weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false, ...ZONE });
const UNITS = lang === "ur" ? [" دن", " گھنٹے", " منٹ"] : ["d", "h", "m"];
const HOUR = 3600, DAY = 86400;

const sheet = new CSSStyleSheet();
sheet.replaceSync(`:host { display: inline-flex; contain: layout style; gap: .35em; align-items: center; font-variant-numeric: tabular-nums; white-space: nowrap }
svg { inline-size: 1.1em; block-size: 1.1em; rotate: -90deg; flex: none } circle { fill: none; stroke: currentColor; stroke-width: 4 } .track { opacity: .2 } .left { stroke-dasharray: 100 }
:host(:state(soon)) circle { stroke-width: 7 } :host(:state(late)) .track { fill: currentColor; opacity: 1 }
:host(:state(brief)) { contain: strict; inline-size: 5.4em; block-size: 1.35em; justify-content: end; vertical-align: middle }
span { min-inline-size: 2.6em; text-align: end; unicode-bidi: isolate } :host(:state(brief)) span { direction: ltr }`);
const face = document.createElement("template");
face.innerHTML = `<svg viewBox="0 0 20 20" aria-hidden="true"><circle class="track" cx="10" cy="10" r="8" pathLength="100"/><circle class="left" cx="10" cy="10" r="8" pathLength="100"/></svg><span></span>`;

const seen = new Set();
let timer = 0;
const eye = new IntersectionObserver((entries) => {
  const at = now();
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) { seen.add(target); target.paint(at); } else seen.delete(target);
  }
  if (!seen.size) timer = void clearInterval(timer); else timer ||= setInterval(tick, 1000);
}, { rootMargin: "100px" });
const now = () => (Date.now() + (document.querySelector("desk-socket")?.skew ?? 0)) / 1000;

export function words(left, due) {
  const s = Math.abs(Math.ceil(left)), sign = left < 0 ? "\u2212" : "";
  if (left >= DAY) return day.format(due * 1000);
  if (s >= DAY) return sign + number.format(Math.floor(s / DAY)) + UNITS[0];
  if (s >= HOUR) return `${sign}${number.format(Math.floor(s / HOUR))}${UNITS[1]} ${two.format(Math.floor(s / 60) % 60)}${UNITS[2]}`;
  return `${sign}${number.format(Math.floor(s / 60))}:${two.format(s % 60)}`;
}

function tick() {
  if (document.hidden) return;
  const at = now();
  for (const clock of seen) clock.paint(at);
}

class SlaClock extends HTMLElement {
  static observedAttributes = ["due", "warn", "from", "held"];
  #inner = this.attachInternals();
  #text = document.createTextNode(""); #ring; #arc = ""; #said = ""; #level = ""; #brief = false; #due = 0; #warn = 0; #from = 0; #held = 0;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(face.content.cloneNode(true));
    root.querySelector("span").append(this.#text);
    this.#ring = root.querySelector(".left");
    this.#inner.role = "timer";
  }

  connectedCallback() {
    eye.observe(this);
    this.#read();
  }

  disconnectedCallback() {
    eye.unobserve(this);
    seen.delete(this);
  }

  attributeChangedCallback() { if (this.isConnected) this.#read(); }

  #read() {
    const at = (name) => Date.parse(this.getAttribute(name) ?? "") / 1000 || 0;
    [this.#due, this.#warn, this.#from, this.#held] = [at("due"), at("warn"), at("from"), at("held")];
    this.#said = "";
    this.paint(now());
  }

  paint(at) {
    const held = this.#held > at, left = this.#due - at;
    const said = held ? "\u2759\u2759" : words(left, this.#due);
    if (said !== this.#said) {
      this.#text.data = this.#said = said;
      const arc = (100 - 100 * Math.max(0, Math.min(1, left / (this.#due - this.#from || 1)))).toFixed(0);
      if (arc !== this.#arc) this.#ring.style.strokeDashoffset = this.#arc = arc;
    }
    const level = held ? "held" : left <= 0 ? "late" : this.#warn && at >= this.#warn ? "soon" : "calm";
    const brief = !held && Math.abs(left) < HOUR;     // mm:ss, of one size: nothing around it is laid out again
    if (level === this.#level && brief === this.#brief) return;
    this.#inner.states.clear();
    this.#inner.states.add(this.#level = level);
    if (this.#brief = brief) this.#inner.states.add("brief");
  }
}

customElements.define("sla-clock", SlaClock);
addEventListener("visibilitychange", tick);
