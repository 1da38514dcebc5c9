"""What FreeSWITCH says is alive: the rows of `show channels as json`."""

from collections.abc import Sequence

from crmcore_callcenter.freeswitch.reading import Fields, leg_of
from crmcore_callcenter.protocol.legs.following import Following
from crmcore_callcenter.protocol.legs.resuming import end_gone, resume
from crmcore_callcenter.protocol.legs.switch import DOWN, RING, RINGING, UP

_STATES = {"ACTIVE": UP, "HELD": UP, "UNHELD": UP, "RINGING": RINGING, "EARLY": RINGING, "RING_WAIT": RING}


def resumed(rows: Sequence[Fields], follow: Following) -> None:
    """Bring what is known to what is alive. Open legs of one call that were in no bridge are taken to talk."""
    alive = sorted(
        (row for row in rows if row.get("uuid")), key=lambda row: (row.get("created_epoch", ""), row["uuid"])
    )
    end_gone(follow, {row["uuid"] for row in alive})
    legs = []
    for row in alive:
        leg = leg_of(follow, _event(row))
        if leg is None:
            continue
        state = _STATES.get(row.get("callstate", ""), DOWN)
        rung = row.get("direction") == "outbound"
        leg.state = state if rung or state not in (RINGING, DOWN) else RING
        if leg.state == UP and not leg.bridge and row.get("call_uuid"):
            follow.switch.enter(leg, f"call {follow.call_of(leg).id}")
        legs.append(leg)
    resume(follow, legs)


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
