"""A row becomes an interaction (a call, a note, a meeting) or a task."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from crmcore.formats.table.parties import WrongCellError, wrong
from crmcore.formats.table.plan import Plan
from crmcore.formats.table.values import is_yes, read_date, read_instant, read_seconds, read_time
from crmcore.i18n import _
from crmcore.model.incoming import IncomingInteraction, IncomingParticipant, IncomingTask

CHANNELS = {
    "call": "call phone telephone 电话 通话 致电 来电",
    "email": "email e-mail mail 邮件 电邮",
    "meeting": "meeting event appointment demo 会议 会面 面谈",
    "visit": "visit 拜访 上门 走访",
    "note": "note memo 备注 笔记",
    "chat": "chat wechat whatsapp im message 微信 聊天 qq",
    "sms": "sms text 短信",
    "letter": "letter fax 信函 传真",
}
DIRECTIONS = {
    "in": "in inbound incoming received missed answered 呼入 来电 接入 未接 被叫",
    "out": "out outbound outgoing dialed dialled made sent 呼出 去电 外呼 拨出 主叫",
}


def build_interaction(plan: Plan, line: int, cells: Sequence[str]) -> IncomingInteraction:
    """Return the interaction of a row.

    Raises `WrongCellError` for a wrong time or length, or a row that says nothing.
    """
    values, extra = _values(plan, cells)
    at, all_day, zone = _when(plan, values)
    seconds = _seconds(plan, values, at)
    given_channel, given_direction = values.get("channel", ""), values.get("direction", "")
    usual = plan.layout.constants.get("channel", "note")
    channel = _word(CHANNELS, given_channel) or (usual if usual == "call" else given_channel.lower() or usual)
    direction = _word(DIRECTIONS, given_direction)
    if usual == "call" and not given_direction:  # such as Type: Incoming
        direction = _word(DIRECTIONS, given_channel)
    for field, text, understood in (
        ("direction", given_direction, direction),
        ("channel", given_channel, _word(CHANNELS, given_channel)),
    ):
        if text and text.casefold() != understood:
            extra[plan.headings[field]] = text
    participants = _participants(values, channel, direction)
    if not (values.get("subject") or values.get("body") or participants):
        raise WrongCellError(_("the row says neither what was said nor with whom"))
    return IncomingInteraction(
        line=line,
        channel=channel,
        external_id=values.get("external_id", ""),
        direction=direction,
        at=at,
        all_day=all_day,
        zone=zone,
        seconds=seconds,
        subject=values.get("subject", ""),
        body=values.get("body", ""),
        location=values.get("location", ""),
        status=values.get("status", "").lower(),
        participants=participants,
        owner=values.get("owner", ""),
        extra=extra,
    )


def build_task(plan: Plan, line: int, cells: Sequence[str]) -> IncomingTask:
    """Return the task of a row; raises `WrongCellError` for a wrong date or a task that says nothing."""
    values, extra = _values(plan, cells)
    text = values.get("due", "")
    due = _day(plan, text, "due")
    if text and due is None:
        raise wrong(plan.headings["due"], text, _("a date"))
    note = values.get("note", "")
    subject = values.get("subject") or note.partition("\n")[0]
    if not subject:
        raise WrongCellError(_("the task has no subject"))
    state = values.get("done", "")
    if state and state.casefold() not in {"true", "false", "yes", "no", "0", "1"}:
        extra[plan.headings["done"]] = state
    return IncomingTask(
        line=line,
        subject=subject,
        external_id=values.get("external_id", ""),
        due=due,
        done=is_yes(state),
        note=note,
        about=values.get("about", ""),
        owner=values.get("owner", ""),
        extra=extra,
    )


def _values(plan: Plan, cells: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    values = {field: text for index, field in plan.texts if (text := cells[index])}
    extra = {key: text for index, key in plan.extras if (text := cells[index])}
    for index, field, key in plan.others:
        if (text := cells[index]) and values.setdefault(field, text) != text and key:
            extra[key] = text
    return values, extra


def _day(plan: Plan, text: str, field: str) -> date | None:
    """Return the date a cell says, its time of day left out."""
    order = plan.orders.get(field, "")
    iso = read_date(text, order, plan.layout.date_format)
    if iso is None:
        instant = read_instant(text, "", order, plan.layout.date_format)
        written = text[:10]
        iso = read_date(written, order) if instant and read_date(written, order) else None
        if iso is None and instant:
            iso = instant[0].date().isoformat()
    return date.fromisoformat(iso) if iso and not iso.startswith("--") else None


def _when(plan: Plan, values: Mapping[str, str]) -> tuple[datetime | None, date | None, str]:
    """Return the instant and its zone, or the day where the row has no time."""
    for field in ("at", "time", "date"):
        text = values.get(field, "")
        if not text or (field == "time" and read_time(text)):
            continue
        if field == "date" and (clock := values.get("time")) and read_time(clock):
            text = f"{text} {clock}"
        order = plan.orders.get(field, "")
        iso = read_date(text, order, plan.layout.date_format)
        if iso:
            return None, date.fromisoformat(iso), ""
        instant = read_instant(text, plan.layout.zone, order, plan.layout.date_format)
        if instant is None:
            raise wrong(plan.headings[field], text, _("a date and time"))
        return instant[0], None, instant[1]
    return None, None, ""


def _seconds(plan: Plan, values: Mapping[str, str], at: datetime | None) -> int | None:
    text = values.get("duration")
    if text:
        seconds = read_seconds(text, plan.labels.get("duration", ""))
        if seconds is None:
            raise wrong(plan.headings["duration"], text, _("a length of time"))
        return seconds
    end = values.get("end")
    if not end or at is None:
        return None
    instant = read_instant(end, plan.layout.zone, plan.orders.get("end", ""), plan.layout.date_format)
    if instant is None or instant[0] < at:
        raise wrong(plan.headings["end"], end, _("a date and time after the start"))
    return round((instant[0] - at).total_seconds())


def _word(words: Mapping[str, str], text: str) -> str:
    """Return the key of `words` one of whose words `text` is, or begins or ends with."""
    said = text.casefold().replace("-", " ").split()
    return next(
        (key for key, known in words.items() if any(part in known.split() for part in (text.casefold(), *said))), ""
    )


def _participants(values: Mapping[str, str], channel: str, direction: str) -> tuple[IncomingParticipant, ...]:
    call = channel == "call"
    found = []
    if "from" in values:
        found.append(IncomingParticipant(role="caller" if call else "from", address=values["from"]))
    if "to" in values:
        found.append(IncomingParticipant(role="callee" if call else "to", address=values["to"]))
    name = values.get("contact", "")
    address = values.get("contact:email") or values.get("contact:phone") or values.get("contact:id", "")
    if name or address:
        role = "present"
        if call and direction:
            role = "caller" if direction == "in" else "callee"
        same = next((p for p in found if p.role == role and (not address or p.address == address)), None)
        if same:
            found.remove(same)
            address = same.address
        found.append(IncomingParticipant(role=role, name=name, address=address))
    return tuple(found)
