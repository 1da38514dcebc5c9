"""Finding a call by what a person types."""

from sqlalchemy import select

from crmcore.api import InvalidInput, NotFound
from crmcore_callcenter.agents.finding import AnyReader
from crmcore_callcenter.i18n import _
from crmcore_callcenter.tables import call, call_key


def call_named(reader: AnyReader, text: str) -> int:
    """Return the id of the call that a text names: its id, or any id that a telephone system knows it by.

    Raises `NotFound` for none, and `InvalidInput` where two telephone systems have calls of that id.
    """
    wanted = text.strip()
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        found = reader.value(select(call.c.id).where(call.c.id == int(wanted)))
        if found is not None:
            return int(found)
    known = select(call_key.c.call_id).where(call_key.c.value == wanted)
    rows = reader.rows(select(call.c.id).where(call.c.id.in_(known)).order_by(call.c.id).limit(10))
    if not rows:
        raise NotFound(_("There is no call “{text}”.").format(text=text))
    if len(rows) > 1:
        listed = ", ".join(str(row.id) for row in rows)
        raise InvalidInput(_("“{text}” may be one of several: {listed}. Give the id.").format(text=text, listed=listed))
    return int(rows[0].id)
