"""A cost sheet as somebody fills it in: rows of a kind, a word and an amount as people say it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from app.core.errors import Invalid
from app.core.i18n import _
from app.desk.schemas import rupees
from app.listings.schemas import CostKind, CostLine, CostSheetForm, CostSheetPage

USUAL: tuple[CostKind, ...] = ("purchase", "transfer_tax", "denting_painting", "mechanical", "commission")
_SPARE, _MOST_ROWS = 2, 40


class Row(Struct, frozen=True):
    """A row of the form; its fields are named kind_N, label_N, amount_N."""

    kind: str
    label: str
    amount: str


def rows_of(sheet: CostSheetPage) -> list[Row]:
    """What was written, then what is usual and still missing, then room for more."""
    written = [Row(line.kind, line.label, f"{line.amount:,}") for line in sheet.lines]
    there = {line.kind for line in sheet.lines}
    missing = [Row(kind, "", "") for kind in USUAL if kind not in there]
    spare = [Row("other", "", "")] * _SPARE
    return [*written, *missing, *spare][: max(len(written), _MOST_ROWS)]


def rows_in(data: Mapping[str, str]) -> list[Row]:
    """The rows as they were sent."""
    found = list[Row]()
    for number in range(_MOST_ROWS):
        if f"amount_{number}" in data:
            values = (data.get(f"{name}_{number}", "").strip() for name in ("kind", "label", "amount"))
            found.append(Row(*values))
    return found


def sheet_in(rows: Sequence[Row], version: int, kinds: Sequence[str]) -> CostSheetForm:
    """Rows without an amount are none. Raises Invalid with every fault on its field."""
    lines, faults = list[CostLine](), list[dict[str, str]]()
    for number, row in enumerate(rows):
        try:
            amount = rupees(row.amount, f"amount_{number}")
        except Invalid as refusal:
            faults += refusal.extra["errors"]
            continue
        if amount is None:
            continue
        if row.kind not in kinds or len(row.label) > 60:
            faults.append({"field": f"label_{number}", "message": _("This does not look right.")})
        elif row.kind == "other" and not row.label:
            faults.append({"field": f"label_{number}", "message": _("Say what the other cost was for.")})
        else:
            lines.append(CostLine(kind=row.kind, label=row.label, amount=amount))  # type: ignore[arg-type]
    if faults:
        raise Invalid(faults)
    return CostSheetForm(lines=lines, version=version)
