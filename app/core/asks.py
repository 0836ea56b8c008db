"""What handlers ask for: the unit of work, who is asking, from which device."""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency

from app.core.base import Db
from app.core.devices import Device
from app.core.security import Principal

WithDb = NamedDependency[Db]
Who = NamedDependency[Principal]
Visitor = NamedDependency[Principal | None]
OnDevice = NamedDependency[Device]
AnyRequest = Request[Any, Any, Any]
