"""Members, branches and one's own page, as people of different roles meet them."""

import re

from app.core.jobs_ledger import burst
from tests.journeys.conftest import PASSWORD, Visitor


def row(page: str, address: str) -> str:
    found = next((item for item in re.findall(r'<li id="member-.*?</li>', page, re.DOTALL) if address in item), None)
    assert found, f"{address} is not on the page"
    return found


async def member_link(visitor: Visitor, address: str) -> str:
    """Opens the members screen and returns where that member is managed."""
    found = re.search(r'href="(/desk/members/[\w-]+)"', row((await visitor.open("/desk/members")).text, address))
    assert found
    return found[1]


def branch_link(page: str, name: str) -> str:
    found = re.search(rf'href="(/desk/branches/[\w-]+)">Change<span class="vh"> <bdi>{name}', page)
    assert found
    return found[1]


async def test_onlooker_sees_names_but_no_addresses(visitor: Visitor):
    await visitor.sign_in("readonly@ravi.demo")
    page = (await visitor.open("/desk/members")).text

    assert page.count('<li id="member-') == 6
    assert "owner@ravi.demo" not in page
    assert "o•••@ravi.demo" in page
    assert "Invite a colleague" not in page


async def test_members_are_found_by_a_part_of_their_name(visitor: Visitor):
    await visitor.sign_in("owner@ravi.demo")
    everybody = (await visitor.open("/desk/members")).text
    name = re.search(r'class="name truncate"><bdi>(\w+)', row(everybody, "sales2@ravi.demo"))
    assert name
    found = (await visitor.open(f"/desk/members?q={name[1][:4]}")).text

    assert "sales2@ravi.demo" in found
    assert found.count('<li id="member-') < 6


async def test_owner_gives_a_member_another_role(visitor: Visitor, another: Visitor):
    await visitor.sign_in("owner@ravi.demo")
    await another.sign_in("sales1@ravi.demo")
    before = dict(another.http.cookies)["sid"]
    link = await member_link(visitor, "sales1@ravi.demo")
    await visitor.open(link)
    assert (await visitor.send(f"{link}/role", role="ops", branch_id="")).status_code == 303

    assert "Operations" in row((await visitor.open("/desk/members")).text, "sales1@ravi.demo")
    await another.open("/desk")
    assert dict(another.http.cookies)["sid"] != before


async def test_manager_cannot_reach_an_owner(visitor: Visitor):
    await visitor.sign_in("manager@ravi.demo")
    link = await member_link(visitor, "owner@ravi.demo")
    page = (await visitor.open(link)).text
    assert "up to your own" in page

    answer = await visitor.send(f"{link}/removal")
    assert answer.status_code == 403


async def test_last_owner_stays(visitor: Visitor):
    await visitor.sign_in("owner@ravi.demo")
    link = await member_link(visitor, "owner@ravi.demo")
    await visitor.open(link)
    answer = await visitor.send(f"{link}/role", role="sales", branch_id="")

    assert answer.status_code == 409
    assert "Make somebody else owner first" in answer.text


async def test_removed_member_is_out_at_once(visitor: Visitor, another: Visitor):
    await visitor.sign_in("owner@ravi.demo")
    await another.sign_in("sales2@ravi.demo")
    link = await member_link(visitor, "sales2@ravi.demo")
    await visitor.open(link)
    await visitor.send(f"{link}/removal")

    assert (await another.open("/desk")).status_code == 303
    assert "sales2@ravi.demo" not in (await visitor.open("/desk/members")).text


async def test_member_is_switched_off_and_on_again(visitor: Visitor, another: Visitor):
    await visitor.sign_in("owner@ravi.demo")
    await another.sign_in("sales2@ravi.demo")
    link = await member_link(visitor, "sales2@ravi.demo")
    seen = []
    for status in ("disabled", "active"):
        assert f'name="status" value="{status}"' in (await visitor.open(link)).text
        assert (await visitor.send(f"{link}/status", status=status)).status_code == 303
        seen.append("Switched off" in row((await visitor.open("/desk/members")).text, "sales2@ravi.demo"))
    odd = await visitor.send(f"{link}/status", status="owner")

    assert seen == [True, False]
    assert (await another.open("/desk")).status_code == 303
    assert odd.status_code == 422


async def test_member_of_another_org_is_a_missing_page(visitor: Visitor, another: Visitor):
    await visitor.sign_in("owner@ravi.demo")
    await another.sign_in("owner@indus.demo")
    link = await member_link(visitor, "sales1@ravi.demo")
    await another.open("/desk/members")

    assert (await another.open(link)).status_code == 404
    assert (await another.send(f"{link}/removal")).status_code == 404
    assert "sales1@ravi.demo" in (await visitor.open("/desk/members")).text


