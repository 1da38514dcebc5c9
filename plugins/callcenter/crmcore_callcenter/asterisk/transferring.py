"""Asterisk's events of transfers, and of telephones that take another's place."""

from collections.abc import Sequence

from crmcore_callcenter.asterisk.reading import NO_NUMBERS, Fields, find
from crmcore_callcenter.protocol.legs import transferring
from crmcore_callcenter.protocol.legs.following import Following
from crmcore_callcenter.protocol.legs.switch import Channel


def attended(_event: str, fields: Fields, follow: Following) -> None:
    """Tell an AttendedTransfer: the second leg of the one who passes on leads to the new one, or to an application."""
    first, second = find(follow, fields, "origtransferer"), find(follow, fields, "secondtransferer")
    if first is None or second is None or fields.get("result", "Success").lower() != "success":
        return
    consulting = follow.call_of(second)
    met = [one for one in follow.switch.members(fields.get("destbridgeuniqueid", "")) if one not in (first, second)]
    theirs = [one for one in met if follow.call_of(one) is not consulting]
    others = [one for one in met if follow.call_of(one) is consulting]
    whom = _telephone(follow, fields, "transferee", first, theirs)
    target = _telephone(follow, fields, "transfertarget", second, others)
    to_application = fields.get("desttype", "Bridge").lower() == "app"
    transferring.attended(follow, first, second, whom, None if to_application else target)


def _telephone(
    follow: Following, fields: Fields, prefix: str, beside: Channel, met: Sequence[Channel] = ()
) -> Channel | None:
    """Return the telephone a message names; else, as older ones do not, who came to the bridge or hears `beside`."""
    named = find(follow, fields, prefix)
    if named is not None or met:
        return follow.switch.telephone(named or met[0])
    return next((one for one in follow.switch.heard_by(beside) if one is not beside), None)


def blind(_event: str, fields: Fields, follow: Following) -> None:
    """Note a BlindTransfer."""
    by = find(follow, fields, "transferer")
    if by is None or fields.get("result", "Success").lower() != "success":
        return
    whom = _telephone(follow, fields, "transferee", by)
    to = fields.get("extension", "")
    if whom is not None:
        transferring.blind(follow, follow.switch.telephone(by), whom, "" if to in NO_NUMBERS else to)


def masquerade(_event: str, fields: Fields, follow: Following) -> None:
    """Let the channel `original` be the telephone that `clone` was (Asterisk 11 and older)."""
    clone = follow.switch.find("", fields.get("clone", ""))
    original = follow.switch.find("", fields.get("original", ""))
    if clone is None or original is None or not clone.name or not original.name:
        return
    call, other = follow.call_of(original), follow.call_of(clone)
    for one in (call, other):
        if one.caller is clone:
            one.caller = original
    original.number = clone.number or original.number
    original.caller_name = clone.caller_name or original.caller_name
    original.state = clone.state
    if clone.uid in other.rings:
        call.rings.setdefault(original.uid, other.rings[clone.uid])
    follow.telling.join(call, other)
