// What all tabs of this browser have open, said over its one socket: on change, and again while it holds.
const AGAIN = 14_000, FORGET = 40_000, MOST = 16;

export class Here {
  #tabs = new Map();        // tab → {leads: {id: typing}, at}
  #said = "{}"; #at = 0;

  // say(message) is true when it went out.
  constructor(say) { this.say = say; }

  hear(tab, leads) {
    if (Object.keys(leads).length) this.#tabs.set(tab, { leads, at: Date.now() }); else this.#tabs.delete(tab);
    this.tell();
  }

  // A new socket: nobody knows anything of us yet.
  anew() {
    this.#said = "{}";
    this.tell();
  }

  tell() {
    const now = Date.now(), leads = {};
    for (const [tab, one] of this.#tabs) {
      if (now - one.at > FORGET) this.#tabs.delete(tab);
      else for (const [lead, typing] of Object.entries(one.leads)) leads[lead] = typing || leads[lead] === true;
    }
    const kept = Object.fromEntries(Object.entries(leads).slice(0, MOST)), text = JSON.stringify(kept);
    if (text === this.#said && (text === "{}" || now - this.#at < AGAIN)) return;
    if (!this.say({ op: "here", leads: kept })) return;
    this.#said = text;
    this.#at = now;
  }
}
