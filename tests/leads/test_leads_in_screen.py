"""The screen "Leads by e-mail and XML": who sees which of it, in both languages, and what came with its fate."""

import re

import msgspec

from app.core.settings import Settings, install
from tests.leads import adf_samples as samples
from tests.leads.conftest import Stage
from tests.leads.documents import kept, lead_of, new_link, send


async def test_heads_make_an_address_and_read_it_off(stage: Stage, settings: Settings) -> None:
    install(msgspec.structs.replace(settings, adf_mail_domain="leads.example"))
    before = (await stage.callers["manager"].get("/desk/leads-in")).text
    link = await new_link(stage.callers["manager"])
    after = (await stage.callers["manager"].get("/desk/leads-in")).text

    assert "/api/v1/leads/adf/" not in before
    assert re.search(r"<code dir=\"ltr\">ravi-[2-9a-z]{6}@leads\.example</code>", after)
    assert f"{stage.api.base_url}/api/v1/{link}" in after
    assert "Nothing has come yet" in after


async def test_without_a_mail_domain_there_are_links_only(stage: Stage) -> None:
    await new_link(stage.callers["owner"])
    page = (await stage.callers["owner"].get("/desk/leads-in")).text

    assert "@" not in re.sub(r"<header.*?</header>", "", page, flags=re.DOTALL).partition("<main")[2]


async def test_the_secret_link_is_for_who_may_change_it(stage: Stage) -> None:
    link = await new_link(stage.callers["owner"])
    for name in ("sales1", "readonly"):
        page = await stage.callers[name].get("/desk/leads-in")
        assert page.status_code == 200
        assert link not in page.text
        refused = await stage.callers[name]("POST", "/desk/leads-in", data={"branch_id": ""})
        assert refused.status_code == 403


async def test_an_address_of_another_org_s_branch_is_not_made(stage: Stage) -> None:
    made = await stage.callers["owner"]("POST", "/desk/leads-in", data={"branch_id": str(stage.branches["karachi"])})

    assert made.status_code == 404


async def test_what_came_is_shown_with_what_became_of_it(stage: Stage) -> None:
    sales = stage.callers["sales1"]
    first = (await send(sales, samples.SPLIT_NAMES)).json()["leads"][0]
    joined = (await send(sales, samples.SPLIT_NAMES.replace("PM-881", "PM-882"))).json()["leads"][0]
    await send(sales, samples.ALSO_SEEN)
    await send(sales, "Is it there?")
    whole = (await stage.callers["manager"].get("/desk/leads-in")).text
    branch = (await sales.get("/desk/leads-in")).text
    elsewhere = (await stage.callers["sales3"].get("/desk/leads-in")).text
    urdu = (await stage.callers["manager"].get("/desk/leads-in", headers={"cookie": "lang=ur"})).text

    assert (joined["id"], joined["repeated"]) == (first["id"], True)
    assert all(told in whole for told in (first["ref"], "PM-882", "Asked again", "adf/prospect/finance"))
    assert "It is not well-formed XML." in whole
    assert first["ref"] in branch
    assert "Unreadable" not in branch
    assert "Nothing has come yet" in elsewhere
    assert "یہ درست XML نہیں ہے۔" in urdu
    assert 'dir="rtl"' in urdu


async def test_the_original_is_a_file_for_who_may_read_contacts(stage: Stage) -> None:
    answer = await send(stage.callers["sales1"], samples.SPLIT_NAMES)
    lead = (await lead_of(stage, answer))["lead"]
    path = f"/desk/leads-in/{(await kept())[0].id}"
    pages = {name: await stage.callers[name].get(f"/desk/inbox/{lead['id']}") for name in ("sales1", "readonly")}
    found = await stage.callers["sales1"].get(path)

    assert path in pages["sales1"].text
    assert "PakMotors · Car page form" in pages["readonly"].text
    assert path not in pages["readonly"].text
    assert found.text == samples.SPLIT_NAMES
    assert found.headers["content-type"].startswith("text/plain")
    assert found.headers["content-disposition"].startswith("attachment;")
    assert found.headers["cache-control"] == "no-store"
    assert [(await stage.callers[name].get(path)).status_code for name in ("readonly", "sales3")] == [403, 404]


async def test_each_prospect_of_a_document_leads_to_the_whole(stage: Stage) -> None:
    await send(stage.callers["sales1"], samples.TWO_PROSPECTS)
    originals = [(await stage.callers["sales1"].get(f"/desk/leads-in/{row.id}")).text for row in await kept()]

    assert originals == [samples.TWO_PROSPECTS] * 2


async def test_what_came_is_sealed_at_rest(stage: Stage) -> None:
    await send(stage.callers["sales1"], samples.SPLIT_NAMES)
    (row,) = await kept()

    assert not any(word in bytes(row.raw_sealed) for word in (b"Nadia", b"7654321", b"adf"))


async def test_a_branch_that_is_closed_gets_no_leads_any_more(stage: Stage) -> None:
    owner = stage.callers["owner"]
    link = await new_link(owner, stage.branches["gujranwala"])
    await owner.delete(f"users/{stage.people['sales3']}")
    closed = await owner.delete(f"branches/{stage.branches['gujranwala']}")
    page = await lead_of(stage, await send(stage.api.stranger(), samples.FULL_NAME, link))

    assert closed.status_code in (200, 204), closed.text
    assert page["lead"]["branch"] == "lahore"
