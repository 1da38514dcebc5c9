"""Giving a material to people: whoever got it from anyone lately is left out, and told who gave it and when."""

from collections.abc import Sequence
from datetime import datetime

from attrs import field, frozen
from sqlalchemy import insert, select

from crmcore.api import Act, NotifyTransaction, Transaction, tables
from crmcore_marketing.campaigns.members import customers_of
from crmcore_marketing.campaigns.touching import Touch, touch
from crmcore_marketing.tables import handout, material

PURPOSE = "marketing"
_AT_ONCE = 5_000


@frozen(kw_only=True)
class Given:
    """A material that a contact got: from whom, when, by which channel, and in which interaction or message."""

    material_id: int
    contact_id: int
    customer_id: int | None = None
    at: datetime
    user_id: int | None = None
    channel: str = ""
    campaign_id: int | None = None
    interaction_id: int | None = None
    message_id: int | None = None


@frozen(kw_only=True)
class LeftOut:
    """Somebody who did not get it, and every reason that keeps it from them, the weightiest first."""

    contact_id: int
    reasons: tuple[str, ...]
    until: datetime | None = None


@frozen(kw_only=True)
class Giving:
    """What became of giving a material: who got it, who was left out and why."""

    given: tuple[int, ...] = ()
    left_out: tuple[LeftOut, ...] = field(default=())


def handed(tx: Transaction | NotifyTransaction, given: Sequence[Given]) -> None:
    """Note who got what: handouts, and touches with the material's product; four statements for up to 5,000.

    The customer is that of the contact's position where none is said, the department that of the user.
    """
    for start in range(0, len(given), _AT_ONCE):
        _handed(tx, given[start : start + _AT_ONCE])


def _handed(tx: Transaction | NotifyTransaction, given: Sequence[Given]) -> None:
    if not given:
        return
    employers = customers_of(tx, [one.contact_id for one in given if one.customer_id is None])
    u = tables.user_account.c
    users = {one.user_id for one in given if one.user_id}
    departments = {row.id: row.department for row in tx.rows(select(u.id, u.department).where(u.id.in_(users)))}
    m = material.c
    wanted = {one.material_id for one in given}
    products = {row.id: row.product for row in tx.rows(select(m.id, m.product).where(m.id.in_(wanted)))}
    rows, touches = [], []
    for one in given:
        customer = one.customer_id or employers.get(one.contact_id)
        key = tx.new_id()
        rows.append(
            {
                "id": key, "version": 1, "material_id": one.material_id, "contact_id": one.contact_id,
                "customer_id": customer, "at": one.at, "user_id": one.user_id,
                "department": departments.get(one.user_id, ""), "channel": one.channel,
                "campaign_id": one.campaign_id, "interaction_id": one.interaction_id, "message_id": one.message_id,
                "source": tx.cause, "batch_id": None,
            }
        )  # fmt: skip
        if one.campaign_id is not None:
            touches.append(
                Touch(
                    contact_id=one.contact_id, customer_id=customer, campaign_id=one.campaign_id, at=one.at,
                    kind="material", channel=one.channel, product=products.get(one.material_id, ""),
                    entity=handout.name, record_id=key,
                )
            )  # fmt: skip
    tx.execute(insert(handout), rows)
    touch(tx, touches)


def give(
    tx: Transaction,
    material_id: int,
    code: str,
    contact_ids: Sequence[int],
    *,
    at: datetime,
    user_id: int | None,
    channel: str,
    campaign_id: int | None = None,
) -> Giving:
    """Give a material to people, except to whom somebody objects: opted out, or given it lately by anyone.

    Everybody who may object is asked once for all of them, and the decisions are journalled.
    """
    acts = [
        Act(kind="contact", at=at, channel=channel, purpose=PURPOSE, contact_id=one, materials=(code,))
        for one in contact_ids
    ]
    decisions = tx.permit_all(acts)
    allowed = [one for one in decisions if one.allowed]
    handed(
        tx,
        [
            Given(
                material_id=material_id, contact_id=one.act.contact_id or 0, customer_id=one.act.customer_id, at=at,
                user_id=user_id, channel=channel, campaign_id=campaign_id,
            )
            for one in allowed
        ],
    )  # fmt: skip
    return Giving(
        given=tuple(one.act.contact_id or 0 for one in allowed),
        left_out=tuple(
            LeftOut(
                contact_id=one.act.contact_id or 0,
                reasons=tuple(each.reason for _plugin, each in one.objections if each.blocks),
                until=one.until,
            )
            for one in decisions
            if not one.allowed
        ),
    )
