"""What people are written about an event, in the language of each: Chinese or English.

A workspace that wants other words has templates called `event-confirmation`, `event-waiting`, `event-seat`,
`event-reminder`, `event-change` and `event-cancellation`, each for one language or for all; they have the same names
to fill in as the texts below.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen

from crmcore_marketing.model.event import Event

CONFIRMATION, WAITING, SEAT, REMINDER, CHANGE, CANCELLATION = (
    "confirmation", "waiting", "seat", "reminder", "change", "cancellation"
)  # fmt: skip
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WHERE = "{{ event.facts }}\n"
_END = "\n{{ owner.name or '' }}\n"


@frozen
class Words:
    """The subject and the text of a message."""

    subject: str
    text: str


WORDS: Mapping[tuple[str, str], Words] = {
    (CONFIRMATION, "en"): Words(
        "Your seat: {{ event.name }}",
        "Dear {{ contact.name }},\n\nyour registration is confirmed: {{ event.name }}.\n\n" + _WHERE
        + "\nThe invitation for your calendar is attached; decline it if you cannot come.\n" + _END,
    ),
    (CONFIRMATION, "zh"): Words(
        "报名成功：{{ event.name }}",
        "{{ contact.name }}，您好！\n\n您已成功报名“{{ event.name }}”。\n\n" + _WHERE
        + "\n日程邀请见附件；如不能参加，请谢绝邀请，以便把席位让给他人。\n" + _END,
    ),
    (WAITING, "en"): Words(
        "On the waiting list: {{ event.name }}",
        "Dear {{ contact.name }},\n\nall seats of {{ event.name }} are taken; you are number {{ event.number }} on the"
        " waiting list, and get a message as soon as a seat is free.\n\n" + _WHERE + _END,
    ),
    (WAITING, "zh"): Words(
        "已进入候补名单：{{ event.name }}",
        "{{ contact.name }}，您好！\n\n“{{ event.name }}”席位已满，您在候补名单第 {{ event.number }} 位，"
        "一有空位我们会立即通知您。\n\n" + _WHERE + _END,
    ),
    (SEAT, "en"): Words(
        "A seat is yours: {{ event.name }}",
        "Dear {{ contact.name }},\n\na seat of {{ event.name }} became free, and it is yours.\n\n" + _WHERE
        + "\nThe invitation for your calendar is attached; decline it if you cannot come.\n" + _END,
    ),
    (SEAT, "zh"): Words(
        "您有席位了：{{ event.name }}",
        "{{ contact.name }}，您好！\n\n“{{ event.name }}”空出一个席位，现已为您保留。\n\n" + _WHERE
        + "\n日程邀请见附件；如不能参加，请谢绝邀请，以便把席位让给他人。\n" + _END,
    ),
    (REMINDER, "en"): Words(
        "In {{ event.days }} {{ 'day' if event.days == 1 else 'days' }}: {{ event.name }}",
        "Dear {{ contact.name }},\n\nwe look forward to seeing you: {{ event.name }}.\n\n" + _WHERE + _END,
    ),
    (REMINDER, "zh"): Words(
        "还有 {{ event.days }} 天：{{ event.name }}",
        "{{ contact.name }}，您好！\n\n“{{ event.name }}”还有 {{ event.days }} 天，期待您的光临。\n\n" + _WHERE + _END,
    ),
    (CHANGE, "en"): Words(
        "Changed: {{ event.name }}",
        "Dear {{ contact.name }},\n\n{{ event.name }} takes place otherwise than we told you; your seat stays yours."
        "\n\n" + _WHERE + _END,
    ),
    (CHANGE, "zh"): Words(
        "时间地点变更：{{ event.name }}",
        "{{ contact.name }}，您好！\n\n“{{ event.name }}”的时间或地点有变动，您的席位保留。\n\n" + _WHERE + _END,
    ),
    (CANCELLATION, "en"): Words(
        "Cancelled: {{ event.name }}",
        "Dear {{ contact.name }},\n\n{{ 'the event does not take place' if event.called_off else"
        " 'your registration is cancelled' }}: {{ event.name }}.\n\n" + _WHERE + _END,
    ),
    (CANCELLATION, "zh"): Words(
        "{{ '活动取消' if event.called_off else '报名已取消' }}：{{ event.name }}",
        "{{ contact.name }}，您好！\n\n{{ '很抱歉，活动取消' if event.called_off else '您的报名已取消' }}："
        "{{ event.name }}。\n\n" + _WHERE + _END,
    ),
}  # fmt: skip


def language_of(language: str, name: str) -> str:
    """Return in which of our languages somebody is written: as they want, else as their name is written."""
    if language:
        return "zh" if language.lower().startswith("zh") else "en"
    return "zh" if _HAN.search(name) else "en"


def named(record: Event) -> dict[str, Any]:
    """Return what messages can say of an event; times are those of its zone, and `facts` is all of it, a line each."""
    zone = ZoneInfo(record.zone or "UTC")
    begin, end = record.starts_at.astimezone(zone), record.ends_at.astimezone(zone)
    until = f"{end:%H:%M}" if begin.date() == end.date() else _moment(end)
    when = f"{_moment(begin)} – {until} ({zone.key})"
    return {
        "name": record.name,
        "facts": "\n".join(each for each in (when, record.place, record.url) if each),
        "when": when,
        "starts": _moment(begin),
        "ends": _moment(end),
        "place": record.place,
        "url": record.url,
    }


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
