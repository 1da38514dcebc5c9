"""Which kind of record a short name means: `lead` is sales' lead, `campaign` marketing's; and which record of it."""

from sqlalchemy import Table, func, or_, select

from crmcore.engine.borrowed import PluginReader
from crmcore.engine.mapping import Entities
from crmcore.engine.reader import Reader
from crmcore.engine.tables import metadata
from crmcore.errors import InvalidInput, NotFound
from crmcore.hooks.entities import EntityType
from crmcore.i18n import _

_NAMED = ("code", "number", "serial", "name", "title", "subject", "login")
_SHOWN = 10


def entity_named(entities: Entities, text: str) -> EntityType:
    """Return the entity type that a name means: its own, or what stands behind its plugin's, `lead` for `sales_lead`.

    Raises `NotFound` with the names there are, and `InvalidInput` for one that several plugins have.
    """
    wanted = text.strip().replace("-", "_").casefold()
    known = {each.name: each for each in entities}
    if wanted in known:
        return known[wanted]
    found = [each for name, each in known.items() if name.endswith(f"_{wanted}")]
    shortest = min((each.name.count("_") for each in found), default=0)
    meant = [each for each in found if each.name.count("_") == shortest]  # a quote rather than a must_win_quote
    if len(meant) > 1:
        raise InvalidInput(
            _("“{text}” may be {names}; say which.").format(text=text, names=", ".join(each.name for each in meant))
        )
    if not meant:
        names = ", ".join(sorted(each.name for each in entities if not each.parents))
        raise NotFound(_("There is no kind of record “{text}”; there are: {names}.").format(text=text, names=names))
    return meant[0]


def record_named(reader: Reader | PluginReader, table: Table, text: str, *, called: str = "", prefix: str = "") -> int:
    """Return the id of the record of a table that a text means: its id, code, number, name, title or subject.

    `called` is what a person calls such a record (the table's name where nothing is said), `prefix` what its numbers
    are written with (what the table says in `info`, where nothing is said): with `T` the ticket 12 may be named `T12`
    too. Raises `NotFound` for none, and `InvalidInput`
    with the candidates for several.
    """
    wanted, c = text.strip(), table.c
    prefix = prefix or table.info.get("prefix", "")
    number = wanted[len(prefix) :] if prefix and wanted.upper().startswith(prefix.upper()) else wanted
    if number.isascii() and number.isdigit() and len(number) < 19:
        found = reader.value(select(c.id).where(c.id == int(number)))
        if found is not None:
            return int(found)
    names = [c[name] for name in _NAMED if name in c]
    said = or_(*(func.lower(column) == wanted.lower() for column in names)) if names and wanted else c.id.is_(None)
    rows = reader.rows(select(c.id).where(said).order_by(c.id).limit(_SHOWN))
    if not rows:
        raise NotFound(_("There is no {entity} “{text}”.").format(entity=called or _(table.name), text=text))
    if len(rows) > 1:
        listed = ", ".join(str(row.id) for row in rows)
        raise InvalidInput(_("“{text}” may be one of several: {listed}. Give the id.").format(text=text, listed=listed))
    return int(rows[0].id)


def short(entities: Entities, name: str) -> str:
    """Return the shortest name that means an entity type; the core's own, and those of an absent plugin, stay whole."""
    known = {each.name for each in entities}
    if name not in known or name in metadata.tables:
        return name
    words = name.split("_")
    tails = ("_".join(words[start:]) for start in range(len(words) - 1, 0, -1))
    return next((tail for tail in tails if _means(known, tail, name)), name)


def _means(known: set[str], tail: str, name: str) -> bool:
    if tail in known:
        return False
    ends = sorted((each for each in known if each.endswith(f"_{tail}")), key=lambda each: each.count("_"))
    return ends[0] == name and (len(ends) == 1 or ends[1].count("_") > name.count("_"))
