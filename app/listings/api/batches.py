"""JSON of changes of many cars: shown first, then applied, taken back within a day."""

from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.asks import Who, WithDb
from app.core.ids import Id
from app.listings import queries, service
from app.listings.schemas import BatchForm, BatchPage


@post("/listings/batches", access="org:listing.change")
async def create_batch(db: WithDb, who: Who, data: JSONBody[BatchForm]) -> BatchPage:
    """What it would do to each car; nothing is changed yet."""
    batch_id = await service.show_batch(db, who, data)
    await db.flush()
    return await queries.batch(db, batch_id)


@get("/listings/batches/{change_id:uuid}", access="org:listing.change")
async def show_batch(db: WithDb, change_id: FromPath[Id]) -> BatchPage:
    """What it would do, or did, to each car."""
    return await queries.batch(db, change_id)


@post("/listings/batches/{change_id:uuid}/application", access="org:listing.change", status_code=200)
async def create_application(db: WithDb, who: Who, change_id: FromPath[Id]) -> BatchPage:
    """Cars changed since it was shown are left alone and named."""
    await service.apply_batch(db, who, change_id)
    await db.flush()
    return await queries.batch(db, change_id)


@post("/listings/batches/{change_id:uuid}/undoing", access="org:listing.change", status_code=200)
async def create_undoing(db: WithDb, who: Who, change_id: FromPath[Id]) -> BatchPage:
    """Exactly as before, for a day; cars changed since are left alone and named."""
    await service.undo_batch(db, who, change_id)
    await db.flush()
    return await queries.batch(db, change_id)


ROUTES = (create_batch, show_batch, create_application, create_undoing)
