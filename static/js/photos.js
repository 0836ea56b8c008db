// The photos of a car: sent by picking or dropping, put in order by dragging or by the arrow keys.
import "./photos-send.js";
import "./photos-order.js";
