"""Stock from a sheet: handed in, its columns settled, tried, taken, taken back."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Stream

from app.core import forms, render
from app.core.asks import AnyRequest, Who, WithDb
from app.core.forms import FormData
from app.core.i18n import _
from app.desk import imports
from app.feeds import queries, service
from app.feeds.api import intake, runs
from app.feeds.schemas import ReadAs, RunForm, WordForm

_PAGE, _FILE, _RUN = "desk/imports/page.html", "desk/imports/file.html", "desk/imports/run.html"


@get("/desk/imports", access="org:feed.read")
async def show_imports(db: WithDb, who: Who) -> Response[Any]:
    return render.page(_PAGE, **await imports.overview(db, who), form=forms.EMPTY)


@get("/desk/imports/region", access="org:feed.read", include_in_schema=False)
async def show_imports_region(db: WithDb, who: Who) -> Response[Any]:
    return render.page("desk/imports/_region.html", **await imports.overview(db, who))


@post(
    "/desk/imports", access="org:feed.run", status_code=303, takes="multipart/form-data", body_limit=intake.MOST_BYTES,
    **forms.again(_PAGE),
)  # fmt: skip
async def create_file(request: AnyRequest, db: WithDb, who: Who) -> Response[Any]:
    forms.keep(request, **await imports.apart(who, lambda apart: imports.overview(apart, who)))
    kept, looked = await intake.take_in(who, await intake.uploaded(request))
    return render.redirect(f"/desk/imports/files/{await service.keep_file(db, who, kept, looked)}")


@get("/desk/imports/files/{file_id:uuid}", access="org:feed.read")
async def show_columns(db: WithDb, who: Who, file_id: FromPath[UUID]) -> Response[Any]:
    return render.page(_FILE, **await imports.of_file(db, who, file_id), form=forms.EMPTY)


@post("/desk/imports/files/{file_id:uuid}", access="org:feed.run", status_code=303, **forms.again(_FILE))
async def create_run(
    request: Request[Any, Any, Any], db: WithDb, who: Who, file_id: FromPath[UUID], data: FormData
) -> Response[Any]:
    """What the columns mean is kept for the next such sheet. `then` is `import`, or `try` to write nothing."""
    context = await imports.of_file(db, who, file_id)
    forms.filled(request, data, **context)
    mapping_id = await service.save_mapping(db, who, imports.mapping_of(context["file"], data))
    run = RunForm(mapping_id=mapping_id, dry_run=data.get("then") != "import")
    return render.redirect(f"/desk/imports/{await service.start_run(db, who, file_id, run)}")


@post("/desk/imports/files/{file_id:uuid}/preview", access="org:feed.run", status_code=200)
async def show_preview(who: Who, file_id: FromPath[UUID], data: FormData) -> Response[Any]:
    """The first rows as they would be taken with these columns."""
    file = await imports.apart(who, lambda apart: queries.file_card(apart, file_id))
    rows = await intake.preview(who, file_id, imports.mapping_of(file, data).columns)
    return render.page("feeds/_preview.html", rows=rows)


@post("/desk/imports/files/{file_id:uuid}/reading", access="org:feed.run", status_code=303, **forms.again(_FILE))
async def update_reading(
    request: Request[Any, Any, Any], db: WithDb, who: Who, file_id: FromPath[UUID], data: FormData
) -> Response[Any]:
    forms.filled(request, data, **await imports.apart(who, lambda apart: imports.of_file(apart, who, file_id)))
    form = forms.read(ReadAs, data)
    looked = await intake.look_again(who, file_id, form)
    await service.read_again(db, file_id, looked, encoding=form.encoding, separator=form.separator, tab=form.tab)
    return render.redirect(f"/desk/imports/files/{file_id}")


@get("/desk/imports/{run_id:uuid}", access="org:feed.read")
async def show_run(db: WithDb, who: Who, run_id: FromPath[UUID]) -> Response[Any]:
    return render.page(_RUN, **await imports.of_run(db, who, run_id))


@get("/desk/imports/{run_id:uuid}/region", access="org:feed.read", include_in_schema=False)
async def show_run_region(db: WithDb, who: Who, run_id: FromPath[UUID]) -> Response[Any]:
    return render.page("desk/imports/_run_region.html", **await imports.of_run(db, who, run_id))


@get("/desk/imports/{run_id:uuid}/rejects.csv", access="org:feed.read", media_type="text/csv", include_in_schema=False)
async def download_rejects(request: AnyRequest, db: WithDb, who: Who, run_id: FromPath[UUID]) -> Stream:
    return await runs.rejects_file(db, who, run_id, render.choices(request).lang)


@post("/desk/imports/{run_id:uuid}/import", access="org:feed.run", status_code=303)
async def create_run_again(db: WithDb, who: Who, run_id: FromPath[UUID]) -> Response[Any]:
    """What was tried, for good; or what was imported once more, with what was learned since."""
    return render.redirect(f"/desk/imports/{await service.start_again(db, who, run_id)}")


@post("/desk/imports/{run_id:uuid}/approval", access="org:feed.approve", status_code=303)
async def create_approval(db: WithDb, who: Who, run_id: FromPath[UUID]) -> Response[Any]:
    await service.approve(db, who, run_id)
    return render.redirect(f"/desk/imports/{run_id}")


@post("/desk/imports/{run_id:uuid}/end", access="org:feed.run", status_code=303)
async def create_end(db: WithDb, who: Who, run_id: FromPath[UUID]) -> Response[Any]:
    await service.stop(db, who, run_id)
    return render.redirect(f"/desk/imports/{run_id}", _("Stopped. What was taken so far stays, and can be undone."))


@post("/desk/imports/{run_id:uuid}/undo", access="org:feed.run", status_code=303)
async def create_undo(db: WithDb, who: Who, run_id: FromPath[UUID]) -> Response[Any]:
    await service.start_undo(db, who, run_id)
    return render.redirect(f"/desk/imports/{run_id}")


@post("/desk/imports/{run_id:uuid}/words", access="org:feed.run", status_code=303)
async def create_word(db: WithDb, who: Who, run_id: FromPath[UUID], data: FormData) -> Response[Any]:
    """From the next run on the word means this."""
    await queries.run_card(db, run_id)
    await service.learn(db, who, forms.read(WordForm, data))
    return render.redirect(f"/desk/imports/{run_id}?words=1#words", _("Learned. Import the sheet again to use it."))


ROUTES: list[Any] = [
    show_imports, show_imports_region, create_file, show_columns, create_run, show_preview, update_reading, show_run,
    show_run_region, download_rejects, create_run_again, create_approval, create_end, create_undo, create_word,
]  # fmt: skip
