"""What changes of members show on open screens, and whose sockets they close."""

from app.accounts.facts import SessionEnded
from app.core import db, render
from app.core.base import Scope
from app.core.ids import Id, new_id
from app.core.live import Drop, Push
from app.orgs import live
from app.orgs.facts import BranchOpened, MemberInvited, MemberJoined, MemberRemoved, MemberRenamed, MemberRoleChanged
from tests.support.api import PASSWORD, Caller, org_of


async def team(api: Caller) -> tuple[Caller, Id, Id]:
    """The owner, the org and a member called Kim."""
    owner = await org_of(api, "ravi", "mo@ravi.pk")
    body = {"email": "kim@ravi.pk", "name": "Kim Shah", "role": "sales", "password": PASSWORD, "phone": "03001234567"}
    kim = (await owner.post("users", body)).json()["id"]
    org = next(row["org_id"] for row in (await owner.get("orgs")).json()["items"] if row["org"] == "ravi")
    return owner, Id(org), Id(kim)


def rendered(push: Push, *, clearance: str = "desk", lang: str = "en") -> str:
    assert push.fragment is not None
    return render.fragment(push.fragment, lang=lang, clearance=clearance, **push.context)


async def test_a_renamed_member_s_row_is_pushed_as_it_is_now(api: Caller) -> None:
    _, org, kim = await team(api)
    async with db.unit(Scope(org_id=org)) as session:
        (push,) = await live.member_changed(session, MemberRenamed(org_id=org, id=kim))

    assert isinstance(push, Push)
    assert (push.topic, push.target) == ("members:org", "members")
    assert f'id="member-{kim}"' in rendered(push)
    assert "Kim Shah" in rendered(push, lang="ur")


async def test_onlookers_never_get_a_contact_pushed(api: Caller) -> None:
    _, org, kim = await team(api)
    async with db.unit(Scope(org_id=org)) as session:
        (push,) = await live.member_changed(session, MemberRenamed(org_id=org, id=kim))

    assert isinstance(push, Push)
    assert "kim@ravi.pk" in rendered(push)
    assert "kim@ravi.pk" not in rendered(push, clearance="desk-contact")
    assert "1234567" not in rendered(push, clearance="desk-contact")


async def test_new_rights_make_the_sockets_come_again(api: Caller) -> None:
    _, org, kim = await team(api)
    async with db.unit(Scope(org_id=org)) as session:
        push, drop = await live.rights_changed(session, MemberRoleChanged(org_id=org, id=kim))

    assert isinstance(push, Push)
    assert drop == Drop(person_id=kim, code=1012)


async def test_who_is_removed_loses_row_and_sockets(api: Caller) -> None:
    owner, org, kim = await team(api)
    await owner.delete(f"users/{kim}")
    async with db.unit(Scope(org_id=org)) as session:
        gone, drop = await live.member_removed(session, MemberRemoved(org_id=org, id=kim))
        (late,) = await live.member_changed(session, MemberRenamed(org_id=org, id=kim))

    assert gone == late == Push(topic="members:org", target=f"member-{kim}", swap="remove")
    assert drop == Drop(person_id=kim, code=4403)


async def test_an_ended_session_closes_its_sockets(api: Caller) -> None:
    _, org, kim = await team(api)
    fact = SessionEnded(org_id=org, id=new_id(), user_id=kim, reason="signed_out")
    async with db.unit(Scope(org_id=org)) as session:
        assert await live.session_ended(session, fact) == [Drop(session_id=fact.id, code=4401)]


async def test_an_invitation_comes_and_goes_as_a_row(api: Caller) -> None:
    owner, org, kim = await team(api)
    sent = Id((await owner.post("invitations", {"email": "x@example.pk", "role": "ops"})).json()["id"])
    fact = MemberInvited(org_id=org, id=sent)
    async with db.unit(Scope(org_id=org)) as session:
        (push,) = await live.invitation_changed(session, fact)
        joined = await live.member_joined(session, MemberJoined(org_id=org, id=kim, invitation_id=sent))
    await owner.delete(f"invitations/{sent}")
    async with db.unit(Scope(org_id=org)) as session:
        (gone,) = await live.invitation_changed(session, fact)

    assert isinstance(push, Push)
    assert "x@example.pk" in rendered(push)
    assert gone == joined[-1] == Push(topic="members:org", target=f"invitation-{sent}", swap="remove")


async def test_a_branch_s_row_is_pushed(api: Caller) -> None:
    owner, org, _ = await team(api)
    made = (await owner.post("branches", {"name": "Lahore", "slug": "lahore", "city": "Lahore"})).json()
    async with db.unit(Scope(org_id=org)) as session:
        (push,) = await live.branch_changed(session, BranchOpened(org_id=org, id=Id(made["id"])))

    assert isinstance(push, Push)
    assert f'id="branch-{made["id"]}"' in rendered(push)
