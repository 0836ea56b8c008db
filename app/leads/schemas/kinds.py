"""What a lead can be and say, and how much of it."""

from typing import Annotated, Literal

from msgspec import Meta

from app.core.ids import Id

Message = Annotated[str, Meta(max_length=4000)]
Text = Annotated[str, Meta(min_length=1, max_length=4000)]
Reason = Annotated[str, Meta(max_length=200)]
Status = Literal["new", "contacted", "qualified", "test_drive", "negotiating", "won", "lost", "spam"]
Source = Literal["web", "whatsapp", "call", "walk_in", "phone", "adf", "api", "referral", "other"]
Channel = Literal["whatsapp", "sms", "email"]
Priority = Literal["low", "normal", "high"]
PauseReason = Literal["buyer_decides", "test_drive", "finance", "papers", "other"]
CallOutcome = Literal["talked", "no_answer"]
Capacity = Annotated[int, Meta(ge=0, le=1000)]
MOMENT = r"^(20\d\d-\d\d-\d\d(T\d\d)?)?$"
TOOK = r"^(\d{1,5}-(\d{1,5})?)?$"
What = Literal["arrived", "taken", "answered", "in_time", "breached", "due", "won"]
View = Literal[
    "mine", "unassigned", "branchless", "call", "late", "soon", "open", "snoozed", "closed", "spam", "archived", "all"
]  # fmt: skip
TemplateKey = Annotated[str, Meta(min_length=1, max_length=30, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Ids = Annotated[list[Id], Meta(min_length=1, max_length=200)]
Mentions = Annotated[list[Id], Meta(max_length=20)]
Version = Annotated[int, Meta(ge=1, le=2**53)]
