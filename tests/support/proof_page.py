"""The page of the proof board."""

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Notes</title>
<meta name="htmx-config" content='{{"includeIndicatorCSS":false}}'>
<script defer src="/static/vendor/htmx.min.js"></script><script type="module" src="/static/js/desk-socket.js"></script>
</head><body>
<desk-socket src="/live" since="/live/since" scope="{person}.{session}" presence="presence:org" data-says-live="Live"
 data-says-waiting="Reconnecting…" data-says-catching="Catching up: {{n}}" data-says-offline="Offline for {{age}}"
 data-says-viewing="{{name}} has this open" data-says-typing="{{name}} is writing…"
 data-says-ask="{{name}} is writing to this buyer." data-says-anyway="Send anyway"
 data-says-many='{{"en: Note.": "{{n}} new notes"}}'></desk-socket>
<span id="net"><span></span></span><div id="say" role="status"></div>
<p data-live-notice="signed-out" hidden>Please sign in.</p>
<div data-live-notice="offline" hidden><p>No connection.</p><time></time></div>
<form id="composer"><textarea id="draft" name="draft"></textarea></form>
{lead}
<div data-topic="count:org" data-at="{at}" data-src="/notes/count"><p id="count">{count} notes</p></div>
<ul id="notes" data-topic="notes:org" data-at="{at}" data-src="/notes/region">{rows}</ul>
</body></html>"""


LEAD = """<section id="lead" data-lead="{id}"><span class="here" data-here="{id}"></span><div id="typing-{id}"></div>
<form id="reply-form" hx-post="/replies" hx-swap="none"><textarea name="body"></textarea><button id="send">Send</button>
</form></section>"""
