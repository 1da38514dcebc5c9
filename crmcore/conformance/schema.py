"""Its tables: named after it, made and unmade by one line of revisions, and as declared."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, MetaData, inspect

from crmcore.conformance.subject import Subject
from crmcore.conformance.tables import declared_entities, declared_tables
from crmcore.engine import migrate
from crmcore.errors import CrmError
from crmcore.i18n import _
from crmcore.lifecycle.schema import bring


def fits(subject: Subject) -> Iterator[str]:
    """Ask whether it can be enabled: its tables and revisions prefixed and told of, in one line, in nobody's way."""
    try:
        with subject.workspace():
            pass
    except CrmError as error:
        yield str(error)


def reversible(subject: Subject) -> Iterator[str]:
    """Ask whether its migrations can be taken back and done again, and come to the same."""
    if subject.plugin.migrations is None:
        return
    history = migrate.History(name=subject.name, versions=subject.plugin.migrations)
    with subject.workspace() as app:
        first = _shape(app, subject)
        try:
            with migrate.alone(app.engine) as connection:
                migrate.take_back(connection, history)
        except Exception as error:  # noqa: BLE001 # a migration may raise anything
            yield _("Its migrations cannot be taken back: {error}. Write downgrade().").format(error=_said(error))
            return
        left = sorted(set(_shape(app, subject)) - {history.version_table})
        if left:
            yield _("Taking its migrations back leaves {tables}; drop them in downgrade().").format(
                tables=", ".join(left)
            )
            return
        try:
            with migrate.alone(app.engine) as connection:
                bring(connection, subject.plugin)
        except CrmError as error:
            yield _("After taking its migrations back they cannot be done again: {error}").format(error=error)
            return
        if _shape(app, subject) != first:
            yield _("Taken back and done again, its migrations make other tables than before.")


def _said(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _shape(app: Any, subject: Subject) -> dict[str, Any]:
    """Return its tables as the database describes them."""
    with app.engine.connect() as connection:
        inspector = inspect(connection)
        return {
            name: (
                [(each["name"], str(each["type"]), each["nullable"]) for each in inspector.get_columns(name)],
                sorted(str(each["name"]) for each in inspector.get_indexes(name)),
                sorted(str(each["name"]) for each in inspector.get_foreign_keys(name)),
            )
            for name in inspector.get_table_names()
            if name.startswith(f"{subject.name}_")
        }


def declared(subject: Subject) -> Iterator[str]:
    """Ask whether its migrations make what its tables and entity types say, and nothing else."""
    with subject.workspace() as app:
        for entity in declared_entities(app, subject):
            columns = set(entity.table.c.keys())
            for name in sorted({"id", "version"} - columns | set(entity.fields) - columns):
                yield _("{entity} has a field {field} that its table {table} has not.").format(
                    entity=entity.cls.__name__, field=name, table=entity.table.name
                )
            for name in sorted({"id", "version"} - set(entity.fields)):
                yield _("{entity} has no field {field}; every entity has id and version.").format(
                    entity=entity.cls.__name__, field=name
                )
        tables = declared_tables(app, subject)
        with app.engine.connect() as connection:
            for metadata in {id(table.metadata): table.metadata for table in tables.values()}.values():
                for change in _proposed(connection, metadata, set(tables)):
                    yield _(
                        "The tables declared are not those its migrations make; a migration is missing: {what}."
                    ).format(what=_described(change))


def _proposed(connection: Connection, metadata: MetaData, names: set[str]) -> Sequence[Any]:
    """Return what Alembic's autogenerate would put into the next revision."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    options = {
        "compare_type": True,
        "include_name": lambda name, kind, _parents: kind != "table" or name in names,
        "include_object": lambda _thing, name, kind, _reflected, _other: kind != "table" or name in names,
    }
    found: Sequence[Any] = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    return found


def _described(change: Any) -> str:
    if isinstance(change, list):
        change = change[0]
    kind, *what = change
    names = [each for each in what if isinstance(each, str)]
    names += [str(each.name) for each in what if getattr(each, "name", None) and not isinstance(each, str)]
    return " ".join([kind.replace("_", " "), *names])
