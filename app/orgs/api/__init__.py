"""JSON of orgs, branches, members and invitations, and of signing in."""

from litestar import Router

from app.orgs.api import branches, invitations, members, orgs, people

ROUTES = Router(
    "/",
    tags=["orgs"],
    route_handlers=[*people.ROUTES, *orgs.ROUTES, *branches.ROUTES, *members.ROUTES, *invitations.ROUTES],
)
