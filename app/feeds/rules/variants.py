"""Which trim of a model was meant, by the words that were said."""

from app.feeds.rules.vocabulary import Model


def variant_of(model: Model, said: tuple[str, ...], year: int | None, cc: int | None, gears: str | None) -> str | None:
    """The trim whose every word was said; None when none or several fit."""
    if not model.trims:
        return None
    have = {*said, f"{cc / 1000:.1f}"} if cc else set(said)
    best: list[tuple[tuple[int, int, int], str]] = []
    for trim in model.trims:
        names = trim.names
        if not trim.core <= have:
            continue
        if gears and names.transmission and names.transmission != gears:
            continue
        if cc and names.engine_cc and abs(names.engine_cc - cc) > 110:
            continue
        if year and ((names.year_from and year < names.year_from - 1) or (names.year_to and year > names.year_to + 1)):
            continue
        missed = len(trim.gears - have)
        fits = int(bool(gears and names.transmission == gears)) + int(bool(names.year_to is None or not year))
        best.append(((len(trim.core), len(trim.gears) - 2 * missed, fits), names.slug))
    best.sort(reverse=True)
    if not best or (len(best) > 1 and best[0][0] == best[1][0]):
        return None
    return best[0][1]
