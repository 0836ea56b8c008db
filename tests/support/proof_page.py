"""The page of the proof board."""

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Notes</title>
<script src="/static/vendor/htmx.min.js"></script><script type="module" src="/static/js/desk-socket.js"></script>
</head><body>
<desk-socket src="/live" since="/live/since" scope="{session}"></desk-socket>
<form id="composer"><textarea id="draft" name="draft"></textarea></form>
<p id="count" data-topic="count:org" data-at="{at}" data-src="/notes/count">{count} notes</p>
<ul id="notes" data-topic="notes:org" data-at="{at}" data-src="/notes/region">{rows}</ul>
</body></html>"""
