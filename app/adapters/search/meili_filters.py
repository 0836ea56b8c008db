"""A question in Meilisearch's filter language. Whatever a value holds, it stays a value."""

from collections.abc import Iterable

from app.adapters.search.port import SearchQuery

Filter = list[str | list[str]]
"""All must hold; of an inner list one."""


def quoted(value: str) -> str:
    """A string of the filter language: backslashes first, or the one before a quotation mark would undo it."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def among(field: str, values: Iterable[object]) -> str:
    return f"{field} IN [{', '.join(quoted(str(value)) for value in values)}]"


def filters(query: SearchQuery, *, without: str | None = None) -> Filter:
    """All conditions of the question but those on the field `without`."""
    found: Filter = []
    if query.scope.orgs is not None:
        found.append(among("org", query.scope.orgs))
    if query.scope.branches is not None:
        found.append(among("branch", query.scope.branches))
    found += [among(name, values) for name, values in query.filters.items() if values and name != without]
    for name, (least, most) in query.ranges.items():
        if least is not None:
            found.append(f"{name} >= {least}")
        if most is not None:
            found.append(f"{name} <= {most}")
    if query.photos:
        found.append("photos = true")
    if query.geo is not None and query.geo.radius_m is not None:
        found.append(f"_geoRadius({query.geo.lat:.6f}, {query.geo.lon:.6f}, {query.geo.radius_m})")
    if query.without:
        found.append(f"NOT {among('id', query.without)}")
    return found


def impossible(query: SearchQuery) -> bool:
    """A scope of no org at all: no engine needs to be asked, and an empty list is none in every release."""
    return query.scope.orgs == () or query.scope.branches == ()
