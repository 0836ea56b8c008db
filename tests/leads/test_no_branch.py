"""A lead that names no branch: those over all branches see it, are told, and give it one in a step."""

from app.adapters.mail import MemoryMailer
from app.core.jobs_ledger import burst
from tests.leads.conftest import Stage
from tests.leads.documents import lead_of, new_link, send

NOWHERE = """<?adf version="1.0"?><adf><prospect><customer><contact><name part="full">Nasir Khan</name>
<phone>0301 5550001</phone></contact></customer></prospect></adf>"""


async def test_a_lead_of_no_branch_is_the_heads_until_they_give_it_one(stage: Stage, outbox: MemoryMailer) -> None:
    owner, sales1 = stage.callers["owner"], stage.callers["sales1"]
    lead = (await lead_of(stage, await send(stage.api.stranger(), NOWHERE, await new_link(owner))))["lead"]
    await burst()
    path, page = f"leads/{lead['id']}", f"/desk/inbox/{lead['id']}"

    assert (lead["branch"], (await sales1.get(path)).status_code) == (None, 404)
    assert {mail.to for mail in outbox.sent()} == {"owner@ravi.pk", "manager@ravi.pk"}
    assert (await owner.get("leads/counts")).json()["branchless"] == 1
    assert "Nasir Khan" in (await owner.get("/desk/inbox?view=branchless")).text
    assert "so no sales staff see it" in (await owner.get(page)).text
    assert "view=branchless" not in (await sales1.get("/desk/inbox")).text

    given = await owner.patch(f"{path}/assign", {"assignee_id": str(stage.people["sales1"])})
    seen = (await sales1.get(path)).json()

    assert given.status_code == 200
    assert (seen["branch"], seen["assignee_id"]) == ("lahore", str(stage.people["sales1"]))
    assert (await owner.get("leads/counts")).json()["branchless"] == 0
