"""Targets and escalation steps as people write them: `P1:response=30m`, `P1 response due manager raise:P1`."""

import re
from collections.abc import Mapping

from attrs import field, frozen

from crmcore.api import InvalidInput
from crmcore_service.i18n import _
from crmcore_service.levels.promised import NAMES, PRIORITIES, Step, Target

_TARGET = re.compile(r"(?:(?P<priority>\w+):)?(?P<clock>\w+)=(?P<long>.*)")
_LONG = re.compile(r"(?P<n>\d{1,6})(?P<unit>m|h|d)")
_MINUTES = {"m": 1, "h": 60}
_WHO = ("owner", "manager")


@frozen(kw_only=True)
class TargetSaid:
    """What is promised for a clock; both None takes the promise back."""

    clock: str
    priority: str
    minutes: int | None = None
    days: int | None = None


@frozen(kw_only=True)
class StepSaid:
    """A step as it is written; `login` names a user, `team` a team."""

    clock: str
    priority: str = ""
    counted: str = "start"
    minutes: int = 0
    tells: str = "manager"
    login: str = ""
    team: str = ""
    priority_then: str = ""
    assigns: bool = field(default=False)


def target_said(text: str) -> TargetSaid:
    """Return what a text such as `P1:response=30m`, `resolution=8h` or `visit=5d` promises; `=-` promises nothing.

    Minutes and hours are working time of the calendar, days its working days. Raises `InvalidInput` for anything else.
    """
    found = _TARGET.fullmatch(text.strip())
    wrong = InvalidInput(
        _("“{text}” is no target; write P1:response=30m, resolution=8h or visit=5d.").format(text=text)
    )
    if found is None:
        raise wrong
    clock, priority = _clock(found["clock"]), _priority(found["priority"] or "")
    if found["long"] == "-":
        return TargetSaid(clock=clock, priority=priority)
    long = _LONG.fullmatch(found["long"])
    if long is None or not int(long["n"]):
        raise wrong
    if long["unit"] == "d":
        return TargetSaid(clock=clock, priority=priority, days=int(long["n"]))
    return TargetSaid(clock=clock, priority=priority, minutes=int(long["n"]) * _MINUTES[long["unit"]])


def step_said(text: str) -> StepSaid:
    """Return the step that a text says: `[P1] CLOCK WHEN WHO [raise:P1] [assign]`.

    WHEN is `after 30m` (from the opening), `due`, `before 15m` (it is due) or `late 4h` (since it was due), in working
    minutes or hours; WHO is owner, manager, user:LOGIN or team:NAME. Raises `InvalidInput` for anything else.
    """
    wrong = InvalidInput(
        _("“{text}” is no step; write such as “P1 response after 30m manager” or “resolution due user:mei raise:P1”.")
        .format(text=text)
    )  # fmt: skip
    words = text.split()
    priority = _priority(words.pop(0)) if words and words[0].upper() in PRIORITIES else ""
    if len(words) < 3 and words[1:2] != ["due"]:
        raise wrong
    clock, when = _clock(words[0]), words[1]
    rest = words[2:]
    minutes = 0
    if when in ("after", "before", "late"):
        long = _LONG.fullmatch(rest.pop(0))
        if long is None or long["unit"] == "d":
            raise wrong
        minutes = int(long["n"]) * _MINUTES[long["unit"]] * (-1 if when == "before" else 1)
    elif when != "due":
        raise wrong
    found = {
        "clock": clock, "priority": priority, "minutes": minutes, "counted": "start" if when == "after" else "due"
    }  # fmt: skip
    for word in rest or ["manager"]:
        kind, colon, name = word.partition(":")
        if word in _WHO:
            found["tells"] = word
        elif colon and name and kind in ("user", "team"):
            found |= {"tells": kind, "login" if kind == "user" else "team": name}
        elif colon and kind == "raise":
            found["priority_then"] = _priority(name)
        elif word == "assign":
            found["assigns"] = True
        else:
            raise wrong
    return StepSaid(**found)  # type: ignore[arg-type] # the values are of the types of its fields


def _clock(name: str) -> str:
    if name.lower() in NAMES:
        return name.lower()
    raise InvalidInput(_("There is no clock “{name}”; there are {known}.").format(name=name, known=", ".join(NAMES)))


def _priority(name: str) -> str:
    if not name or name.upper() in PRIORITIES:
        return name.upper()
    known = ", ".join(PRIORITIES)
    raise InvalidInput(_("There is no priority “{name}”; there are {known}.").format(name=name, known=known))


def target_text(one: Target) -> str:
    """Return a target as it would be written."""
    long = f"{one.days}d" if one.days else _long(one.minutes or 0)
    return f"{one.priority}:{one.clock}={long}" if one.priority else f"{one.clock}={long}"


def step_text(one: Step, logins: Mapping[int, str]) -> str:
    """Return a step as it would be written."""
    when = "due"
    if one.counted == "start":
        when = f"after {_long(one.minutes)}"
    elif one.minutes:
        when = f"{'before' if one.minutes < 0 else 'late'} {_long(abs(one.minutes))}"
    who = {"user": f"user:{logins.get(one.user_id or 0, '')}", "team": f"team:{one.team}"}.get(one.tells, one.tells)
    words = [one.priority, one.clock, when, who, one.priority_then and f"raise:{one.priority_then}"]
    return " ".join(word for word in [*words, "assign" if one.assigns else ""] if word)


def _long(minutes: int) -> str:
    return f"{minutes // 60}h" if minutes and minutes % 60 == 0 else f"{minutes}m"
