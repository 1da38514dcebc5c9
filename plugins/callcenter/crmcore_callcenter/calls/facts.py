"""What a call was, as it follows from its events."""

from datetime import datetime

from attrs import frozen

from crmcore_callcenter.protocol.events import Party

NOBODY = Party()


@frozen(kw_only=True)
class Leg:
    """Somebody who was rung in a call, or talked in it: since when, until when, and how that ended.

    `answered` says whether they talked, also where no source says when. `transfer` is how the call came to them.
    """

    party: Party
    rang_at: datetime | None = None
    answered: bool = False
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""
    transfer: str = ""


@frozen(kw_only=True)
class Facts:
    """What a call was, or is by now; what is empty was not told.

    `legs` are in the order in which they rang, `recordings` in that in which they were told. Seconds are None where
    they are not known. `guessed` says that its end is only presumed. `last_at` is when the last that is known of it
    happened.
    """

    system: str
    call: str
    direction: str = ""
    caller: Party = NOBODY
    dialled: str = ""
    queue: str = ""
    status: str = "ringing"
    started_at: datetime | None = None
    queued_at: datetime | None = None
    answered: bool = False
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    last_at: datetime | None = None
    seconds: int | None = None
    talk_seconds: int | None = None
    hold_seconds: int = 0
    legs: tuple[Leg, ...] = ()
    transfers: int = 0
    abandoned: bool = False
    reason: str = ""
    guessed: bool = False
    about: bool = False
    recordings: tuple[str, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.status == "ended"
