"""The legs that events of FreeSWITCH tell of.

Events of a channel hold its id, its direction as FreeSWITCH sees it (inbound: somebody calls in, be it a customer or
one of ours), both sides' numbers and, of a leg that was made for another one, that one
(https://developer.signalwire.com/freeswitch/FreeSWITCH-Explained/Introduction/Event-System/Event-List_7143557/).
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from crmcore_callcenter.protocol.legs.following import Following
from crmcore_callcenter.protocol.legs.switch import DOWN, RING, RINGING, UP, Channel

Fields = Mapping[str, str]
"""An event: headers as written to decoded values."""

_NO_NAMES = ("", "Outbound Call", "unknown")

_ANSWER_STATES = {"answered": UP, "early": RINGING, "ringing": RINGING}
"""What the header Answer-State means of a leg that is rung; one that calls has it ringing while it waits."""


def moment(fields: Fields, header: str = "Event-Date-Timestamp") -> datetime | None:
    """Return a moment that an event tells in microseconds since 1970: when it happened, or that of another header."""
    said = fields.get(header, "")
    try:
        return datetime.fromtimestamp(int(said) / 1_000_000, UTC) if said not in ("", "0") else None
    except (ValueError, OverflowError, OSError):
        return None


def leg_of(follow: Following, fields: Fields, *, known: bool = False) -> Channel | None:
    """Return the leg an event is of, added if it is new (unless only a `known` one will do)."""
    uid = fields.get("Unique-ID", "")
    leg = follow.switch.find(uid)
    if leg is None:
        if known or not uid or not fields.get("Channel-Name") or follow.telling.gone(uid):
            return None
        leg = _added(follow, uid, fields)
    elif not leg.dialled_by:
        place(follow, leg, _made_for(fields))
    other = fields.get("variable_other_loopback_leg_uuid") or fields.get("Other-Loopback-Leg-UUID", "")
    mate = follow.switch.find(other) if not leg.real and not leg.mate else None
    if mate is not None:
        pair(follow, leg, mate)
    return leg


def pair(follow: Following, one: Channel, two: Channel) -> None:
    """Note that two legs are the ends of one pipe: the call at its inner end goes on in that at the other."""
    follow.switch.pair(one, two)
    near, far = (two, one) if one.inner else (one, two)
    follow.telling.join(follow.call_of(near), follow.call_of(far))


def _made_for(fields: Fields) -> str:
    """Return the id of the leg for which another one was made, or for which a queue rings it."""
    if fields.get("Call-Direction") != "outbound":
        return ""
    other = fields.get("Other-Leg-Unique-ID", "") if fields.get("Other-Type") != "originatee" else ""
    return other or fields.get("variable_cc_member_session_uuid", "")


def place(follow: Following, leg: Channel, made_for: str) -> None:
    """Put a leg into the call of the one it was made for, which was not known when it was first heard of."""
    call, mine = follow.telling.calls.get(made_for), follow.call_of(leg)
    if call is not None and call is not mine:
        leg.dialled_by = made_for
        follow.telling.join(call, mine)
        if leg.bridge:
            follow.connected(leg)
    elif call is None and follow.telling.gone(made_for):  # it is over: what is left of it goes on in this one
        leg.dialled_by = made_for
        mine.joined.append(made_for)


def _added(follow: Following, uid: str, fields: Fields) -> Channel:
    """Add a leg to the call of the leg it was made for, or of the caller a queue rings it for."""
    name = fields["Channel-Name"]
    inbound = fields.get("Call-Direction") == "inbound"
    leg = Channel(uid=uid, name=name, real=not name.startswith("loopback/"), inner=name.endswith("-b"))
    for_whom = _made_for(fields)
    call = follow.telling.calls.get(for_whom)
    follow.switch.add(leg)
    follow.telling.assign(leg, call.id if call is not None else fields.get("Channel-Call-UUID") or uid)
    mine = follow.call_of(leg)
    created = moment(fields, "Caller-Channel-Created-Time")
    if created is not None and len(mine.ids) == 1:
        mine.began_at = created
    leg.account = fields.get("variable_accountcode", "")
    leg.member = fields.get("variable_cc_agent", "")
    destination = fields.get("Caller-Destination-Number", "")
    if inbound:
        leg.number = fields.get("Caller-Caller-ID-Number", "")
        leg.caller_name = _name(fields.get("Caller-Caller-ID-Name", ""), leg.number)
        leg.first_exten = leg.exten = destination
        leg.state = UP if fields.get("Answer-State") == "answered" else RING
    else:
        leg.number = fields.get("variable_dialed_user") or destination or fields.get("Caller-Callee-ID-Number", "")
        leg.caller_name = _name(fields.get("Caller-Callee-ID-Name", ""), leg.number)
        leg.dialled_by = for_whom
        leg.dial_exten = destination
        if fields.get("Event-Name") != "CHANNEL_CREATE":
            leg.state = _ANSWER_STATES.get(fields.get("Answer-State", ""), DOWN)
        mine.made = mine.made or (leg.real and not for_whom and mine.id == uid)
    leg.heard_of_before_open = leg.state != UP
    return leg


def _name(name: str, number: str) -> str:
    return "" if name in _NO_NAMES or name == number else name
