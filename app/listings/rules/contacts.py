"""How little of a seller's number a listing shows before somebody asks for it."""


def masked_phone(e164: str | None) -> str | None:
    """As the storefront masks a branch's: `+9230•••••567`, the network to know and the end to recognise it by."""
    return f"{e164[:5]}{'•' * max(len(e164) - 8, 0)}{e164[-3:]}" if e164 else None
