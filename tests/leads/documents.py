"""Sending documents as others do, and what is there afterwards."""

import re
from typing import Any

from httpx import Response
from sqlalchemy import text

from app.core import db
from tests.leads.conftest import Stage
from tests.support.api import Caller

ADF = "application/x-adf+xml"


async def send(caller: Caller, document: str | bytes, path: str = "leads/adf", kind: str = ADF) -> Response:
    """Again after 503, as any sender would: on a busy machine others may hold what it needs for too long."""
    raw = document if isinstance(document, bytes) else document.encode()
    while (answer := await caller("POST", path, content=raw, headers={"content-type": kind})).status_code == 503:
        pass
    return answer


async def new_link(owner: Caller, branch_id: object = "") -> str:
    """The path of the secret link that the screen shows after making one."""
    made = await owner("POST", "/desk/leads-in", data={"branch_id": str(branch_id)})
    assert made.status_code == 303, made.text
    shown = (await owner.get("/desk/leads-in")).text
    return re.findall(r"/api/v1/(leads/adf/[\w-]{20,})</code>", shown)[-1 if branch_id else 0]


async def lead_of(stage: Stage, answer: Response, who: str = "manager") -> dict[str, Any]:
    """The lead's page over JSON."""
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = (await stage.callers[who].get(f"leads/{answer.json()['leads'][0]['id']}/page")).json()
    return found


async def kept() -> list[Any]:
    """Every document there is, the oldest first."""
    async with db.system() as session:
        return list(await session.execute(text("select * from lead_document order by received_at, id")))
