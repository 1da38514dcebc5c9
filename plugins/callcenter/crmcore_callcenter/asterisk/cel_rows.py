"""Rows of channel event logs: how Asterisk lays them out, and what a row says.

Sources: cel.conf and cel_custom.conf as Asterisk ships them (the older mapping, the newer one with a literal, and the
advanced list of fields), the tables of cel_odbc and FreePBX by their headings, https://docs.asterisk.org (CEL
specification).
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime

from attrs import frozen

from crmcore.api import InvalidInput
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.logs import Cells, Layout, Log, LogRow
from crmcore_callcenter.protocol.written import is_moment

TYPES = frozenset(
    (
        "CHAN_START", "CHAN_END", "ANSWER", "HANGUP", "CONF_ENTER", "CONF_EXIT", "CONF_START", "CONF_END", "APP_START",
        "APP_END", "PARK_START", "PARK_END", "BRIDGE_START", "BRIDGE_END", "BRIDGE_UPDATE", "BRIDGE_ENTER",
        "BRIDGE_EXIT", "BRIDGE_TO_CONF", "3WAY_START", "3WAY_END", "BLINDTRANSFER", "ATTENDEDTRANSFER", "TRANSFER",
        "HOOKFLASH", "USER_DEFINED", "LINKEDID_END", "PICKUP", "FORWARD", "LOCAL_OPTIMIZE", "LOCAL_OPTIMIZE_BEGIN",
        "STREAM_BEGIN", "STREAM_END", "DTMF", "HOLD", "UNHOLD",
    )
)  # fmt: skip
"""The events of Asterisk 1.8 to 22; HOLD and UNHOLD are those that dialplans write."""

_START = ("eventtype", "eventtime", "cidname", "cidnum", "cidani", "cidrdnis", "ciddnid")
_MASTER = (
    *_START, "exten", "context", "channame", "appname", "appdata", "amaflags", "accountcode", "uniqueid", "linkedid",
    "peer", "userfield", "userdeftype", "eventextra",
)  # fmt: skip
_FIELDS = (
    "eventtime", "userdeftype", "cidname", "cidnum", "exten", "context", "channame", "appname", "appdata", "amaflags",
    "accountcode", "uniqueid", "userfield", "cidani", "cidrdnis", "ciddnid", "peer", "linkedid", "peeraccount",
    "eventextra", "tenantid",
)  # fmt: skip
_CHANNEL = re.compile(r"[A-Za-z]\w*/\S+\Z")
_UNIQUE = re.compile(r"(?:\S*-)?\d{8,}\.\d+\Z")


@frozen(kw_only=True)
class Happening:
    """A row: what happened to a channel, when (UTC), and what else is said of it (`extra`)."""

    line: int
    type: str
    at: datetime
    channel: str
    uniqueid: str
    linkedid: str
    number: str
    name: str
    exten: str
    dnid: str
    application: str
    arguments: str
    peers: tuple[str, ...]
    account: str
    extra: Mapping[str, str]


def _problem(cells: Cells) -> str:
    """Return what in a row is not as Asterisk writes it."""
    said = cells["eventtype"].upper()
    if (
        said not in TYPES
        and cells["eventenum"] != "USER_DEFINED"
        and (not said or said != cells["userdeftype"].upper())
    ):
        return _("there is no channel event “{name}”").format(name=cells["eventtype"])
    ids = [cells[name] for name in ("uniqueid", "linkedid") if cells[name]]
    checks = {
        "channame": bool(_CHANNEL.match(cells["channame"])),
        "uniqueid": bool(ids) and all(map(_UNIQUE.match, ids)),
    }
    wrong = next((name for name, fits in checks.items() if not fits), "")
    return _("{field} cannot be “{value}”").format(field=wrong, value=cells[wrong]) if wrong else ""


def _doubtful(cells: Cells) -> bool:
    """Return whether the row of a table without headings may be of another layout."""
    fits = (
        cells["eventtime"] and is_moment(cells["eventtime"]) and cells["uniqueid"] and cells["linkedid"]
        and re.match(r"[A-Za-z_]*\Z", cells["appname"]) and not re.match(r"\+?\d{5,}\Z", cells["context"])
        and not re.match(r"\d{4}-\d\d-\d\d", cells["cidname"] + cells["cidnum"])
    )  # fmt: skip
    return not fits


CEL = Log(
    what=lambda: _("channel events of Asterisk"),
    columns={
        **dict.fromkeys(_MASTER, ()),
        "eventtype": ("eventname", "event"),
        "eventenum": (),
        "eventtime": ("time",),
        "cidname": ("calleridname",),
        "cidnum": ("calleridnum",),
        "ciddnid": ("calleriddnid",),
        "channame": ("channel", "channelname"),
        "appname": ("application",),
        "appdata": ("applicationdata",),
        "accountcode": ("acctcode",),
        "userdeftype": ("usereventname",),
        "eventextra": ("extra",),
    },
    needed=(("eventtype",), ("eventtime",), ("channame",), ("uniqueid", "linkedid")),
    typical=(("linkedid",), ("appname", "cidnum", "exten")),
    layouts=(
        Layout(columns=_MASTER, least=17),
        Layout(columns=("eventtype", "literal", *_MASTER[1:]), least=18),
        Layout(columns=("eventtype", "eventenum", *_FIELDS), least=20),
        Layout(columns=("eventtype", "eventenum", "literal", *_FIELDS), least=21),
    ),
    problem=_problem,
    doubtful=_doubtful,
    example="eventtype",
)
"""Channel event logs."""


def happening(row: LogRow) -> Happening:
    """Return what a row says. Raises `InvalidInput` for a row that cannot be right."""
    at = row.at("eventtime")
    if at is None:
        raise InvalidInput(_("eventtime is empty: when did it happen?"))
    said, named = row["eventtype"].upper(), row["userdeftype"].upper()
    event = named if named in ("HOLD", "UNHOLD") else said if said in TYPES else "USER_DEFINED"
    return Happening(
        line=row.line,
        type=event,
        at=at,
        channel=row["channame"],
        uniqueid=row["uniqueid"] or row["linkedid"],
        linkedid=row["linkedid"] or row["uniqueid"],
        number=row["cidnum"],
        name=row["cidname"],
        exten=row["exten"],
        dnid=row["ciddnid"],
        application=row["appname"],
        arguments=row["appdata"],
        peers=tuple(filter(None, row["peer"].split(","))),
        account=row["accountcode"],
        extra=_extra(row["eventextra"], event),
    )


def _extra(text: str, event: str) -> Mapping[str, str]:
    """Return what is said beside: JSON, or as Asterisk 11 and older wrote it (cause,source,status)."""
    if text.startswith("{"):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return {}
        return {str(name): str(value) for name, value in found.items() if not isinstance(value, dict | list)}
    if event == "HANGUP":
        return dict(zip(("hangupcause", "hangupsource", "dialstatus"), text.split(","), strict=False))
    if event in ("BLINDTRANSFER", "TRANSFER"):
        return {"extension": text.partition("@")[0]}
    return {}
