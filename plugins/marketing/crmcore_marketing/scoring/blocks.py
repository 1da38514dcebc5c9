"""How likely people buy, in the briefs of them and their customers."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from crmcore.api import Block, PluginReader, Subject, names, tables
from crmcore.reports.report import percent
from crmcore_marketing.i18n import _
from crmcore_marketing.scoring.scores import told
from crmcore_marketing.scoring.training import card_of
from crmcore_marketing.tables import score, score_model

_MOST = 5


def scores(subject: Subject, now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Show the scores of the contact, or the best of a customer's contacts, with what speaks most: three statements."""
    s = score.c
    model = reader.first(select(score_model).where(score_model.c.active.is_(True)))
    if model is None or not subject.contact_ids:
        return
    rows = reader.rows(
        select(score)
        .where(s.model_id == model.id, s.contact_id.in_(subject.contact_ids))
        .order_by(s.points.desc(), s.contact_id)
        .limit(_MOST)
    )
    people = names(reader, tables.contact, (row.contact_id for row in rows))
    card = card_of(model)
    views = [told(row, people.get(row.contact_id, ""), card) for row in rows]
    if views:
        yield Block(
            title=_("Score “{name}”").format(name=model.name),
            weight=48,
            headings=(_("contact"), _("points"), _("likely"), _("because")),
            rows=tuple(
                (
                    one.name, f"{one.points:+}", percent(one.likely, 1),
                    "; ".join(f"{each.title}: {each.bin} ({each.points:+})" for each in one.parts[:3] if each.points),
                )
                for one in views
            ),
            data=views,
        )  # fmt: skip
