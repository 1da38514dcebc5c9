"""Finding an event by what a person types."""

from sqlalchemy import func, select

from crmcore.api import InvalidInput, NotFound, PluginReader, Reader
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import event

_SHOWN = 10


def event_named(reader: Reader | PluginReader, text: str) -> int:
    """Return the id of the event that `text` names: its id, or its name, of several those that are to come.

    Raises `NotFound` for none, and `InvalidInput` with the candidates for several.
    """
    c, said = event.c, text.strip()
    if said.isascii() and said.isdigit() and len(said) < 19:
        found = reader.value(select(c.id).where(c.id == int(said)))
        if found is not None:
            return int(found)
    named = select(c.id, c.name, c.starts_at).where(func.lower(c.name) == said.lower()).order_by(c.id.desc())
    rows = reader.rows(named.limit(_SHOWN)) if said else ()
    if len(rows) > 1:
        rows = [row for row in rows if row.starts_at >= reader.now] or rows
    if not rows:
        raise NotFound(_("There is no event “{text}”.").format(text=text))
    if len(rows) > 1:
        listed = ", ".join(f"{row.id} ({row.starts_at.date()})" for row in rows)
        raise InvalidInput(_("“{text}” may be one of several: {listed}. Give the id.").format(text=text, listed=listed))
    return int(rows[0].id)
