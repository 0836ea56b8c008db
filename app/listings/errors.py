"""Refusals of stock."""

from app.core.errors import NotFound, Refused


class ListingGone(NotFound, code="listing_gone", says="This car is no longer here."):
    """Missing, deleted, or not for your eyes: the three are one."""


class StockNumberTaken(
    Refused, status=409, code="stock_number_taken", says="Another car of yours has this stock number."
):
    def __init__(self) -> None:
        super().__init__(errors=[{"field": "stock_number", "message": self.says}])


class Stale(
    Refused, status=412, code="stale", says="Somebody changed this meanwhile. Look at it again before you save."
):
    pass


class MoveNotAllowed(
    Refused, status=409, code="move_not_allowed", says="A car in this state cannot be changed like that."
):
    pass


class NotComplete(Refused, status=409, code="not_complete", says="Complete the marked fields before you publish."):
    pass


class OtherBranch(Refused, status=403, code="other_branch", says="You can only change the cars of your own branch."):
    pass


class NoPrice(Refused, status=409, code="no_price", says="This car has no price that could be changed like that."):
    pass


class NotNow(Refused, status=409, code="not_now", says="This was already done or taken back. Look at it again."):
    pass


class BatchTooOld(Refused, status=409, code="batch_too_old", says="This can be taken back for a day only."):
    pass


class RefreshedToday(Refused, status=409, code="refreshed_today", says="A car can be refreshed once a day."):
    pass
