"""Calls from a file: through the one door, and counted for the import."""

from collections.abc import Sequence

from crmcore.api import IncomingOwn, Ledger, NotifyTransaction
from crmcore_callcenter.agents import presence
from crmcore_callcenter.agents.finding import Ours
from crmcore_callcenter.calls.taking import take
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.events import AgentEvent, Heard


def take_from_files(tx: NotifyTransaction, records: Sequence[IncomingOwn], ledger: Ledger) -> None:
    """Take in what the reader of a file yields: `Heard` and `AgentEvent`, each told of in the ledger.

    A call that several lines tell of is counted once; news of an agent nobody is are refused. Bounded statements.
    """
    heard = [one.value for one in records if isinstance(one.value, Heard)]
    agents = [one.value for one in records if isinstance(one.value, AgentEvent)]
    take(tx, heard, into=ledger)
    if not agents:
        return
    noted = presence.note(tx, agents, Ours(tx))
    fresh = {id(one) for one in noted.fresh}
    for one in agents:
        if one.agent in noted.unknown:
            ledger.refuse(one.line, _("No agent here is “{agent}”.").format(agent=one.agent))
        elif id(one) in fresh:
            ledger.kept(one.line)
        else:
            ledger.same(one.line)
