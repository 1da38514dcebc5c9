"""Finding a programme, and one of its plays, by what a person types."""

from sqlalchemy import func, select

from crmcore.api import InvalidInput, NotFound, PluginReader, Reader
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import programme, programme_play


def programme_named(reader: Reader | PluginReader, text: str) -> int:
    """Return the id of the programme that `text` names: its id, name, or industry where only one is for that.

    Raises `NotFound` for none, and `InvalidInput` for several.
    """
    c, said = programme.c, text.strip()
    word = said.lower()
    named = (func.lower(c.name) == word) | (func.lower(c.industry) == word)
    if said.isascii() and said.isdigit() and len(said) < 19:
        named |= c.id == int(said)
    rows = reader.rows(select(c.id, c.name).where(named).order_by(c.id).limit(10)) if said else ()
    rows = [row for row in rows if word in (str(row.id), row.name.lower())] or list(rows)
    if not rows:
        raise NotFound(_("There is no programme “{text}”.").format(text=text))
    if len(rows) > 1:
        listed = ", ".join(f"{row.id} {row.name}" for row in rows)
        raise InvalidInput(_("“{text}” may be one of several: {listed}. Give the id.").format(text=text, listed=listed))
    return int(rows[0].id)


def play_named(reader: Reader | PluginReader, programme_id: int, text: str) -> int:
    """Return the id of a programme's play: by its name or id, or by its goal where only one has it.

    Raises `NotFound` with the plays there are, and `InvalidInput` for a goal of several.
    """
    c, word = programme_play.c, text.strip().lower()
    rows = reader.rows(select(c.id, c.name, c.goal).where(c.programme_id == programme_id).order_by(c.id).limit(100))
    found = [row for row in rows if word in (row.name.lower(), str(row.id))]
    found = found or [row for row in rows if row.goal == word]
    listed = ", ".join(f"{row.name} ({row.goal})" for row in found or rows)
    if not found:
        raise NotFound(_("The programme has no play “{text}”; it has: {listed}.").format(text=text, listed=listed))
    if len(found) > 1:
        raise InvalidInput(_("“{text}” is the goal of several plays: {listed}.").format(text=text, listed=listed))
    return int(found[0].id)
