"""IAM-14: create an org, create a user, sign in as them, a branch's whole life, and a record of every step."""

from tests.support.api import Caller


async def test_org_user_login_branch_crud_leave_an_audit_record_each(api: Caller) -> None:
    mo = await api.register("mo@example.pk", "Mo Khan")
    org = (await mo.post("orgs", {"name": "Ravi Motors", "slug": "ravi"})).json()
    mo = await api.sign_in("mo@example.pk")
    kim = await mo.post(
        "users", {"email": "kim@example.pk", "name": "Kim Shah", "role": "manager", "password": "first-password-7"}
    )
    assert kim.status_code == 201, kim.text
    as_kim = await api.sign_in("kim@example.pk", "first-password-7")

    made = await as_kim.post("branches", {"name": "Lahore", "slug": "lahore", "city": "Lahore"})
    assert made.status_code == 201, made.text
    path = f"branches/{made.json()['id']}"
    read = await as_kim.get(path)
    changed = await as_kim.patch(path, {"address": "12 Jail Road", "phone": "042 35761234"})
    gone = await as_kim.delete(path)
    left = await as_kim.get("branches")

    assert (read.status_code, read.json()["name"]) == (200, "Lahore")
    assert (changed.status_code, changed.json()["address"], changed.json()["phone"]) == (
        200,
        "12 Jail Road",
        "+924235761234",
    )
    assert (gone.status_code, left.json()["items"]) == (204, [])

    trail = (await mo.get("audit", params={"limit": 100})).json()
    actions = [row["action"] for row in reversed(trail["items"])]
    assert actions == [
        "org.created",
        "member.joined",
        "session.started",
        "member.joined",
        "session.started",
        "branch.opened",
        "branch.changed",
        "branch.closed",
    ]
    by = {row["action"]: row["actor"] for row in trail["items"]}
    assert (by["org.created"], by["branch.changed"]) == ("Mo Khan", "Kim Shah")
    assert trail["position"].endswith(":8")
    assert (await mo.get("audit/verdict")).json()["ok"] is True
    assert (await mo.get("me")).json()["memberships"][0] == {"org": "ravi", "branch": None, "role": "owner"}
    assert org["kind"] == "dealer"
