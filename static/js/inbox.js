// The inbox's screen. Each module listens on the document: rows and leads come and go under it.
// Writing comes first: what it holds back is not counted as being sent.
import "./inbox-write.js";
import "./inbox-list.js";
import "./inbox-open.js";
import "./inbox-forms.js";
import "./inbox-calls.js";
import "./inbox-canned.js";
import "./inbox-texts.js";
import "./inbox-swipe.js";
import "./inbox-named.js";
import "./inbox-keys.js";
