"""One line of what the doctor says."""

from datetime import datetime

from attrs import frozen

from crmcore.plugins.findings import ERROR, INFO, WARNING


@frozen(kw_only=True)
class Diagnosis:
    """Something that was looked at: `severity` is error, warning or info (it is well).

    `plugin` names the culprit and is empty for the core; `hook` is where it happened, or what was looked at. `since`
    is when it was noticed first, as far as that is known.
    """

    severity: str
    plugin: str = ""
    hook: str
    message: str
    since: datetime | None = None


def well(hook: str, message: str, *, plugin: str = "", since: datetime | None = None) -> Diagnosis:
    """Return that something is as it should be."""
    return Diagnosis(severity=INFO, plugin=plugin, hook=hook, message=message, since=since)


def odd(hook: str, message: str, *, plugin: str = "", since: datetime | None = None) -> Diagnosis:
    """Return that something should be looked at."""
    return Diagnosis(severity=WARNING, plugin=plugin, hook=hook, message=message, since=since)


def wrong(hook: str, message: str, *, plugin: str = "", since: datetime | None = None) -> Diagnosis:
    """Return that something is broken."""
    return Diagnosis(severity=ERROR, plugin=plugin, hook=hook, message=message, since=since)
