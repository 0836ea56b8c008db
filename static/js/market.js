// Everything public pages do beyond HTML, and no more: each of them works without it.
import "./sent.js";
import "./kept.js";