async def test_invited_colleague_joins_through_the_mail(visitor: Visitor, another: Visitor, mails):
    await visitor.sign_in("owner@ravi.demo")
    await visitor.open("/desk/members")
    wrong = await visitor.send("/desk/invitations", htmx=True, email="nobody", role="sales", branch_id="", lang="en")
    assert wrong.status_code == 422
    assert 'id="invite-form"' in wrong.text
    sent = await visitor.send(
        "/desk/invitations", htmx=True, email="fresh@ravi.test", role="sales", branch_id="", lang="en"
    )
    assert "fresh@ravi.test" in sent.text
    assert "fresh@ravi.test" in (await visitor.open("/desk/members")).text

    await burst()
    (mail,) = [mail for mail in mails.sent() if mail.to == "fresh@ravi.test"]
    link = re.search(r"/invitations/[\w-]+", mail.text)
    assert link
    assert "Ravi Motors" in (await another.open(link[0])).text
    joined = await another.send(link[0], name="Fresh Face", password="chambeli-ki-bel-44")
    assert joined.status_code == 303, joined.text
    assert (await another.open("/desk")).status_code == 200
    assert (await visitor.open(link[0])).status_code == 410


async def test_invitation_can_be_withdrawn(visitor: Visitor, mails):
    await visitor.sign_in("manager@ravi.demo")
    await visitor.open("/desk/members")
    await visitor.send("/desk/invitations", htmx=True, email="late@ravi.test", role="sales", branch_id="", lang="ur")
    page = (await visitor.open("/desk/members")).text
    action = re.search(r'action="(/desk/invitations/[\w-]+/revocation)"', page)
    assert action
    assert (await visitor.send(action[1])).status_code == 303

    assert "late@ravi.test" not in (await visitor.open("/desk/members")).text


async def test_branch_is_opened_changed_and_closed(visitor: Visitor):
    await visitor.sign_in("owner@ravi.demo")
    await visitor.open("/desk/branches/new")
    taken = await visitor.send("/desk/branches", name="Lahore Two", slug="lahore", city="Lahore", address="", phone="")
    assert taken.status_code == 409
    assert 'id="slug-error"' in taken.text
    made = await visitor.send(
        "/desk/branches", name="Sialkot", slug="sialkot", city="Sialkot", address="", phone="042-35761234"
    )
    assert made.status_code == 303, made.text

    page = (await visitor.open("/desk/branches")).text
    link = branch_link(page, "Sialkot")
    await visitor.open(link)
    changed = await visitor.send(link, name="Sialkot Cantt", city="Sialkot", address="", phone="")
    assert changed.status_code == 303, changed.text
    assert "Sialkot Cantt" in (await visitor.open("/desk/branches")).text
    assert (await visitor.send(f"{link}/closing")).status_code == 303
    assert "Sialkot Cantt" not in (await visitor.open("/desk/branches")).text


async def test_branch_with_members_cannot_be_closed(visitor: Visitor):
    await visitor.sign_in("owner@ravi.demo")
    page = (await visitor.open("/desk/branches")).text
    link = branch_link(page, "Lahore")
    await visitor.open(link)
    answer = await visitor.send(f"{link}/closing")

    assert answer.status_code == 409
    assert 'class="alert bad"' in answer.text


async def test_new_name_and_language_follow_the_person(visitor: Visitor, another: Visitor):
    await visitor.sign_in("sales1@ravi.demo")
    await visitor.open("/me")
    saved = await visitor.send("/me", name="عمران احمد", phone="0300 7654321", lang="ur")
    assert saved.status_code == 303, saved.text

    assert '<html lang="ur" dir="rtl"' in (await visitor.open("/me")).text
    await another.sign_in("owner@ravi.demo")
    assert "عمران احمد" in row((await another.open("/desk/members")).text, "sales1@ravi.demo")


async def test_other_devices_are_signed_out_when_the_password_changes(visitor: Visitor, another: Visitor):
    await visitor.sign_in("finance@ravi.demo")
    await another.sign_in("finance@ravi.demo")
    await visitor.open("/me/password")
    wrong = await visitor.send("/me/password", current="not-it-at-all", new="gulmohar-ke-phool-9")
    assert wrong.status_code == 401
    done = await visitor.send("/me/password", current=PASSWORD, new="gulmohar-ke-phool-9")
    assert done.status_code == 303, done.text

    assert (await visitor.open("/me")).status_code == 200
    assert (await another.open("/me")).status_code == 303


async def test_device_is_signed_out_from_the_profile(visitor: Visitor, another: Visitor):
    await visitor.sign_in("finance@ravi.demo")
    await another.sign_in("finance@ravi.demo")
    page = (await visitor.open("/me")).text
    action = re.search(r'action="(/me/sessions/[\w-]+/end)"', page)
    assert action
    assert (await visitor.send(action[1])).status_code == 303

    assert (await another.open("/me")).status_code == 303


async def test_activity_tells_who_changed_what(visitor: Visitor, another: Visitor):
    await another.sign_in("sales1@ravi.demo")
    await another.open("/desk/inbox")
    lead = (await another.send("/desk/inbox/new", name="Ali <Raza>", phone="0300 1234567")).headers["location"]
    await visitor.sign_in("owner@ravi.demo")
    page = (await visitor.open("/desk/activity")).text
    assert "Signed in" in page
    assert re.search(rf'Lead arrived.*href="{lead}"><bdi>Ali &lt;Raza&gt;</bdi></a>', page)

    assert (await another.open("/desk/activity")).status_code == 403
