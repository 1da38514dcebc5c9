"""The migrated schema is the tables'; foreign databases are left alone; two who begin at once do not collide."""

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from crmcore.app import App
from crmcore.engine import migrate
from crmcore.engine.database import connect
from crmcore.engine.tables import metadata


def _compared(_context, _inspected, column, *_defaults):
    """Compare defaults, which SQLite reflects otherwise; the journal's transaction has one on PostgreSQL alone."""
    return False if (column.table.name, column.name) == ("journal", "xid") else None


def differences(url):
    engine = connect(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": _compared if connection.dialect.name == "postgresql" else False,
                "include_name": lambda name, kind, _parents: kind != "table" or name in metadata.tables,
            },
        )
        found = compare_metadata(context, metadata)
    engine.dispose()
    return found


def test_the_migrated_schema_is_that_of_the_tables(workspace):
    assert differences(workspace) == []


def test_the_comparison_sees_what_differs(workspace):
    engine = connect(workspace)
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_contact_page"))
        connection.execute(text("ALTER TABLE setting ADD COLUMN more TEXT"))
    engine.dispose()
    assert {each[0] for each in differences(workspace)} == {"remove_column", "add_index"}


def test_every_constraint_has_a_name(workspace):
    engine = connect(workspace)
    inspector = inspect(engine)
    for table in metadata.tables:
        own_counter = engine.dialect.name == "sqlite" and table == "journal"  # AUTOINCREMENT is said without a name
        assert inspector.get_pk_constraint(table)["name"] == (None if own_counter else f"pk_{table}")
        for key in inspector.get_foreign_keys(table):
            assert key["name"] == f"fk_{table}_{key['constrained_columns'][0]}"
        for key in inspector.get_unique_constraints(table):
            assert key["name"].startswith(f"uq_{table}_")
    engine.dispose()


def test_the_core_has_one_line_of_revisions_whose_end_the_code_knows():
    config = Config()
    config.set_main_option("script_location", str(migrate.CORE.versions.parent))
    config.set_main_option("version_locations", str(migrate.CORE.versions))
    config.set_main_option("path_separator", "newline")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [migrate.CORE_HEAD]
    assert all(one.revision.startswith("core_") and not one.is_merge_point for one in scripts.walk_revisions())


def test_no_revision_asks_the_tables_of_today():
    written = [path.read_text(encoding="utf-8") for path in migrate.CORE.versions.glob("core_*.py")]
    assert not any("create_all" in source or "engine.tables" in source for source in written)
    for name in metadata.tables:
        assert any(f'"{name}"' in source for source in written)


def test_references_are_clean_and_kept(workspace):
    app = App(workspace)
    with app.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    app.close()


def test_the_partial_indexes_for_hidden_parties_are_there(workspace):
    engine = connect(workspace)
    for table in ("contact", "customer"):
        names = {index["name"] for index in inspect(engine).get_indexes(table)}
        assert f"ix_{table}_private" in names
    engine.dispose()
