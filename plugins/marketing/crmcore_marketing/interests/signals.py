"""Signals of interest: clicks, questions, events and quotes of the last year, each with a product line and points.

| what a person did | points |
|---|---|
| followed a link, visited a page, registered for an event | 1 |
| asked: a form, a reply, an answer; attended an event | 2 |
| said what is needed (qualified); was quoted a price | 3 |

The interest in a line is its points over all the person's points and one: a single click is no certainty. So interests
of a person add up to less than 1, and to more the more we know. A product is of the line that whoever sells says, else
it is a line itself; capitals and small letters are the same.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Double, Select, Subquery, case, cast, func, literal, select, union_all

from crmcore.api import PluginReader, Reader, Trait, outcomes, products
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import touch

DAYS = 365
CLICK, EVENT, QUESTION, QUOTE = "click", "event", "question", "quote"
POINTS = {
    "click": 1, "visit": 1, "registered": 1, "form": 2, "reply": 2, "answer": 2, "attended": 2, "qualified": 3,
    "quote": 3,
}  # fmt: skip
"""What each kind of touch, and a quote, counts."""
SORTS = {
    "click": CLICK, "visit": CLICK, "registered": EVENT, "attended": EVENT, "form": QUESTION, "reply": QUESTION,
    "answer": QUESTION, "qualified": QUESTION, "quote": QUOTE,
}  # fmt: skip
"""How each is told."""


def signals(reader: Reader | PluginReader) -> Subquery:
    """Return the signals of the last year: contact_id, line, kind and at of each."""
    since = reader.now - timedelta(days=DAYS)
    parts = [_touches(reader, since), *_quotes(reader, since)]
    return (union_all(*parts) if len(parts) > 1 else parts[0]).subquery()


def points(kind: ColumnElement[str]) -> ColumnElement[int]:
    """Return what a signal of a kind counts."""
    return case(POINTS, value=kind, else_=0)


def share(ours: Any, every: Any) -> ColumnElement[Any]:
    """Return the interest that so many of all points are."""
    return cast(ours, Double()) / (cast(every, Double()) + literal(1.0, Double()))


def interest(reader: Reader | PluginReader, line: str) -> Trait:
    """Return the interest of contacts in a product line, from 0 to 1, as selections may ask it."""
    found = signals(reader)
    counts = points(found.c.kind)
    ours = func.sum(case((found.c.line == line.strip().lower(), counts), else_=0))
    interests = (
        select(found.c.contact_id, share(ours, func.sum(counts)).label("share")).group_by(found.c.contact_id).subquery()
    )
    return Trait(
        name="interest", title=line, of="contact", kind="number", source=interests, key=interests.c.contact_id,
        value=interests.c.share, empty=0,
    )  # fmt: skip


def traits() -> list[Trait]:
    """Return what selections may ask."""
    title = _("The interest in a product line, from 0 to 1")
    return [Trait(name="interest", title=title, of="contact", kind="number", by=interest)]


def _touches(reader: Reader | PluginReader, since: Any) -> Select[Any]:
    t = touch.c
    line, source = _line(reader, t.product, touch)
    return (
        select(t.contact_id, line.label("line"), t.kind, t.at)
        .select_from(source)
        .where(t.product != "", t.at >= since, t.kind.in_(sorted(POINTS)), t.contact_id.is_not(None))
    )


def _line(reader: Reader | PluginReader, product: ColumnElement[str], source: Any) -> tuple[ColumnElement[str], Any]:
    """Return the line a product, named by its code, is of, and what that is read from."""
    families: list[Any] = []
    for sold in products(reader):
        listed = select(sold.code.label("code"), func.max(sold.family).label("family")).select_from(sold.source)
        codes = listed.group_by(sold.code).subquery()
        source = source.outerjoin(codes, codes.c.code == product)
        families.append(func.nullif(codes.c.family, ""))
    return func.lower(func.coalesce(*families, product)), source


def _quotes(reader: Reader | PluginReader, since: Any) -> list[Select[Any]]:
    """Return for each plugin that quotes the lines of its quotes, each line once for a quote."""
    found = []
    for one in outcomes(reader, "quote"):
        if one.lines is None:
            continue
        of, name = one.lines, func.nullif(one.lines.family, "") if one.lines.family is not None else None
        line = func.lower(func.coalesce(name, of.name) if name is not None else of.name)
        lines = select(of.record.label("record"), line.label("line")).select_from(of.source).distinct().subquery()
        statement: Select[Any] = select(
            one.contact.label("contact_id"), lines.c.line, literal("quote").label("kind"), one.began.label("at")
        )
        joined = statement.select_from(one.source).join(lines, lines.c.record == one.record)
        found.append(joined.where(one.contact.is_not(None), one.began >= since, lines.c.line != ""))
    return found
