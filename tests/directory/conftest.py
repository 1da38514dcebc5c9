"""What the tests of the directory share: counting statements, and a small team."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from click.testing import Result
from sqlalchemy import event

from crmcore.app import App
from crmcore.model.user import User

Counting = Callable[[App], AbstractContextManager[list[str]]]


@pytest.fixture
def counted() -> Counting:
    """Return a context manager that gathers the statements an app executes."""

    @contextmanager
    def gather(app: App) -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            if statement != "BEGIN":
                statements.append(statement)

        event.listen(app.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(app.engine, "before_cursor_execute", note)

    return gather


@pytest.fixture
def team(crm: Callable[..., Result], workspace: str) -> Callable[..., Result]:
    """Run `crm` in a workspace with two reps, a manager and a reader beside ann."""
    opened = App(workspace)
    with opened.transaction() as tx:
        for login, role in (("bob", "rep"), ("cai", "rep"), ("mia", "manager"), ("rea", "reader")):
            tx.add(User(login=login, role=role))
    opened.close()
    return crm
