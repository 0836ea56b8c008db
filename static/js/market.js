// Everything public pages do beyond HTML, and no more: each of them works without it.
import "./toast.js";
import "./forms.js";
import "./ago.js";
