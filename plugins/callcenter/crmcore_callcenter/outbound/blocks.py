"""What lists and scripts have of somebody, in the briefs of them and their customers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select

from crmcore.api import Block, PluginReader, Subject, tables
from crmcore_callcenter.i18n import _
from crmcore_callcenter.outbound.taking import CALLING, SKIPPED, WAITING
from crmcore_callcenter.scripts.keeping import UNFINISHED
from crmcore_callcenter.tables import calling_list, entry, script, script_run

_MOST = 5
_e, _l, _r, _p = entry.c, calling_list.c, script_run.c, tables.contact.c


def _of_party(statement: Select[Any], table: Any) -> dict[str, Select[Any]]:
    """Return a statement for a contact's own, and for those of a customer; made once, asked with `ids`."""
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    return {"contact": statement.where(table.c.contact_id.in_(ids)),
            "customer": statement.where(table.c.customer_id.in_(ids))}  # fmt: skip


_WAITING = _of_party(
    select(_e.id, _l.name.label("list"), _p.name.label("contact"), _l.purpose, _e.status, _e.next_at, _e.why)
    .join_from(entry, calling_list, _l.id == _e.list_id)
    .join(tables.contact, _p.id == _e.contact_id)
    .where(_l.status == "open", _e.status.in_((WAITING, CALLING, SKIPPED)))
    .order_by(_e.id.desc())
    .limit(_MOST),
    entry,
)
_ANSWERED = _of_party(
    select(_r.id, _r.at, script.c.name.label("script"), _p.name.label("contact"), _r.result, _r.answers)
    .join_from(script_run, tables.contact, _p.id == _r.contact_id)
    .join(script, script.c.id == _r.script_id, isouter=True)
    .order_by(_r.at.desc(), _r.id.desc())
    .limit(_MOST),
    script_run,
)


def on_lists(subject: Subject, now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Show on which open lists they are still to be called, and why they are not yet: one statement."""
    rows = reader.rows(_WAITING[subject.entity], _ids(subject))
    if rows:
        yield Block(
            title=_("On calling lists"),
            weight=63,
            headings=(_("list"), _("contact"), _("purpose"), _("status"), _("from"), _("why")),
            rows=tuple(
                (row.list, row.contact, _(row.purpose), _(row.status), _at(row.next_at, now), row.why) for row in rows
            ),
            data=[dict(row._mapping) for row in rows],
        )


def answered(subject: Subject, now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Show what they answered to scripts of late, the latest first: one statement."""
    rows = reader.rows(_ANSWERED[subject.entity], _ids(subject))
    if rows:
        yield Block(
            title=_("Answers on the telephone"),
            weight=64,
            headings=(_("asked"), _("contact"), _("script"), _("result"), _("answers")),
            rows=tuple(
                (_at(row.at, now), row.contact, row.script or "", _result(row.result), _said(row.answers))
                for row in rows
            ),
            data=[dict(row._mapping) for row in rows],
        )


def _ids(subject: Subject) -> dict[str, tuple[int, ...]]:
    return {"ids": subject.contact_ids if subject.entity == "contact" else subject.customer_ids}


def _at(at: datetime | None, now: datetime) -> str:
    return "" if at is None else f"{at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"


def _result(word: str) -> str:
    if word == UNFINISHED:
        return _("not finished")
    return _(word) if word else ""


def _said(answers: dict[str, str]) -> str:
    return "; ".join(f"{name}: {text}" for name, text in answers.items())
