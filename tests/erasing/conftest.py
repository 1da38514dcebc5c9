"""Where a person's name, address and number could still stand: every byte of the database."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from crmcore.engine.database import connect


@pytest.fixture
def remains(workspace: str, tmp_path: Path) -> Callable[..., dict[str, list[str]]]:
    """Return where each of some words still stands: in the file after VACUUM, or in the rows of every table."""

    def look(*words: str) -> dict[str, list[str]]:
        engine = connect(workspace)
        found: dict[str, list[str]] = {}
        with engine.connect() as connection:
            for table in inspect(connection).get_table_names():
                rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()
                told = "\n".join(str(tuple(row)) for row in rows).casefold()
                for word in words:
                    if word.casefold() in told:
                        found.setdefault(word, []).append(table)
        engine.dispose()
        if workspace.startswith("sqlite"):
            copy = tmp_path / "vacuumed.db"
            copy.unlink(missing_ok=True)
            plain = create_engine(workspace)
            with plain.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(f"VACUUM INTO '{copy}'")
            plain.dispose()
            data = copy.read_bytes().lower()
            for word in words:
                if word.lower().encode() in data:
                    found.setdefault(word, []).append("file")
        return found

    return look
