"""Alembic's environment for every history: the connection and the version table come from `crmcore.engine.migrate`.

The connection is in a transaction already, so all migrations of an upgrade are kept together or not at all.
"""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table=context.config.attributes["version_table"],
)
with context.begin_transaction():
    context.run_migrations()
