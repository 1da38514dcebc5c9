"""Bringing the tables of enabled plugins along after their packages changed."""

from sqlalchemy import Engine

from crmcore.engine import migrate
from crmcore.errors import CrmError
from crmcore.lifecycle import generation, schema, states
from crmcore.plugins.resolve import resolve


def upgrade_plugins(engine: Engine) -> list[str]:
    """Bring the tables of enabled plugins along after their packages changed.

    Each succeeds or fails on its own; returns one sentence for each that failed.
    """
    failed: list[str] = []
    with engine.connect() as connection:
        versions = states.enabled_versions(connection)
    for name, version in versions.items():
        try:
            found, plugin = resolve(name)[-1]
            if found.version != version:
                with migrate.alone(engine) as connection:
                    schema.bring(connection, plugin)
                    states.write_state(connection, found, plugin, enabled=True)
                    generation.advance(connection)
        except CrmError as error:
            failed.append(str(error))
    return failed
