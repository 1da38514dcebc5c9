"""Who decides about an opportunity, in which role, and whether they are for us."""

from collections.abc import Iterable, Sequence

from crmcore.api import InvalidInput, Transaction
from crmcore_sales.i18n import _
from crmcore_sales.model.opportunity import ROLES, SUPPORT, BuyingRole, Opportunity
from crmcore_sales.tables import buying_role


def role_names() -> dict[str, str]:
    """Return how buying roles are called in the user's language."""
    return {
        "buyer": _("buyer"), "user": _("user"), "technical": _("technical"), "budget": _("budget"),
        "coach": _("coach"), "boss": _("boss"), "influencer": _("influencer"),
    }  # fmt: skip


def support_names() -> dict[str, str]:
    """Return how a person's support is called in the user's language."""
    return {"": "", "for": _("for us"), "neutral": _("neutral"), "against": _("against us")}


def role_said(text: str) -> str:
    """Return the buying role that a person means: its name, or how it is called in their language.

    Raises `InvalidInput` with the roles there are.
    """
    wanted, names = text.strip().casefold(), role_names()
    for one in ROLES:
        if wanted in (one, names[one].casefold()):
            return one
    known = ", ".join(names[one] for one in ROLES)
    raise InvalidInput(_("There is no buying role “{role}”; there are: {known}.").format(role=text, known=known))


def set_roles(
    tx: Transaction,
    record: Opportunity,
    contact_id: int,
    roles: Iterable[str],
    *,
    support: str | None = None,
    note: str | None = None,
) -> Sequence[BuyingRole]:
    """Give a person roles in an opportunity, beside those they have; `support` and `note` are of all their roles.

    Without roles, and none before, the person is one who uses it.
    """
    c = buying_role.c
    held = tx.load(BuyingRole, c.opportunity_id == record.id, c.contact_id == contact_id)
    wanted = [one for one in dict.fromkeys(roles) if one not in {each.role for each in held}]
    if not wanted and not held:
        wanted = ["user"]
    made = [tx.add(BuyingRole(opportunity_id=record.id, contact_id=contact_id, role=one)) for one in wanted]
    for each in (*held, *made):
        each.support = each.support if support is None else support
        each.note = each.note if note is None else note
    return [*held, *made]


def remove_roles(tx: Transaction, record: Opportunity, contact_id: int, roles: Sequence[str]) -> int:
    """Take roles, or all of them, away from a person; return how many."""
    c = buying_role.c
    held = tx.load(BuyingRole, c.opportunity_id == record.id, c.contact_id == contact_id)
    gone = [one for one in held if not roles or one.role in roles]
    for one in gone:
        tx.remove(one)
    return len(gone)


SUPPORTS = tuple(one for one in SUPPORT if one)
"""What one can say of a person's support."""
