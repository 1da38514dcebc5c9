"""Opening the workspace for a command, in the name of the user who runs it."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click
from attrs import define, field

from crmcore.app import App, open_workspace
from crmcore.cli.output import tell
from crmcore.cli.root import PROVIDER
from crmcore.engine.reader import Reader
from crmcore.engine.workspace import explained
from crmcore.errors import PluginError
from crmcore.i18n import _
from crmcore.model.user import Actor
from crmcore.plugins.discovery import installed

if TYPE_CHECKING:
    from crmcore.engine.transaction import Transaction


@define(kw_only=True)
class Session:
    """A workspace and the user at the keyboard."""

    app: App
    actor: Actor
    has_written: bool = False
    _readers: list[Reader] = field(factory=list)

    def write(self) -> "Transaction":
        """Return a transaction in the user's name; its cause is the command that was typed."""
        self.has_written = True
        tx = self.app.transaction(self.actor, cause=click.get_current_context().command_path)
        self._readers.append(tx)
        return tx

    def read(self) -> Reader:
        """Return a reader in the user's name."""
        reader = self.app.read(self.actor)
        self._readers.append(reader)
        return reader

    def withheld(self) -> list[str]:
        """Return what was read without showing it, as `entity.field`."""
        return sorted({".".join(pair) for reader in self._readers for pair in reader.withheld})


@contextmanager
def session() -> Iterator[Session]:
    """Open the workspace the command line names; raises `WorkspaceError` or `Denied` with the reason.

    Raises `PluginError` for a command of a plugin that this workspace has not enabled, and `WorkspaceError` for what
    the database refuses. When the command wrote something, those who listen are told of it after its output.
    """
    root = click.get_current_context().find_root()
    given = root.obj
    app = open_workspace(given["db"])
    try:
        _must_be_enabled(app, root)
        given["zone"] = app.assembly.zone  # for instants in reports
        with explained(app.engine):
            opened = Session(app=app, actor=app.actor(given["user"] or getpass.getuser()))
            yield opened
            _tell_withheld(opened, root)
    except BaseException:
        app.close()
        raise
    if opened.has_written and _somebody_listens(app):
        root.call_on_close(partial(_tell_listeners, app))
    else:
        app.close()


def _tell_withheld(opened: Session, root: click.Context) -> None:
    """Say after the command's output what it left out, and keep in the journal that it did."""
    fields = opened.withheld()
    if not fields:
        return
    reason = _("Hidden from you (role {role}): {fields}.").format(role=opened.actor.role, fields=", ".join(fields))
    with opened.app.transaction(opened.actor, cause=click.get_current_context().command_path) as tx:
        tx.deny(reason, fields=fields)
    root.call_on_close(partial(tell, reason))


def _somebody_listens(app: App) -> bool:
    return bool(app.dispatcher.calls("crm_on_event") or app.assembly.definitions.automations)


def _tell_listeners(app: App) -> None:
    """Deliver what happened; whatever goes wrong, the command has done what it said."""
    from crmcore.delivery.after_command import after_command

    try:
        problem = after_command(app)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 # a plugin may raise anything
        problem = _("What happened was not told to all plugins yet: {why}").format(
            why=str(error) or type(error).__name__
        )
    finally:
        app.close()
    if problem:
        tell(problem)


def _must_be_enabled(app: App, root: click.Context) -> None:
    provider = root.meta.get(PROVIDER)
    if provider is None:
        return
    names = [one.name for one in installed() if one.distribution == provider]
    if not any(app.dispatcher.is_enabled(name) for name in names):
        raise PluginError(
            _("The command {command} needs plugin {name}, which does not run in this workspace; see `crm plugin list`.")
            .format(command=root.invoked_subcommand, name=names[0])
        )  # fmt: skip
