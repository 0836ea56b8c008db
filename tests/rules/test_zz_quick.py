import time

from tests.rules.test_tenancy import *  # noqa
from tests.rules.test_tenancy import world  # noqa

for n in [n for n in list(globals()) if n.startswith("test_")]:
    del globals()[n]


async def test_quick(world):
    t = time.time()
    routes = few(world)
    import os

    roles = set(os.environ.get("ROLES", "owner,readonly,anonymous").split(","))
    people = [o for o in world.people if o.org in ("zqsouth", "") and o.role in roles]
    f = await Walk(world, people, routes).run()
    print("SECONDS", time.time() - t, f.triples, f.requests)
    for x in sorted(set(f.leaks)):
        print("LEAK", x[:260])
    for x in sorted(set(f.wrong)):
        print("WRONG", x[:420])
    print("UNSERVED", {f"{r.method} {r.template}" for r in routes} - set(f.served) - NOT_SERVED)
