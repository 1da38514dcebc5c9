"""The same-material cap: nobody gets the same brochure twice within so many days, from whomever (row S1-V09)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from crmcore.api import Act, Objection, PluginTransaction, logins
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import handout, material

SETTING = "marketing.material_days"
_AT_ONCE = 5_000


def objections(acts: Sequence[Act], tx: PluginTransaction) -> Iterator[Objection]:
    """Object to acts with a material that the contact got lately: three statements for up to 5,000 contacts.

    A department that gave it counts like any other. What a handout's contact is, is told by the handout alone: it binds
    whoever may see it.
    """
    asked = [act for act in acts if act.materials and act.contact_id is not None]
    if not asked:
        return
    caps = _caps(tx, {code for act in asked for code in act.materials})
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        latest = _latest(tx, caps, some)
        who = logins(tx, {row.user_id for row in latest.values()})
        for act in some:
            for code in act.materials:
                found = latest.get((code.lower(), act.contact_id))
                if found is None:
                    continue
                until = found.at + timedelta(days=caps[code.lower()][1])
                if found.at <= act.at < until:
                    giver = who.get(found.user_id, "") or _("somebody")
                    yield Objection(
                        act=act,
                        reason=_("got {material} on {day} from {who}").format(
                            material=code,
                            day=found.at.date().isoformat(),
                            who=f"{giver} ({found.department})" if found.department else giver,
                        ),
                        until=until,
                        lift=_("another edition under a code of its own"),
                    )


def _caps(tx: PluginTransaction, codes: set[str]) -> dict[str, tuple[int, int]]:
    """Return the id of each material and the days of its cap, by its code in small letters."""
    c = material.c
    wanted = {code.lower() for code in codes}
    rows = tx.rows(select(c.id, c.code, c.days).where(func.lower(c.code).in_(wanted)))
    everybody = int(tx.setting(SETTING))
    return {row.code.lower(): (row.id, everybody if row.days is None else row.days) for row in rows}


def _latest(
    tx: PluginTransaction, caps: dict[str, tuple[int, int]], acts: Sequence[Act]
) -> dict[tuple[str, int | None], Any]:
    """Return each contact's last handout of each material, by code and contact."""
    codes = {key: code for code, (key, _days) in caps.items()}
    if not codes:
        return {}
    since = min(act.at for act in acts) - timedelta(days=max(days for _key, days in caps.values()))
    contacts = {act.contact_id for act in acts}
    lately = got_lately(list(codes), since, max(act.at for act in acts)).where(handout.c.contact_id.in_(contacts))
    return {(codes[row.material_id], row.contact_id): row for row in tx.rows(lately.order_by(handout.c.at))}


def got_lately(material_ids: Sequence[int], since: datetime, until: datetime) -> Select[Any]:
    """Return (material_id, contact_id, at, user_id, department): who got which of the materials after `since`."""
    h = handout.c
    return select(h.material_id, h.contact_id, h.at, h.user_id, h.department).where(
        h.material_id.in_(material_ids), h.contact_id.is_not(None), h.at > since, h.at <= until
    )
