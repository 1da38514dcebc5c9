"""What a chunk of 1000 rows costs the database, in statements: a constant, whatever is stored already."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from crmcore.app import App
from crmcore.importing.context import Options
from crmcore.importing.run import Import

MOST = 32  # statements for a chunk of contacts with companies, positions, points and ids; all of them new or all known


@pytest.fixture
def statements(workspace: str) -> Callable[[Path], int]:
    """Import a file; return how many statements that took."""

    def count(path: Path) -> int:
        app = App(workspace, strict=True)
        seen: list[str] = []
        event.listen(app.engine, "before_cursor_execute", lambda _c, _cursor, said, *_more: seen.append(said))
        Import(app, app.actor("ann"), [path], Options()).run()
        app.close()
        return len(seen)

    return count


def test_a_chunk_costs_the_same_however_many_there_are(make: Any, statements: Callable[[Path], int]) -> None:
    one, two, four = (statements(make.people(rows, f"{rows}.csv")) for rows in (1000, 2000, 4000))
    assert two - one <= MOST
    assert (four - two) / 2 <= MOST
    assert statements(make.folder / "4000.csv") <= four  # all known
