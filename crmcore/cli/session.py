"""Opening the workspace for a command, in the name of the user who runs it."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from attrs import frozen

from crmcore.app import App, open_workspace
from crmcore.engine.reader import Reader
from crmcore.model.user import Actor

if TYPE_CHECKING:
    from crmcore.engine.transaction import Transaction


@frozen(kw_only=True)
class Session:
    """A workspace and the user at the keyboard."""

    app: App
    actor: Actor

    def write(self) -> "Transaction":
        """Return a transaction in the user's name; its cause is the command that was typed."""
        return self.app.transaction(self.actor, cause=click.get_current_context().command_path)

    def read(self) -> Reader:
        """Return a reader in the user's name."""
        return self.app.read(self.actor)


@contextmanager
def session() -> Iterator[Session]:
    """Open the workspace the command line names; raises `WorkspaceError` or `Denied` with the reason."""
    given = click.get_current_context().find_root().obj
    app = open_workspace(given["db"])
    try:
        yield Session(app=app, actor=app.actor(given["user"] or getpass.getuser()))
    finally:
        app.close()
