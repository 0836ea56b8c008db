"""What handlers ask for: the unit of work, who is asking, from which device, how often they may."""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency

from app.core.base import Db
from app.core.devices import Device
from app.core.edge import Limiter
from app.core.security import Principal

WithDb = NamedDependency[Db]
Who = NamedDependency[Principal]
Visitor = NamedDependency[Principal | None]
OnDevice = NamedDependency[Device]
WithLimiter = NamedDependency[Limiter]
AnyRequest = Request[Any, Any, Any]
