"""The documented JSON of call events, as any telephone system can post it (docs/reference/call-events.md)."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from attrs import define, field, frozen

from crmcore.api import InvalidInput, storable
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.events import DIRECTIONS, HOW, KINDS, REASONS, AgentEvent, CallEvent, Party

SOURCE = "post"
AGENT = "agent"
"""The kind of event that is not about a call."""
MOST = 1_000
"""Events that are taken at once."""

_NEEDED: Mapping[str, tuple[str, ...]] = {
    "queue": ("queue",), "ring": ("target",), "ring_end": ("target",), "answer": ("target",),
    "transfer": ("target",), "recording": ("url",), AGENT: ("agent", "state"),
}  # fmt: skip
_OF_CALLS = (
    "event", "call", "at", "key", "ids", "direction", "from", "to", "target", "by", "how", "reason", "queue", "joins",
    "url", "details",
)  # fmt: skip
_OF_AGENTS = ("event", "agent", "state", "at", "key", "queue", "reason")
_STATES = ("available", "paused", "offline")
_PARTY = ("number", "name", "device", "agent")
_SHORT, _LONG, _MANY = 200, 2_000, 50
_AHEAD = timedelta(days=1)


@frozen(kw_only=True)
class Refusal:
    """An event that is not taken: where it stands (a line, or its place in a list), and what is wrong with it."""

    line: int
    reasons: tuple[str, ...]


def read(body: bytes, *, system: str, now: datetime) -> list[CallEvent | AgentEvent | Refusal]:
    """Return what was posted: a JSON object, a list of them, or one on each line (https://jsonlines.org), in UTF-8.

    `system` is the word of the telephone system; what has no `at` happens `now`. Raises `InvalidInput` for what is no
    text in UTF-8, holds nothing, or more than `MOST` events.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(_("This is no JSON in UTF-8: {why}").format(why=error)) from error
    found = _documents(text)
    if not found:
        raise InvalidInput(_("There is no event in it."))
    if len(found) > MOST:
        raise InvalidInput(_("These are {n} events; at most {most} are taken at once.").format(n=len(found), most=MOST))
    return [
        Refusal(line=line, reasons=(said,)) if isinstance(said, str) else understood(said, line, system=system, now=now)
        for line, said in found
    ]


def _documents(text: str) -> list[tuple[int, Any]]:
    """Return what the text holds, each with its place; a text stands for what is wrong with a line, or with all."""
    try:
        whole = _parsed(text)
    except (ValueError, RecursionError) as error:
        # Only line feeds part lines: a text in JSON may hold U+2028 and the like as they are.
        lines = [(line, _line(one)) for line, one in enumerate(text.split("\n"), 1) if one.strip()]
        if not text.lstrip().startswith("[") and any(isinstance(one, dict) for _place, one in lines):
            return lines
        return [(getattr(error, "lineno", 1), _no_json(error))] if lines else []  # such as a list that was cut off
    if not isinstance(whole, list):
        return [(1, _object(whole))]
    return [(place, _object(one)) for place, one in enumerate(whole, 1)]


def _parsed(text: str) -> Any:
    def refuse(word: str) -> None:
        raise ValueError(word)

    return json.loads(text, parse_constant=refuse)  # NaN and the like are no JSON


def _line(text: str) -> Any:
    try:
        return _object(_parsed(text))
    except (ValueError, RecursionError) as error:
        return _no_json(error)


def _no_json(error: Exception) -> str:
    return _("This is no JSON: {why}").format(why=error)


def _object(found: Any) -> Any:
    return found if isinstance(found, dict) else _("This is no JSON object.")


def understood(said: Mapping[str, Any], line: int, *, system: str, now: datetime) -> CallEvent | AgentEvent | Refusal:
    """Return the event that a JSON object tells, or what is wrong with it, a sentence for each field."""
    fields = _Fields(said=said)
    kind = fields.one_of("event", (*KINDS, AGENT))
    known = _OF_AGENTS if kind == AGENT else _OF_CALLS
    for name in said:
        if name not in known:
            fields.wrong(
                str(name)[:_SHORT], _("there is no such field; there are {known}").format(known=", ".join(known))
            )
    if kind != AGENT and "call" not in _NEEDED.get(kind, ()):
        fields.needed("call")
    for name in _NEEDED.get(kind, ()):
        fields.needed(name)
    if kind == "begin" and not (said.get("from") or said.get("to")):
        fields.wrong("from", _("who calls, or what they dialled (to), is wanted"))
    at = fields.moment("at", now) or now
    common = {"system": system, "source": SOURCE, "key": fields.text("key"), "at": at, **fields.more(kind)}
    if fields.problems:
        return Refusal(line=line, reasons=tuple(fields.problems))
    common["key"] = common["key"] or digest(said)
    return AgentEvent(**common, line=line) if kind == AGENT else CallEvent(**common, kind=kind)


def digest(said: Mapping[str, Any]) -> str:
    """Return the key of an event that was given none: the same for the same words, in whatever order."""
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:32]


