"""Implements the hooks of rating."""

from crmcore_rating.signs import Scale, Sign
from sqlalchemy import func, select

from crmcore.api import Plugin, impl, tables

PLUGIN = Plugin(name="letters", title="Signs in letters", requires=("rating",))


@impl
def rating_scales():
    return [Scale(name="length", top=10)]


@impl
def rating_signs(contact_ids, reader):
    c = tables.contact.c
    named = select(c.id, func.length(c.name).label("length")).where(c.id.in_(contact_ids)).limit(50)
    return [Sign(contact_id=row.id, scale="length", points=row.length) for row in reader.rows(named)]


@impl
def rating_doubts(name):
    return ["too short a name"] if len(name) < 3 else []
