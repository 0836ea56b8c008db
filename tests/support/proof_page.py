"""The page of the proof board."""

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Notes</title>
<meta name="htmx-config" content='{{"includeIndicatorCSS":false}}'>
<script defer src="/static/vendor/htmx.min.js"></script><script type="module" src="/static/js/desk-socket.js"></script>
</head><body>
<desk-socket src="/live" since="/live/since" scope="{session}" data-says-waiting="Reconnecting…"
 data-says-offline="Last update {{time}}"></desk-socket>
<span id="net" role="status"><span></span></span><div id="say" role="status"></div>
<p data-live-notice="signed-out" hidden>Please sign in.</p>
<form id="composer"><textarea id="draft" name="draft"></textarea></form>
<div data-topic="count:org" data-at="{at}" data-src="/notes/count"><p id="count">{count} notes</p></div>
<ul id="notes" data-topic="notes:org" data-at="{at}" data-src="/notes/region">{rows}</ul>
</body></html>"""
