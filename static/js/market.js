// Everything public pages do beyond HTML, and no more: each of them works without it.
import "./sent.js";
import "./seen.js";
import "./kept.js";

// the head holds the styles a page begins with; the whole sheet comes when somebody touches anything
const href = document.querySelector('meta[name="styles"]')?.content;
const whole = () => document.querySelector("link[rel=stylesheet]") || document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
if (href) for (const sign of ["pointermove", "pointerdown", "keydown", "htmx:before:request"]) addEventListener(sign, whole, { once: 1, capture: 1 });
