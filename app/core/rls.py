"""SQL of the second guard: row-level security, grants and roles. Migrations call these; nothing else does."""

ORG = "nullif(current_setting('app.org', true), '')::uuid"
PERSON = "nullif(current_setting('app.person', true), '')::uuid"


def guard(table: str, *, owner: str = "org_id", sees: str | None = None, writes: str | None = None) -> list[str]:
    """Statements that force row-level security on `table`, whose column `owner` names the org.

    A row is visible when it is of the transaction's org or `sees` (SQL) holds, and may be written when it is of
    the org or `writes` holds.
    """
    own = f"{owner} = {ORG}"
    return policy(table, sees=f"{own} or ({sees})" if sees else own, writes=f"{own} or ({writes})" if writes else own)


def policy(table: str, *, sees: str, writes: str) -> list[str]:
    """Statements that force row-level security on a table with a rule of its own."""
    return [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy org on {table} using ({sees}) with check ({writes})",
    ]


def grant(table: str, *, app: str = "select, insert, update, delete", system: str = "") -> list[str]:
    """Statements that let desk_app, and desk_system where named, use `table`; nobody else may."""
    statements = [f"revoke all on {table} from public"]
    if app:
        statements.append(f"grant {app} on {table} to desk_app")
    if system:
        statements.append(f"grant {system} on {table} to desk_system")
    return statements


def append_only(table: str) -> list[str]:
    """Statements that make PostgreSQL refuse update, delete and truncate of `table`, for its owner too."""
    return [
        (
            f"create trigger {table}_append_only before update or delete on {table} "
            "for each row execute function desk_refuse_change()"
        ),
        (
            f"create trigger {table}_no_truncate before truncate on {table} "
            "for each statement execute function desk_refuse_change()"
        ),
    ]


REFUSE_CHANGE = """
create or replace function desk_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append only', tg_table_name using errcode = 'insufficient_privilege';
end $$
"""


def roles(database: str, *, app_password: str | None = None, system_password: str | None = None) -> list[str]:
    """Statements that make the three roles; safe to run again. They need a superuser (BYPASSRLS does)."""
    statements = []
    for role, attributes in (
        ("desk_owner", "nologin"),
        ("desk_app", "login nobypassrls"),
        ("desk_system", "login bypassrls"),
    ):
        statements.append(
            f"do $$ begin if not exists (select from pg_roles where rolname = '{role}') "
            f"then create role {role} {attributes}; end if; "
            "exception when duplicate_object or unique_violation then null; end $$"
        )
    for role, password in (("desk_app", app_password), ("desk_system", system_password)):
        statements.append(f"alter role {role} set synchronous_commit = on")
        if password:
            statements.append(f"alter role {role} password {_literal(password)}")
    return [
        *statements,
        "grant desk_owner, desk_app, desk_system to current_user",
        f'grant create, connect on database "{database}" to desk_owner',
        "grant usage, create on schema public to desk_owner",
        "grant usage on schema public to desk_app, desk_system",
        "revoke create on schema public from public",
    ]


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
