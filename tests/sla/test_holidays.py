"""Suggested holidays, over the tabular Islamic calendar in place of Umm al-Qura (at most a day or two apart)."""

from datetime import date, timedelta

from app.sla.rules import Holiday, suggested


def tabular(year: int, month: int, day: int) -> date:
    days = (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2 + day - 1
    return date(622, 7, 19) + timedelta(days=days)


def umm_al_qura(year: int, month: int, day: int) -> date:
    """What formats.md 14.9 quotes of it; the rest does not matter here."""
    return {(1448, 9): date(2027, 2, 8), (1448, 10): date(2027, 3, 9)}.get((year, month), tabular(year, month, 1)) + (
        timedelta(days=day - 1)
    )


def named(year: int, name: str) -> list[Holiday]:
    return [holiday for holiday in suggested(year, umm_al_qura) if holiday.name_en == name]


def test_the_moon_is_taken_to_be_sighted_a_day_later() -> None:
    assert [(one.first, one.last) for one in named(2027, "Ramadan")] == [(date(2027, 2, 9), date(2027, 3, 9))]
    assert [(one.first, one.last) for one in named(2027, "Eid-ul-Fitr")] == [(date(2027, 3, 10), date(2027, 3, 12))]


def test_only_days_that_hang_on_the_moon_await_confirmation() -> None:
    certain = {holiday.name_en for holiday in suggested(2027, umm_al_qura) if holiday.confirmed}
    awaited = {holiday.name_en for holiday in suggested(2027, umm_al_qura) if not holiday.confirmed}

    assert len(certain) == 7
    assert awaited == {"Ramadan", "Eid-ul-Fitr", "Eid-ul-Adha", "Ashura", "Eid Milad-un-Nabi"}


def test_ramadan_asks_for_a_timetable_and_the_rest_close() -> None:
    kinds = {holiday.name_en: holiday.kind for holiday in suggested(2027, umm_al_qura)}

    assert {name for name, kind in kinds.items() if kind == "override"} == {"Ramadan"}


def test_a_year_with_two_ramadans_has_both_and_one_over_new_year_is_in_both_years() -> None:
    in_2030 = [holiday for holiday in suggested(2030, tabular) if holiday.name_en == "Ramadan"]
    in_2031 = [holiday for holiday in suggested(2031, tabular) if holiday.name_en == "Ramadan"]

    assert len(in_2030) == 2
    assert in_2030[1].last.year == 2031
    assert in_2030[1] == in_2031[0]


def test_every_year_of_the_century_has_each_feast_in_order_of_its_days() -> None:
    feasts = {"Ramadan", "Eid-ul-Fitr", "Eid-ul-Adha", "Ashura", "Eid Milad-un-Nabi"}
    for year in range(2000, 2100):
        found = suggested(year, tabular)

        assert feasts <= {holiday.name_en for holiday in found}
        assert [holiday.first for holiday in found] == sorted(holiday.first for holiday in found)
        assert all(holiday.first <= holiday.last for holiday in found)
