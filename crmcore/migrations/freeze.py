"""Writing the first revision from the tables: `python -m crmcore.migrations.freeze`.

Until the first release the tables still change; this command then writes `core_0001` anew, as explicit statements that
no later change of `crmcore.engine.tables` touches. After the first release a change is a revision of its own.
"""

from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine

from crmcore.engine.tables import metadata
from crmcore.engine.types import Amount, Instant, Key
from crmcore.search.index import CREATE

FIRST = Path(__file__).parent / "versions" / "core_0001_contacts.py"

_HEAD = '''"""Contacts, interactions, tasks, journal, imports, plugins; written by `crmcore.migrations.freeze`."""

import sqlalchemy as sa
from alembic import op

from crmcore.engine.types import Amount, Id, Instant, Json, Key

revision = "core_0001"
down_revision = None

SEARCH = {search!r}


def upgrade() -> None:
    """Create every table of the core, the sequence of ids and the search index."""
    {tables}
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute("CREATE SEQUENCE crm_id")
    op.execute("INSERT INTO counter (name, next) VALUES ('id', 1)")
    for statement in SEARCH[dialect]:
        op.execute(statement)
'''


def render(tables: MetaData) -> str:
    """Return the source of the first revision: what makes `tables` in an empty database."""
    with create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"target_metadata": tables, "render_item": _item, "user_module_prefix": ""}
        )
        operations = produce_migrations(context, tables).upgrade_ops
    if operations is None:
        raise ValueError("the tables are empty")
    made = render_python_code(operations, render_item=_item)
    made = "\n".join(line for line in made.splitlines() if not line.strip().startswith("#")).strip()
    return _HEAD.format(search=CREATE, tables=made)


def _item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Name our own types as the tables name them."""
    if kind != "type":
        return False
    for ours in (Instant, Amount, Key):
        if isinstance(item, ours):
            return ours.__name__
    return {"BIGINT": "Id", "JSON": "Json"}.get(str(item), False)


if __name__ == "__main__":
    FIRST.write_text(render(metadata), encoding="utf-8")
