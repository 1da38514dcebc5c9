"""Visits as they are counted and listed, and forms with what came in by them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, select

from crmcore.api import InvalidInput, NotFound, PluginReader, Reader, tables
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import campaign, form, submission, visit, visitor

BY = ("campaign", "day", "path")
_SHOWN = 1_000


@frozen(kw_only=True)
class Visits:
    """Visits of a campaign, on a day or to a page: `people` of persons, `machines` of robots and readers of feeds.

    `known` are those of visitors of whom is known who they are, `contacts` how many these are.
    """

    name: str
    people: int
    machines: int
    known: int
    contacts: int

    @property
    def visits(self) -> int:
        """Return how many there were in all."""
        return self.people + self.machines


@frozen(kw_only=True)
class VisitView:
    """A page that was looked at; whose it was is told of those who agreed and said who they are."""

    id: int
    at: datetime
    path: str
    campaign_id: int | None
    campaign: str
    contact_id: int | None
    contact: str
    machine: bool
    referrer: str


@frozen(kw_only=True)
class FormView:
    """A form as it is listed, with what came in by it."""

    id: int
    key: str
    name: str
    campaign: str
    product: str
    active: bool
    fields: Sequence[dict[str, Any]]
    taken: int
    rejected: int


@frozen(kw_only=True)
class SubmissionView:
    """A form that was filled in."""

    id: int
    at: datetime
    contact_id: int | None
    contact: str
    status: str
    reason: str
    data: dict[str, Any]
    utm: dict[str, str]


def counted(reader: Reader, by: str, *, limit: int = _SHOWN, tagged: bool = False) -> list[Visits]:
    """Return visits counted by campaign (its code and name, or the tag that names none of ours), day or path.

    One statement, the most visited first; with `tagged` only those that came by an address with a tag.
    """
    v, w = visit.c, visitor.c
    named = func.trim(func.coalesce(campaign.c.code, "") + " " + func.coalesce(campaign.c.name, ""))
    tag = func.coalesce(v.utm["utm_campaign"].as_string(), "")
    names: dict[str, Any] = {
        "campaign": func.coalesce(func.nullif(named, ""), tag),
        "day": func.substr(_text(reader, v.at), 1, 10),
        "path": v.path,
    }
    name = names[by].label("name")
    persons = v.machine.is_(False)
    wanted: Select[Any] = (
        select(
            name,
            func.count().filter(persons).label("people"),
            func.count().filter(~persons).label("machines"),
            func.count(w.contact_id).label("known"),
            func.count(w.contact_id.distinct()).label("contacts"),
        )
        .select_from(visit.outerjoin(campaign, campaign.c.id == v.campaign_id).outerjoin(visitor, w.id == v.visitor_id))
        .group_by(name)
        .order_by(func.count().desc(), name)
        .limit(limit)
    )
    if tagged or by == "campaign":
        wanted = wanted.where((tag != "") | v.campaign_id.is_not(None))
    return [Visits(**row._mapping) for row in reader.rows(wanted)]


def _text(reader: Reader, column: Any) -> Any:
    from sqlalchemy import Text, cast, type_coerce

    return type_coerce(column, Text) if reader.connection.dialect.name == "sqlite" else cast(column, Text)


def visits(reader: Reader, *, limit: int, after: int | None = None, contact_id: int | None = None) -> list[VisitView]:
    """Return visits, the latest written first: one statement."""
    v, w, c = visit.c, visitor.c, tables.contact.c
    wanted: Select[Any] = (
        select(v.id, v.at, v.path, v.campaign_id, w.contact_id, v.machine, v.referrer)
        .add_columns(func.coalesce(campaign.c.name, "").label("campaign"), func.coalesce(c.name, "").label("contact"))
        .select_from(
            visit.outerjoin(campaign, campaign.c.id == v.campaign_id)
            .outerjoin(visitor, w.id == v.visitor_id)
            .outerjoin(tables.contact, c.id == w.contact_id)
        )
        .order_by(v.id.desc())
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(v.id < after)
    if contact_id is not None:
        wanted = wanted.where(w.contact_id == contact_id)
    return [VisitView(**row._mapping) for row in reader.rows(wanted)]


def forms(reader: Reader, *, limit: int, after: int | None = None, key: int | None = None) -> list[FormView]:
    """Return forms in the order of their ids, with what came in by them: one statement."""
    f, s = form.c, submission.c
    came = (
        select(
            s.form_id,
            func.count().filter(s.status == "taken").label("taken"),
            func.count().filter(s.status == "rejected").label("rejected"),
        )
        .group_by(s.form_id)
        .subquery()
    )
    wanted: Select[Any] = (
        select(f.id, f.key, f.name, f.product, f.active, f.fields)
        .add_columns(
            func.coalesce(campaign.c.name, "").label("campaign"),
            func.coalesce(came.c.taken, 0).label("taken"),
            func.coalesce(came.c.rejected, 0).label("rejected"),
        )
        .select_from(form.outerjoin(came, came.c.form_id == f.id).outerjoin(campaign, campaign.c.id == f.campaign_id))
        .order_by(f.id)
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(f.id > after)
    if key is not None:
        wanted = wanted.where(f.id == key)
    return [FormView(**row._mapping) for row in reader.rows(wanted)]


def form_named(reader: Reader | PluginReader, text: str) -> int:
    """Return the id of the form that `text` names: its id, key or name; raises `NotFound`."""
    said, f = text.strip(), form.c
    named = (func.lower(f.key) == said.lower()) | (func.lower(f.name) == said.lower())
    if said.isascii() and said.isdigit() and len(said) < 19:
        named |= f.id == int(said)
    rows = reader.rows(select(f.id).where(named).order_by(f.id).limit(2))
    if not rows:
        raise NotFound(_("There is no form “{text}”.").format(text=text))
    if len(rows) > 1:
        raise InvalidInput(_("Several forms are called “{text}”; give the key.").format(text=text))
    return int(rows[0].id)


def submissions(reader: Reader, form_id: int, *, limit: int, after: int | None = None) -> list[SubmissionView]:
    """Return what came in by a form, the latest first: one statement."""
    s, c = submission.c, tables.contact.c
    wanted: Select[Any] = (
        select(s.id, s.at, s.contact_id, s.status, s.reason, s.data, s.utm)
        .add_columns(func.coalesce(c.name, "").label("contact"))
        .select_from(submission.outerjoin(tables.contact, c.id == s.contact_id))
        .where(s.form_id == form_id)
        .order_by(s.id.desc())
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(s.id < after)
    return [SubmissionView(**row._mapping) for row in reader.rows(wanted)]
