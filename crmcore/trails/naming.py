"""Which kind of record a short name means: `lead` is sales' lead, `campaign` marketing's."""

from crmcore.engine.mapping import Entities
from crmcore.engine.tables import metadata
from crmcore.errors import InvalidInput, NotFound
from crmcore.hooks.entities import EntityType
from crmcore.i18n import _


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
