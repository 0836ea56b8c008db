"""What a buyer's app does instead of writing: it asks for the number or goes on to WhatsApp, and is a lead."""

from app.core.ids import new_id
from tests.leads.conftest import Stage

PHONE = {"X-Device-Id": "a-phone-that-nobody-can-guess"}


async def clicks(stage: Stage, source: str) -> list[tuple[int, str | None]]:
    """Leads that came in so, as (enquiries, phone)."""
    answer = await stage.callers["manager"].get("leads", params={"source": source})
    return [(row["enquiries"], row["phone"]) for row in answer.json()["items"]]


async def test_the_number_is_told_on_asking_and_whoever_asks_is_one_lead(stage: Stage) -> None:
    path, stranger = f"listings/{stage.cars['corolla']}", stage.api.stranger()
    shown = (await stranger.get(path)).json()
    answers = [await stranger.post(f"{path}/reveal", headers=PHONE) for _ in range(2)]
    await stage.enquiry()
    by_nobody = await stage.api.stranger().post(f"{path}/reveal")

    assert "4235761234" not in str(shown)
    assert [(one.status_code, one.json()) for one in answers] == [(200, {"phone": "+924235761234"})] * 2
    assert answers[0].headers["cache-control"] == "private, no-store"
    assert by_nobody.status_code == 200
    assert await clicks(stage, "call") == [(1, None), (2, None)]


async def test_one_key_is_one_asking(stage: Stage) -> None:
    path = f"listings/{stage.cars['corolla']}/reveal"
    answers = [await stage.api.stranger().post(path, headers={**PHONE, "Idempotency-Key": "k-1"}) for _ in range(2)]

    assert [one.json() for one in answers] == [{"phone": "+924235761234"}] * 2
    assert await clicks(stage, "call") == [(1, None)]


async def test_whatsapp_opens_with_a_sentence_in_the_buyers_language(stage: Stage) -> None:
    path = f"listings/{stage.cars['corolla']}/whatsapp"
    by_landline = await stage.api.stranger().post(path, headers=PHONE)
    await stage.callers["owner"].patch(f"branches/{stage.branches['lahore']}", {"whatsapp": "0300 7654321"})
    english = await stage.api.stranger().post(path, headers=PHONE)
    urdu = await stage.api.stranger().post(f"{path}?lang=ur", headers=PHONE)

    assert by_landline.status_code == 404
    assert english.json()["url"].startswith("https://wa.me/923007654321?text=Salam%2C%20is%20the%20Corolla")
    assert "%2Fur%2Fl%2F" in urdu.json()["url"]
    assert await clicks(stage, "whatsapp") == [(2, None)]


async def test_what_is_sold_or_hidden_tells_no_number(stage: Stage) -> None:
    for car, status in (("corolla", "sold"), ("civic", "reserved")):
        await stage.callers["owner"].patch(f"listings/{stage.cars[car]}/status", {"status": status})
    sold, reserved, missing = [
        await stage.api.stranger().post(f"listings/{listing}/reveal", headers=PHONE)
        for listing in (stage.cars["corolla"], stage.cars["civic"], new_id())
    ]

    assert (sold.status_code, sold.json()["code"]) == (409, "car_gone")
    assert reserved.status_code == 200
    assert missing.status_code == 404
