"""The plugin's tables: as it declares them, and as they are."""

from sqlalchemy import Table

from crmcore.app import App
from crmcore.conformance.subject import Subject
from crmcore.engine.tables import metadata
from crmcore.exporting.tables import plugin_tables
from crmcore.hooks.entities import EntityType
from crmcore.hooks.references import Reference


def declared_entities(app: App, subject: Subject) -> list[EntityType]:
    """Return the entity types of its own that it declares."""
    return [entity for entity in app.assembly.entities if entity.name in own_names(subject)]


def declared_references(app: App, subject: Subject) -> list[Reference]:
    """Return the references that it declares, of its own tables."""
    names = own_names(subject)
    return [each for each in app.dispatcher.declared("crm_references") if each.table.name in names]


def declared_tables(app: App, subject: Subject) -> dict[str, Table]:
    """Return the tables its entity types and references name, and those declared beside them."""
    named = [each.table for each in declared_entities(app, subject)]
    named += [each.table for each in declared_references(app, subject)]
    found = {
        table.name: table
        for origin in named
        if origin.metadata is not metadata
        for table in origin.metadata.sorted_tables
    }
    return {name: table for name, table in found.items() if name.startswith(f"{subject.name}_")}


def own_names(subject: Subject) -> set[str]:
    """Return the names of the tables it tells of."""
    return {*subject.plugin.tables}


def all_tables(app: App, subject: Subject) -> list[Table]:
    """Return its tables in an order in which rows can be inserted: as declared, else as the database has them."""
    declared = declared_tables(app, subject)
    with app.engine.connect() as connection:
        there = [table for table in plugin_tables(connection) if table.name in own_names(subject)]
    return [declared.get(table.name, table) for table in there]
