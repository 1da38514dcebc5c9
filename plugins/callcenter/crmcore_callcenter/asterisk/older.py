"""Messages of Asterisk 11 and older in the words of Asterisk 12 and newer."""

from collections.abc import Iterator

from crmcore_callcenter.asterisk.reading import Fields

_NAMES = {
    "join": "queuecallerjoin",
    "leave": "queuecallerleave",
    "queuememberpause": "queuememberpaused",
    "agentcallbacklogin": "agentlogin",
    "agentcallbacklogoff": "agentlogoff",
}

_STATES = {"ring": "4", "ringing": "5", "up": "6"}
"""States that Asterisk 1.4 writes as words, beside a caller id in one header."""


def renewed(event: str, fields: Fields) -> Iterator[tuple[str, Fields]]:
    """Yield what a message says in newer words: its event's name in lower case, and its headers in lower case.

    The older Dial, Bridge, Link, Unlink and Hold say several things by a state; the older Transfer names who passes on.
    """
    if event in ("link", "unlink", "bridge", "bridgeexec") and "uniqueid1" in fields:
        yield from _bridged(event, fields)
    elif event == "dial":
        begins = fields.get("subevent", "begin").lower() == "begin"
        renamed = {
            **fields,
            "channel": fields.get("channel") or fields.get("source", ""),
            "uniqueid": fields.get("uniqueid") or fields.get("srcuniqueid", ""),
            "destchannel": fields.get("destination", ""),
        }
        yield "dialbegin" if begins else "dialend", _without_caller(renamed)
    elif event == "localbridge" and "uniqueid1" in fields:
        one = {"localone" + name: fields.get(name + "1", "") for name in ("channel", "uniqueid")}
        two = {"localtwo" + name: fields.get(name + "2", "") for name in ("channel", "uniqueid")}
        yield event, {**fields, **one, **two}
    elif event == "hold" and "status" in fields:
        yield ("hold" if fields["status"].lower() == "on" else "unhold"), fields
    elif event == "transfer":
        yield _passed(fields)
    elif "state" in fields and event in ("newchannel", "newstate"):
        state = _STATES.get(fields["state"].lower(), "0")
        yield event, {"calleridnum": fields.get("callerid", ""), **fields, "channelstate": state}
    else:
        yield _NAMES.get(event, event), fields


def _bridged(event: str, fields: Fields) -> Iterator[tuple[str, Fields]]:
    leaves = event == "unlink" or fields.get("bridgestate", "").lower() == "unlink"
    bridge = f"{fields['uniqueid1']} {fields.get('uniqueid2', '')}"
    for number in "12":
        one = {"channel": fields.get("channel" + number, ""), "uniqueid": fields.get("uniqueid" + number, "")}
        yield ("bridgeleave" if leaves else "bridgeenter"), {**one, "bridgeuniqueid": bridge}


def _without_caller(fields: Fields) -> Fields:
    """Leave out the caller of an older Dial: it is what the telephone shows, not who dials."""
    return {name: value for name, value in fields.items() if not name.startswith(("callerid", "connectedline"))}


def _passed(fields: Fields) -> tuple[str, Fields]:
    if fields.get("transfertype", "").lower() == "attended":
        orig = {"origtransferer" + name: fields.get(name, "") for name in ("channel", "uniqueid")}
        second = {"secondtransferer" + name: fields.get("target" + name, "") for name in ("channel", "uniqueid")}
        return "attendedtransfer", {**orig, **second, "result": "Success", "desttype": "Bridge"}
    by = {"transferer" + name: fields.get(name, "") for name in ("channel", "uniqueid")}
    passed = {"transferee" + name: fields.get("target" + name, "") for name in ("channel", "uniqueid")}
    return "blindtransfer", {**by, **passed, "result": "Success", "extension": fields.get("transferexten", "")}
