"""What an import of calls keeps of them, so that it can be taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

from crmcore.api import Ledger
from crmcore_callcenter.calls.speaking import Speaking
from crmcore_callcenter.calls.touched import Touched
from crmcore_callcenter.calls.values import values
from crmcore_callcenter.protocol.events import Heard


def calls(ledger: Ledger, changed: Sequence[Touched], heard: Sequence[Heard]) -> None:
    """Tell of the calls made and changed, each by the first line that tells of it; all other lines told nothing new."""
    first = {one.group.first: one for one in changed}
    for place, told in enumerate(heard):
        one = first.get(place)
        if one is None:
            ledger.same(told.line)
        elif one.is_new:
            ledger.created(one.call, told.line)
        else:
            _changed(ledger, one.call, told.line, one.before)


def interactions(ledger: Ledger, said: Speaking, changed: Sequence[Touched], heard: Sequence[Heard]) -> None:
    """Tell of the interactions that were there before and are changed, and of who took part in them."""
    lines = {one.call.interaction_id or 0: heard[one.group.first].line for one in changed}
    for key, line in lines.items():
        if key in said.before:
            _changed(ledger, said.records[key], line, said.before[key])
            for part in said.present.get(key, ()):
                if part.id in said.before and values(part) != said.before[part.id]:
                    _changed(ledger, part, line, said.before[part.id])
    for part in said.gone:
        if part.id in said.before and part.batch_id != ledger.batch_id:
            ledger.removed(part, part.interaction_id, lines[part.interaction_id])


def _changed(ledger: Ledger, record: Any, line: int, before: Mapping[str, Any]) -> None:
    after = {name: value for name, value in values(record).items() if value != before[name]}
    ledger.changed(record, line, {name: before[name] for name in after}, after)
