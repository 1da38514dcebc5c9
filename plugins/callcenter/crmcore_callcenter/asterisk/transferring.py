"""Calls passed on: attended and blonde transfers, blind ones, and telephones that take another's place."""

from collections.abc import Sequence

from crmcore_callcenter.asterisk.following import Following
from crmcore_callcenter.asterisk.switch import NO_NUMBERS, Channel, Fields, Switch
from crmcore_callcenter.asterisk.telling import Passing


def attended(_event: str, fields: Fields, follow: Following) -> None:
    """Tell an AttendedTransfer: who was passed on goes on in their own call, which the consulting call joins.

    The second leg of the one who passes on leads to the new one: to somebody they talk with, or to telephones that
    still ring (a blonde transfer).
    """
    follow.explained()
    switch, telling = follow.switch, follow.telling
    if fields.get("result", "Success").lower() != "success":
        return
    first, second = switch.find(fields, "origtransferer"), switch.find(fields, "secondtransferer")
    if first is None or second is None:
        return
    consulting = telling.calls[second.uid]
    met = [one for one in switch.members(fields.get("destbridgeuniqueid", "")) if one not in (first, second)]
    theirs = [one for one in met if telling.calls[one.uid] is not consulting]
    others = [one for one in met if telling.calls[one.uid] is consulting]
    whom = _telephone(switch, fields, "transferee", first, theirs)
    target = _telephone(switch, fields, "transfertarget", second, others)
    call = telling.calls[(whom or first).uid]
    by = switch.telephone(second)
    ringing = [] if fields.get("desttype", "").lower() == "bridge" else consulting.ringing()
    if target is whom or target is by:
        target = None
    if ringing:
        target = ringing[0]
    if whom is not None:
        call.caller = whom
        call.opened = True
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


def _telephone(
    switch: Switch, fields: Fields, prefix: str, beside: Channel, met: Sequence[Channel] = ()
) -> Channel | None:
    """Return the telephone a message names; else, as older ones do not, who came to the bridge or hears `beside`."""
    named = switch.find(fields, prefix)
    if named is not None:
        return switch.telephone(named)
    if met:
        return switch.telephone(met[0])
    return next((one for one in switch.heard_by(beside) if one is not beside), None)


def blind(_event: str, fields: Fields, follow: Following) -> None:
    """Note a BlindTransfer. It is told when a telephone rings for it: until then nobody was reached."""
    switch, telling = follow.switch, follow.telling
    by, passed = switch.find(fields, "transferer"), switch.find(fields, "transferee")
    if fields.get("result", "Success").lower() != "success" or by is None:
        return
    by = switch.telephone(by)
    whom = switch.telephone(passed) if passed is not None else _telephone(switch, fields, "transferee", by)
    if whom is None:
        return
    call = telling.calls[whom.uid]
    to = fields.get("extension", "")
    call.queue = ""
    call.passing = Passing(by=by, whom=whom, to=to)
    if to not in NO_NUMBERS:
        call.dialled = to


def masquerade(_event: str, fields: Fields, follow: Following) -> None:
    """Let the channel `original` be the telephone that `clone` was (Asterisk 11 and older)."""
    switch, telling = follow.switch, follow.telling
    clone, original = switch.named(fields.get("clone", "")), switch.named(fields.get("original", ""))
    if clone is None or original is None:
        return
    call, other = telling.calls[original.uid], telling.calls[clone.uid]
    for one in (call, other):
        if one.caller is clone:
            one.caller = original
    original.number, original.caller_name = clone.number or original.number, clone.caller_name or original.caller_name
    if clone.uid in other.rings:
        call.rings.setdefault(original.uid, other.rings[clone.uid])
    original.state = clone.state
    telling.join(call, other)
