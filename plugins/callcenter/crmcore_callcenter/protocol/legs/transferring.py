"""Calls passed on: attended and blonde transfers, and blind ones."""

from crmcore_callcenter.protocol.legs.following import Following
from crmcore_callcenter.protocol.legs.switch import Channel
from crmcore_callcenter.protocol.legs.telling import Passing


def attended(follow: Following, first: Channel, second: Channel, whom: Channel | None, target: Channel | None) -> None:
    """Tell that one passed `whom` on, to whoever is at the end of a `second` leg of theirs.

    Who is passed on goes on in their own call, which the consulting call joins. The `target` talks at that end, or is
    None where telephones still ring (a blonde transfer) or where nobody is known.
    """
    telling = follow.telling
    consulting = follow.call_of(second)
    call = follow.call_of(whom or first)
    follow.explained(call, consulting)
    first.passed_on = second.passed_on = True
    by = second if second.real else follow.switch.telephone(first)
    target = None if target in (whom, by) else target
    ringing = consulting.ringing() if target is None else []
    if whom is not None:
        call.caller, call.opened = whom, True
    if second is consulting.caller and consulting.dialled:
        call.dialled = consulting.dialled
    elif target is not None:
        call.dialled = target.number
    telling.join(call, consulting)
    if ringing:
        call.reached = False
        telling.transferred(call, "blonde", by, ringing)
    elif target is not None:
        call.reached = True
        telling.transferred(call, "attended", by, [target])
        if call.caller is not None:
            call.told.add(f"answer {call.caller.uid} {target.uid}")
    else:
        telling.transferred(call, "blind", by, [])


def blind(follow: Following, by: Channel, whom: Channel, to: str) -> None:
    """Note that `by` passed `whom` on to a number. It is told when a telephone rings for it: till then in vain."""
    call = follow.call_of(whom)
    call.queue = ""
    call.passing = Passing(by=by, whom=whom, to=to)
    call.dialled = to or call.dialled
