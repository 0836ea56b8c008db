// Everything public pages do beyond HTML, and no more: each of them works without it.
import "./styles.js";
import "./sent.js";
import "./seen.js";
import "./kept.js";
