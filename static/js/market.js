// Everything public pages do beyond HTML, and no more: each of them works without it.
import "./styles.js";
import "./toast.js";
import "./sent.js";
import "./ago.js";
import "./seen.js";
import "./kept.js";
import "./combo.js";

htmx.config.morphIgnore.push("open");  // what somebody has unfolded stays so
