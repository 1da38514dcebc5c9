"""What FreeSWITCH says is alive: the rows of `show channels as json`."""

from collections.abc import Container, Sequence

from crmcore_callcenter.freeswitch.reading import Fields, leg_of, pair
from crmcore_callcenter.protocol.legs.following import Following
from crmcore_callcenter.protocol.legs.resuming import end_gone, resume
from crmcore_callcenter.protocol.legs.switch import DOWN, RING, RINGING, UP, Channel

_STATES = {"ACTIVE": UP, "HELD": UP, "UNHELD": UP, "RINGING": RINGING, "EARLY": RINGING, "RING_WAIT": RING}


def resumed(rows: Sequence[Fields], follow: Following, surer: Container[str] = ()) -> None:
    """Bring what is known to what is alive; what is known of the legs `surer` stays.

    Two open legs that have one call in the list are bridged: then FreeSWITCH gives those that call in theirs. Of more,
    as where one of two consults a third, what is known counts.
    """
    alive = sorted(
        (row for row in rows if row.get("uuid")), key=lambda row: (row.get("created_epoch", ""), row["uuid"])
    )
    end_gone(follow, {row["uuid"] for row in alive})
    legs = []
    together: dict[str, list[Channel]] = {}
    for row in alive:
        leg = leg_of(follow, _event(row))
        if leg is None:
            continue
        legs.append(leg)
        if row["uuid"] in surer:
            continue
        if leg.state != UP:
            state = _STATES.get(row.get("callstate", ""), DOWN)
            leg.state = state if row.get("direction") == "outbound" or state not in (RINGING, DOWN) else RING
        if leg.state == UP and row.get("call_uuid"):
            together.setdefault(row["call_uuid"], []).append(leg)
    _pair(legs, follow)
    for call, met in together.items():
        met_anew = len(met) == 2 and met[0].bridge != met[1].bridge
        for leg in met:
            if met_anew or not leg.bridge:
                follow.switch.enter(leg, f"call {call}")
    resume(follow, legs)


def _pair(legs: Sequence[Channel], follow: Following) -> None:
    """Pair the ends of pipes, which no event told of: two of one name but for its last letter, where there are no more.

    FreeSWITCH calls them loopback/NAME-a and loopback/NAME-b.
    """
    ends: dict[str, list[Channel]] = {}
    for leg in legs:
        if not leg.real and not leg.mate:
            ends.setdefault(leg.name[:-1], []).append(leg)
    for one, *others in ends.values():
        if len(others) == 1 and others[0].inner != one.inner:
            pair(follow, one, others[0])


def _event(row: Fields) -> Fields:
    """Return a row as the headers of an event."""
    call = row.get("call_uuid") or row["uuid"]
    inbound = row.get("direction") == "inbound"
    return {
        "Event-Name": "CHANNEL_CREATE",
        "Unique-ID": row["uuid"],
        "Channel-Name": row.get("name", ""),
        "Call-Direction": row.get("direction", ""),
        "Channel-Call-UUID": call,
        "Other-Leg-Unique-ID": "" if inbound or call == row["uuid"] else call,
        "Caller-Caller-ID-Number": row.get("initial_cid_num") or row.get("cid_num", ""),
        "Caller-Caller-ID-Name": row.get("initial_cid_name") or row.get("cid_name", ""),
        "Caller-Destination-Number": row.get("initial_dest") or row.get("dest", ""),
        "Caller-Callee-ID-Number": row.get("callee_num", ""),
        "Caller-Callee-ID-Name": row.get("callee_name", ""),
        "Caller-Channel-Created-Time": f"{row.get('created_epoch') or 0}000000",
        "variable_accountcode": row.get("accountcode", ""),
    }