def _says(value: Any) -> bool:
    """Return whether a value says anything: neither spaces alone do, nor an object of nothing but these."""
    if isinstance(value, str):
        return bool(storable(value).strip())
    return any(map(_says, value.values())) if isinstance(value, dict) else value not in (None, [])


@define(kw_only=True)
class _Fields:
    """The fields of a JSON object as they are asked for, and what was found wrong with them, in that order."""

    said: Mapping[str, Any]
    problems: list[str] = field(factory=list)

    def wrong(self, name: str, why: str) -> None:
        """Note what is wrong with a field."""
        self.problems.append(_("{field}: {why}.").format(field=name, why=why))

    def needed(self, name: str) -> None:
        """Note that a field is missing."""
        if not _says(self.said.get(name)):
            self.wrong(name, _("it is wanted for “{event}”").format(event=str(self.said.get("event"))[:_SHORT]))

    def text(self, name: str, *, most: int = _SHORT) -> str:
        """Return a text, "" where nothing is said."""
        return self._text(name, self.said.get(name), most)

    def _text(self, name: str, value: Any, most: int = _SHORT) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(name, _("a text is wanted"))
        elif len(value) > most:
            self.wrong(name, _("it has {n} characters; {most} are taken").format(n=len(value), most=most))
        else:
            return storable(value).strip()
        return ""

    def more(self, kind: str) -> dict[str, Any]:
        """Return what an event of a kind tells beside its key and its time."""
        if kind == AGENT:
            return {
                "agent": self.text("agent"), "state": self.one_of("state", _STATES), "queue": self.text("queue"),
                "reason": self.text("reason"),
            }  # fmt: skip
        return {
            "call": self.text("call"), "ids": self.texts("ids"), "direction": self.one_of("direction", DIRECTIONS),
            "caller": self.party("from"), "dialled": self.text("to"), "target": self.party("target"),
            "by": self.party("by"), "how": self.one_of("how", ("", *HOW)),
            "reason": self.one_of("reason", ("", *REASONS)), "queue": self.text("queue"),
            "joins": self.text("joins"), "url": self.text("url", most=_LONG), "details": self.details("details"),
        }  # fmt: skip

    def one_of(self, name: str, words: Sequence[str]) -> str:
        """Return one of the words, "" where nothing is said."""
        value = self.said.get(name)
        if value is None and "" in words:
            return ""
        if not isinstance(value, str) or value not in words:
            self.wrong(name, _("one of {known} is wanted").format(known=", ".join(each for each in words if each)))
            return ""
        return value

    def moment(self, name: str, now: datetime) -> datetime | None:
        """Return an instant in UTC, None where nothing is said."""
        value = self.said.get(name)
        if value is None:
            return None
        try:
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                found = datetime.fromtimestamp(value, UTC)
            else:
                found = datetime.fromisoformat(value)
        except (TypeError, ValueError, OverflowError, OSError):
            found = None
        if found is None or found.utcoffset() is None:
            self.wrong(name, _("a time as 2026-11-24T10:00:00+08:00, or seconds since 1970, is wanted"))
            return None
        if not datetime(1970, 1, 2, tzinfo=UTC) < found < now + _AHEAD:
            self.wrong(name, _("{at} lies in the future, or before 1970").format(at=found.isoformat()))
            return None
        return found.astimezone(UTC)

    def party(self, name: str) -> Party | None:
        """Return who takes part, None where nobody is said."""
        value = self.said.get(name)
        if value is None:
            return None
        if isinstance(value, str):
            return Party(number=self._text(name, value))
        if not isinstance(value, dict) or any(each not in _PARTY for each in value):
            self.wrong(name, _("a number, or an object of {known}, is wanted").format(known=", ".join(_PARTY)))
            return None
        return Party(**{each: self._text(f"{name}.{each}", value.get(each)) for each in _PARTY})

    def texts(self, name: str) -> tuple[str, ...]:
        """Return texts, each once."""
        value = self.said.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or len(value) > _MANY:
            self.wrong(name, _("a list of at most {n} texts is wanted").format(n=_MANY))
            return ()
        return tuple(dict.fromkeys(found for each in value if (found := self._text(name, each))))

    def details(self, name: str) -> dict[str, str]:
        """Return texts by name."""
        value = self.said.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict) or len(value) > _MANY:
            self.wrong(name, _("an object of at most {n} texts is wanted").format(n=_MANY))
            return {}
        return {self._text(name, each): self._text(f"{name}.{each}"[:_SHORT], said) for each, said in value.items()}
