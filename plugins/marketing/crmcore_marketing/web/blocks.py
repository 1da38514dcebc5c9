"""What the timeline of a contact or customer shows of our pages: visits of who agreed to be known, and forms."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, literal, select, union_all

from crmcore.api import Entry, PluginReader, Subject
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import form, submission, visit, visitor


def web_entries(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterator[Entry]:
    """Yield visits and filled-in forms, the newest first: one statement."""
    parts = [_visits(subject, before, limit), _forms(subject, before, limit)]
    # Selects of their own, so that order and limit hold within a union on SQLite, too.
    both = union_all(*(select(part.subquery()) for part in parts)).subquery()
    newest = select(both).order_by(both.c.at.desc(), both.c.id.desc()).limit(limit)
    for row in reader.rows(newest):
        is_form = row.entity == submission.name
        yield Entry(
            at=row.at,
            kind=_("form") if is_form else _("visit to our site"),
            text=row.text,
            entity=row.entity,
            id=row.id,
            data={"what": "form" if is_form else "visit", "text": row.text},
        )


def _visits(subject: Subject, before: datetime | None, limit: int) -> Select[tuple[object, ...]]:
    v, w = visit.c, visitor.c
    whose = w.contact_id.in_(subject.contact_ids)
    until = v.at.is_not(None) if before is None else v.at <= before
    return (
        select(v.id, v.at, v.path.label("text"), literal(visit.name).label("entity"))
        .join_from(visit, visitor, w.id == v.visitor_id)
        .where(whose, until)
        .order_by(v.at.desc(), v.id.desc())
        .limit(limit)
    )


def _forms(subject: Subject, before: datetime | None, limit: int) -> Select[tuple[object, ...]]:
    s = submission.c
    whose = s.contact_id.in_(subject.contact_ids)
    until = s.at.is_not(None) if before is None else s.at <= before
    return (
        select(s.id, s.at, form.c.name.label("text"), literal(submission.name).label("entity"))
        .join_from(submission, form, form.c.id == s.form_id)
        .where(whose, until)
        .order_by(s.at.desc(), s.id.desc())
        .limit(limit)
    )
