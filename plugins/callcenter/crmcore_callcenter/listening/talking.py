"""What a conversation with a telephone system is, whichever it is; nothing here opens a connection."""

from datetime import datetime
from typing import Protocol, TypeAlias

from crmcore_callcenter.protocol.events import AgentEvent, CallEvent

Event: TypeAlias = CallEvent | AgentEvent


class Wrong(Exception):
    """The telephone system does not let us in: trying again at once would not help. The text is a sentence."""


class Broken(Exception):
    """What was said cannot be understood, or the connection is lost; the text is a sentence."""


class Talk(Protocol):
    """A conversation: bytes received go in, events come out; `sending` is what is to be sent.

    `greeting` is what the system called itself; `ready` that it let us in and said what is alive: `alive` are the ids
    of channels and calls then, None where it does not say, `channels` how many. `said` is what went wrong
    without ending it.
    """

    greeting: str
    ready: bool
    alive: frozenset[str] | None
    channels: int
    said: str

    def received(self, data: bytes, now: datetime) -> list[Event]:
        """Take bytes; raises `Wrong` and `Broken`."""
        ...

    def sending(self) -> bytes:
        """Return what is to be sent now."""
        ...

    def ask_alive(self) -> None:
        """Ask whether anybody is there."""
        ...
