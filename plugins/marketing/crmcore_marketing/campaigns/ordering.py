"""The order of the tree: no campaign is below itself."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from crmcore.api import Change, PluginTransaction
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import campaign


def refuse(changes: Sequence[Change], tx: PluginTransaction) -> Iterator[str]:
    """Refuse a parent that is the campaign itself, or below it: one statement, none where no parent is given."""
    given = {
        one.id: one.after["parent_id"] for one in changes if one.entity == campaign.name and one.after.get("parent_id")
    }
    if not given:
        return
    c, above = campaign.c, campaign.alias("above")
    path = select(c.id, c.parent_id).where(c.id.in_(set(given.values()))).cte("path", recursive=True)
    path = path.union(select(above.c.id, above.c.parent_id).where(above.c.id == path.c.parent_id))
    parents = {row.id: row.parent_id for row in tx.rows(select(path.c.id, path.c.parent_id))} | given
    for key, parent in given.items():
        passed: set[int] = set()
        while parent is not None and parent not in passed:
            passed.add(parent)
            parent = parents.get(parent)
        if key in passed:
            yield _("Campaign {id} cannot be below itself.").format(id=key)
