"""Canned replies over JSON."""

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from app.core.asks import Who, WithDb
from app.core.ids import Id
from app.leads import queries, service
from app.leads.schemas import FilledReply, TemplateForm, TemplateRow

Lang = Annotated[str, QueryParameter(name="lang", pattern="^(en|ur|roman)$")]


@get("/reply-templates", access="org:reply_template.read")
async def list_templates(db: WithDb) -> list[TemplateRow]:
    return await queries.templates(db)


@post("/reply-templates", access="org:reply_template.change")
async def create_template(db: WithDb, who: Who, data: JSONBody[TemplateForm]) -> TemplateRow:
    return await queries.template_row(db, await service.add_template(db, who.org_id, data))


@patch("/reply-templates/{template_id:uuid}", access="org:reply_template.change")
async def update_template(db: WithDb, template_id: FromPath[Id], data: JSONBody[TemplateForm]) -> TemplateRow:
    await service.change_template(db, template_id, data)
    return await queries.template_row(db, template_id)


@delete("/reply-templates/{template_id:uuid}", access="org:reply_template.change", status_code=204)
async def delete_template(db: WithDb, template_id: FromPath[Id]) -> None:
    await service.remove_template(db, template_id)


@get("/leads/{lead_id:uuid}/templates/{key:str}", access="org:lead.reply")
async def fill_template(
    db: WithDb, who: Who, lead_id: FromPath[Id], key: FromPath[str], lang: Lang = "en"
) -> FilledReply:
    """The canned reply `key`, filled in for this lead."""
    lead = await queries.lead_row(db, lead_id, within=who.branch_id)
    return await service.filled_reply(db, who, lead, key, lang)


ROUTES = (list_templates, create_template, update_template, delete_template, fill_template)
