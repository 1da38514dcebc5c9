"""The names of Asterisk's channels: a technology, a device, and a number of its own."""

import re

from crmcore_callcenter.protocol.events import Party

_OWN = re.compile(r"(?:-[0-9a-fA-F]{4,})?(?:;[12])?(?:<\w+>)?\Z")
_NUMBER = re.compile(r"\+?\d+\Z")
_NOT_TELEPHONES = frozenset(
    ("local", "message", "cbann", "cbrec", "bridge", "surrogate", "parking", "snoop", "announcer", "recorder")
)
_SPECIAL = frozenset({"", "s", "h", "i", "t", "~~s~~", "unknown", "anonymous", "<unknown>", "failed"})
SHORT = 6
"""Numbers of so many digits at most are extensions."""


def device(channel: str) -> str:
    """Return the device of a channel: PJSIP/202 for PJSIP/202-0000001b, Local/201@queue for Local/201@queue-0004;1."""
    return _OWN.sub("", channel)


def is_unique(channel: str) -> bool:
    """Return whether a channel's name is its own: one such as DAHDI/1-1 is used again by the next call."""
    return bool(re.search(r"-[0-9a-fA-F]{4,}(?:;[12])?\Z", channel))


def is_local(channel: str) -> bool:
    """Return whether a channel is one end of a pipe within Asterisk, with no telephone at its end."""
    return channel.startswith("Local/")


def is_telephone(channel: str) -> bool:
    """Return whether there is a telephone at the end of a channel, and not only Asterisk itself."""
    return channel.partition("/")[0].lower() not in _NOT_TELEPHONES and not channel.endswith(">")


def mate(channel: str) -> str:
    """Return the other end of a Local channel, an empty text for another."""
    if is_local(channel) and channel[-2:] in {";1", ";2"}:
        return channel[:-1] + ("2" if channel.endswith("1") else "1")
    return ""


def number_of(channel: str) -> str:
    """Return the extension that a device is called by: 202 for PJSIP/202-0000001b; nothing for a trunk."""
    name = device(channel).partition("/")[2].partition("@")[0]
    return name if _NUMBER.match(name) and len(name) <= SHORT else ""


def dialled(exten: str) -> str:
    """Return a dialled extension, nothing for those that Asterisk uses for itself (s, h, i, t)."""
    return "" if exten.strip().lower() in _SPECIAL else exten.strip()


def party(channel: str, number: str = "", name: str = "") -> Party:
    """Return who is at a channel; without a number, the device's own."""
    return Party(number=dialled(number) or number_of(channel), name=name, device=channel)


def queue_of(arguments: str) -> str:
    """Return the name of the queue from the arguments of the application Queue."""
    return re.split(r"[,|]", arguments, maxsplit=1)[0].strip()
