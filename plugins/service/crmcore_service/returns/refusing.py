"""Who may let a gain count: somebody whose role the workspace names, and who did not claim it."""

from collections.abc import Iterator, Sequence

from crmcore.api import Change, PluginTransaction
from crmcore_service.i18n import _
from crmcore_service.tables import gain

SETTING = "service.confirms"


def refuse(changes: Sequence[Change], tx: PluginTransaction) -> Iterator[str]:
    """Refuse to let gains count, or not, in the name of somebody without the right, or who claimed them.

    One statement where a gain is decided on. What the host itself does, and an import, is not a person's decision.
    """
    decided = [one for one in changes if one.entity == gain.name and one.after.get("status") == "confirmed"]
    if not decided or not tx.actor.user_id:
        return
    allowed = {name.strip() for name in str(tx.setting(SETTING)).split(",")}
    if tx.actor.role not in allowed:
        yield _("A gain counts when somebody of these roles confirms it: {roles}.").format(
            roles=", ".join(sorted(allowed))
        )
        return
    for one in decided:
        claimed = (tx.as_read(gain.name, one.id) or one.after).get("claimed_by_id")
        if claimed == tx.actor.user_id:
            yield _("Gain {id} is confirmed by somebody else than who claimed it.").format(id=one.id)
