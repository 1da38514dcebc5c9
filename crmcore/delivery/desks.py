"""Where jobs work: in transactions of their own, each of which looks whether the job is still theirs to do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from attrs import frozen
from sqlalchemy import update

from crmcore.app import App
from crmcore.engine.tables import job
from crmcore.engine.transaction import Transaction
from crmcore.hooks.background import Job
from crmcore.hooks.kinds import NOTIFY
from crmcore.i18n import _
from crmcore.plugins.calling import BrokeTransaction
from crmcore.plugins.dispatch import Dispatcher
from crmcore.plugins.lending import Lender
from crmcore.plugins.registry import CORE

HOOK = "crm_jobs"

Key = tuple[str, str]
"""The plugin's name, and the job's."""


class PutOff(BaseException):
    """The job is not to go on here. No `Exception`, so that a plugin's own handlers let it pass."""


def declared(dispatcher: Dispatcher) -> dict[Key, Job]:
    """Return the jobs of all enabled plugins, in the order of calls."""
    return {(plugin, one.name): one for plugin, one in dispatcher.declared_by_plugin(HOOK)}


@frozen(kw_only=True, eq=False)
class Desk:
    """The desk of one job in this process (see `crmcore.hooks.background.Desk`).

    `shift` is the number under which it was taken up, None for one that any number of processes do at a time.
    """

    app: App
    key: Key
    shift: int | None
    over: Callable[[], bool]

    @contextmanager
    def transaction(self, cause: str = "") -> Iterator[Any]:
        """Give a transaction that is committed at the end of the block; raises `PutOff` when the job ends here."""
        plugin, name = self.key
        said = f"plugin {plugin}, job {name}"
        with self.app.transaction(cause=f"{said}: {cause}" if cause else said) as tx:
            self._must_be_on(tx)
            with self._lent(tx, tx.dispatcher) as lent:
                yield lent

    @contextmanager
    def read(self) -> Iterator[Any]:
        """Give a reader."""
        with self.app.read() as reader, self._lent(reader, self.app.dispatcher) as lent:
            yield lent

    def is_over(self) -> bool:
        """Return whether to end soon."""
        return self.over()

    def _must_be_on(self, tx: Transaction) -> None:
        if self.key not in declared(tx.dispatcher):
            raise PutOff
        tx.begin()
        if self.shift is None:
            return
        c = job.c
        mine = (c.plugin == self.key[0], c.name == self.key[1], c.shift == self.shift)
        if not tx.connection.execute(update(job).where(*mine).values(at=datetime.now(UTC))).rowcount:
            raise PutOff

    @contextmanager
    def _lent(self, host: Lender, dispatcher: Dispatcher) -> Iterator[Any]:
        """Give what the plugin gets of the host's reader or transaction; the core's own features get it itself."""
        plugin, name = self.key
        if plugin.startswith(CORE):
            yield host
            return
        call = dispatcher.call_of(f"job {name}", NOTIFY, plugin, self.transaction, ())
        with host.custody() as custody:
            yield host.lend(call.borrower, custody)
            if not custody.intact():
                raise BrokeTransaction(
                    _("Plugin {plugin} ended or spoilt the host's transaction in the job {name}.").format(
                        plugin=plugin, name=name
                    )
                )
