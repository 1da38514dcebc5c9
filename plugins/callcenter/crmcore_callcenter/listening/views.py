"""Lines as they are shown, with how listening to each goes; and what is wrong with it, for `crm doctor`."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import PluginReader, Reader, Trouble, is_alive
from crmcore_callcenter.i18n import _
from crmcore_callcenter.listening.lines import POST
from crmcore_callcenter.tables import hearing, line

LISTENING, TRYING, REFUSED, STOPPED = "listening", "trying", "refused", "stopped"


@frozen(kw_only=True)
class LineView:
    """A line, and how it is heard: `state` is listening, trying, refused, stopped, or gone where nobody listens.

    `password` says where it is. `events` are what was heard since `since`; `cuts` how often the connection was lost.
    The delays are from what was received to its commit, in milliseconds, of the last thousand events; `most_ms` of all.
    """

    id: int
    name: str
    code: str
    kind: str
    address: str
    login: str
    password: str
    system: str
    dial: str
    context: str
    dial_as: str
    dial_prefix: str
    own_numbers: list[str]
    active: bool
    state: str
    said: str
    holder: str
    since: datetime | None
    heard_at: datetime | None
    events: int
    cuts: int
    p50_ms: int
    p95_ms: int
    most_ms: int

    @property
    def needs_a_listener(self) -> bool:
        """Whether it is only heard while `crm callcenter listen` runs."""
        return self.active and self.kind != POST


def views(reader: Reader | PluginReader, *, key: int | None = None, every: bool = True) -> list[LineView]:
    """Return the lines with how each is heard, or one of them; one statement."""
    c, h = line.c, hearing.c
    of_line = [getattr(c, name) for name in _OF_LINE]
    texts = [func.coalesce(getattr(h, name), "").label(name) for name in ("state", "said", "holder")]
    counts = [
        func.coalesce(getattr(h, name), 0).label(name) for name in ("events", "cuts", "p50_ms", "p95_ms", "most_ms")
    ]
    statement = (
        select(*of_line, *texts, *counts, h.since, h.heard_at, h.at)
        .outerjoin(hearing, h.line_id == c.id)
        .order_by(c.id)
        .limit(1_000)
    )
    if key is not None:
        statement = statement.where(c.id == key)
    if not every:
        statement = statement.where(c.active.is_(True))
    return [_view(dict(row._mapping)) for row in reader.rows(statement)]


_OF_LINE = (
    "id", "name", "code", "kind", "address", "login", "password", "system", "dial", "context", "dial_as", "dial_prefix",
    "own_numbers", "active",
)  # fmt: skip


def _view(values: dict[str, Any]) -> LineView:
    at = values.pop("at")
    if values["holder"] and not is_alive(values["holder"], at):
        values["state"] = "gone"
    return LineView(**values)


def troubles(reader: PluginReader) -> Iterator[Trouble]:
    """Yield a trouble for each line that should be heard and is not: a warning where nobody was told to listen."""
    for one in views(reader, every=False):
        if not one.needs_a_listener or one.state == LISTENING:
            continue
        if one.state in (TRYING, REFUSED):
            said = _("Telephone line {name} is not heard: {why}").format(name=one.name, why=one.said)
        else:
            said = _("Nobody listens to the telephone line {name}; `crm callcenter listen` does.").format(name=one.name)
        severity = "warning" if one.state in ("", STOPPED) else "error"
        yield Trouble(what="line", message=said, severity=severity, since=one.since)
