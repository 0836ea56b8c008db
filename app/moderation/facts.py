"""What happens to reports. `id` is the report's."""

from typing import ClassVar

from app.core.events import Fact


class ReportFiled(Fact, tag="report.filed", frozen=True, kw_only=True):
    """Somebody says that something is wrong with an advert."""

    needs: ClassVar[str | None] = "platform.read"
