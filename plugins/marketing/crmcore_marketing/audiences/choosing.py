"""Finding an audience, and whom it chooses."""

from typing import Any

from sqlalchemy import Select, select

from crmcore.api import InvalidInput, NotFound, PluginReader, Reader, Selection, record_named, selection
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import audience


def audience_named(reader: Reader | PluginReader, text: str) -> int:
    """Return the id of the audience that `text` names: its id, or its name in any case. Raises `NotFound`."""
    return record_named(reader, audience, text, called=_("audience"))


def chosen(reader: Reader | PluginReader, audience_id: int) -> Select[Any]:
    """Return the select of the ids of the contacts an audience chooses now, to be composed into others, or asked.

    Raises `NotFound`, and `InvalidInput` for a condition that names what is no longer there.
    """
    return selection_of(reader, audience_id).statement


def selection_of(reader: Reader | PluginReader, audience_id: int) -> Selection:
    """Return whom an audience chooses now, with the parts of its condition; raises as `chosen` does."""
    row = reader.first(select(audience.c.name, audience.c.expression).where(audience.c.id == audience_id))
    if row is None:
        raise NotFound(_("There is no audience “{text}”.").format(text=audience_id))
    try:
        return selection(reader, row.expression)
    except InvalidInput as error:
        raise InvalidInput(_("Audience {name}: {why}").format(name=row.name, why=error)) from error
