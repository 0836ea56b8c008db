// Everything the pages of the desk do beyond HTML. Each module listens on the document, so content that arrives later works too.
import "./dialog.js";
import "./toast.js";
import "./copy.js";
import "./forms.js";
import "./preferences.js";
import "./ago.js";
