"""The formats: each reader lies with the telephone system it is of, and all calls go through the one door."""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

from attrs import frozen

from crmcore.api import Format, Incoming, IncomingOwn, Ledger, NotifyTransaction, Rejection, Source
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.events import Heard


@frozen(kw_only=True)
class _Kind:
    """A format: the module with its `read` and `sniff`, and `headings` where it is a table."""

    name: str
    label: str
    module: str
    system: str
    extensions: tuple[str, ...]
    is_table: bool = False


def _kinds() -> Sequence[_Kind]:
    asterisk, freeswitch = "asterisk", "freeswitch"
    return (
        _Kind(
            name="asterisk-ami", label=_("Events of Asterisk's manager interface, as text or JSON"),
            module="asterisk.recordings", system=asterisk, extensions=(".ami", ".txt", ".log", ".json", ".yaml"),
        ),
        _Kind(
            name="asterisk-cdr", label=_("Call detail records of Asterisk"),
            module="asterisk.cdr", system=asterisk, extensions=(".csv",), is_table=True,
        ),
        _Kind(
            name="asterisk-cel", label=_("Channel events of Asterisk"),
            module="asterisk.cel", system=asterisk, extensions=(".csv",), is_table=True,
        ),
        _Kind(
            name="asterisk-queue-log", label=_("Asterisk's log of its queues"),
            module="asterisk.queue_log", system=asterisk, extensions=("queue_log", ".csv"), is_table=True,
        ),
        _Kind(
            name="freeswitch-esl", label=_("Events of FreeSWITCH's event socket"),
            module="freeswitch.events", system=freeswitch, extensions=(".esl", ".txt"),
        ),
        _Kind(
            name="freeswitch-cdr", label=_("Call detail records of FreeSWITCH, as JSON, XML or CSV"),
            module="freeswitch.cdr", system=freeswitch, extensions=(".json", ".xml", ".csv"), is_table=True,
        ),
        _Kind(
            name="call-log", label=_("Calls of any telephone system, as a table"),
            module="formats.call_log", system="call-log", extensions=(".csv", ".xlsx", ".txt"), is_table=True,
        ),
    )  # fmt: skip


def formats() -> list[Format]:
    """Return the formats; a reader is imported when a file is shown to it."""
    return [
        Format(
            name=one.name,
            label=one.label,
            extensions=one.extensions,
            read=_reading(one.module),
            sniff=_asking(one.module, "sniff"),
            headings=_asking(one.module, "headings") if one.is_table else None,
            scheme=one.system,
            take=_take,
        )
        for one in _kinds()
    ]


def _of(module: str, name: str) -> Any:
    return getattr(import_module(f"crmcore_callcenter.{module}"), name)


def _asking(module: str, name: str) -> Callable[..., int]:
    def asked(*seen: Any) -> int:
        answer: int = _of(module, name)(*seen)
        return answer

    return asked


def _reading(module: str) -> Callable[[Source], Iterator[Incoming | Rejection]]:
    def read(source: Source) -> Iterator[Incoming | Rejection]:
        for one in _of(module, "read")(source):
            yield one if isinstance(one, Rejection) else IncomingOwn(line=one.line, name=_called(one), value=one)

    return read


def _called(one: Any) -> str:
    """Return what a call, or the news of an agent, is called."""
    if not isinstance(one, Heard):
        return f"{one.agent} {one.state}"
    said = next((each for each in one.events if each.caller), None)
    number = said.caller.number if said and said.caller else ""
    return " → ".join(part for part in (number, said.dialled if said else "") if part) or one.events[0].call


def _take(tx: NotifyTransaction, records: Sequence[IncomingOwn], ledger: Ledger) -> None:
    from crmcore_callcenter.calls.importing import take_from_files

    take_from_files(tx, records, ledger)
