"""Cells of sheets that we hand out."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula is not one in what we hand out."""
    return f"'{cell}" if cell.startswith(_FORMULA) and not _number(cell) else cell


def _number(cell: str) -> bool:
    return cell.lstrip("+-").replace(",", "").replace(".", "").isdigit()
