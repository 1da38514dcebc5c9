"""What selections may ask of the core beside fields: how to reach somebody, what passed, whose it is."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Select, Subquery, Table, func, or_, select

from crmcore.engine.figures import NOW, TODAY
from crmcore.engine.rows import unlimited
from crmcore.engine.tables import contact, contact_point, customer, customer_role, interaction, position, user_account
from crmcore.hooks.kinds import impl
from crmcore.hooks.selecting import CONTACT, CUSTOMER, INSTANT, NUMBER, TEXT, TRUTH, Trait
from crmcore.i18n import _


@impl
def crm_traits() -> Iterable[Trait]:
    """Declare them."""
    for of, table in ((CONTACT, contact), (CUSTOMER, customer)):
        yield from _reached(of)
        yield from _dealings(of)
        yield _owner(of, table)
    people = _grouped(position, "customer_id", func.count(position.c.contact_id.distinct()).label("people"))
    yield Trait(
        name="contacts", title=_("How many people are known there"), of=CUSTOMER, kind=NUMBER, source=people,
        key=people.c.customer_id, value=people.c.people, empty=0,
    )  # fmt: skip
    yield Trait(name="role", title=_("Whether it has a role, as partner"), of=CUSTOMER, kind=TRUTH, by=_role)


def _grouped(table: Table, by: str, *columns: Any) -> Subquery:
    key = table.c[by]
    statement: Select[Any] = select(key, *columns).where(key.is_not(None)).group_by(key)
    return statement.subquery()


def _reached(of: str) -> Iterator[Trait]:
    """Yield whether there is a way to reach somebody that works, by kind.

    Whoever asks sees the ways of whom he sees: so they are not looked at a second time.
    """
    for kind, title in (("email", _("Has an e-mail address that works")), ("phone", _("Has a telephone number"))):
        point = unlimited(contact_point, f"{kind}_of_{of}")
        key = point.c[f"{of}_id"]
        source = select(key).where(point.c.kind == kind, point.c.status == "").subquery()
        yield Trait(
            name=f"has_{kind}", title=title, of=of, kind=TRUTH, source=source, key=source.c[key.name],
        )  # fmt: skip


def _dealings(of: str) -> Iterator[Trait]:
    source = _grouped(
        interaction,
        f"{of}_id",
        func.count().label("number"),
        func.max(interaction.c.moment).filter(interaction.c.moment <= NOW).label("latest"),
    )
    key = source.c[f"{of}_id"]
    yield Trait(
        name="interactions", title=_("How many interactions there were"), of=of, kind=NUMBER, source=source, key=key,
        value=source.c.number, empty=0,
    )  # fmt: skip
    yield Trait(
        name="last_interaction", title=_("When something last passed"), of=of, kind=INSTANT, source=source, key=key,
        value=source.c.latest,
    )  # fmt: skip


def _owner(of: str, table: Table) -> Trait:
    owned = table.alias(f"owned_{of}")
    source = (
        select(owned.c.id, user_account.c.login)
        .join_from(owned, user_account, user_account.c.id == owned.c.owner_id)
        .subquery()
    )
    return Trait(
        name="owner", title=_("The login of its owner"), of=of, kind=TEXT, source=source, key=source.c.id,
        value=source.c.login,
    )  # fmt: skip


def _role(_reader: Any, role: str) -> Trait:
    c = customer_role.c
    lasts = or_(c.ended.is_(None), c.ended >= TODAY)
    source = select(c.customer_id).where(c.role == role, lasts).subquery()
    return Trait(name="role", title=role, of=CUSTOMER, kind=TRUTH, source=source, key=source.c.customer_id)
