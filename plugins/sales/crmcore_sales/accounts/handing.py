"""When a rep leaves: who gets which account, and everything on it with it, in one transaction (row S0-14)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import define, evolve, field, frozen
from sqlalchemy import func, select

from crmcore.api import InvalidInput, Reader, Transaction, deactivate, owned, tables, user_named
from crmcore_sales.i18n import _
from crmcore_sales.model.account import Account
from crmcore_sales.model.opportunity import Opportunity
from crmcore_sales.tables import account, opportunity

_MOST = 100_000


@frozen(kw_only=True)
class Share:
    """An account of who leaves: its successor, and what there is on it of the one who leaves.

    `notes` are what that one noted and passed with it; `brief` is the file that tells about it.
    """

    customer_id: int
    name: str
    successor: str
    deals: int
    promises: int
    notes: int
    brief: str = ""


@frozen(kw_only=True)
class Handed:
    """What was handed over: how many records of each kind, by successor too, and each account.

    `unseen` accounts are private: they go to the first successor, who alone sees them then. `orphans` are the records
    under way that are still with who left.
    """

    login: str
    owned: Mapping[str, int]
    shares: Mapping[str, Mapping[str, int]]
    accounts: Sequence[Share]
    unseen: int = 0
    orphans: int = 0
    notes: int = field(init=False)

    @notes.default
    def _default_notes(self) -> int:
        return sum(one.notes for one in self.accounts)


def split(reader: Reader, login: str, successors: Sequence[str], given: Mapping[int, str]) -> list[Share]:
    """Return who would get which account that the actor sees: `given` first, the rest in equal parts.

    Customers of one group go together. Each successor gets as many deals and as many accounts as the others. Raises
    `InvalidInput` for a customer in `given` that is not an account of who leaves. Five statements.
    """
    leaving = user_named(reader, login).id
    c = tables.customer.c
    rows = reader.rows(
        select(c.id, c.name, c.parent_id).where(c.owner_id == leaving).order_by(c.name_key, c.id).limit(_MOST)
    )
    own = {row.id for row in rows}
    for key in given:
        if key not in own:
            raise InvalidInput(_("{id} is no account of {login}.").format(id=key, login=login))
    deals, promises, notes = _deals(reader, leaving), _promises(reader, leaving), _notes(reader, leaving)
    groups: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        groups[row.parent_id if row.parent_id in own else row.id].append(row.id)
    to = dict(given)
    load = {each: _Load() for each in (*successors, *given.values())}
    for key, each in given.items():
        load[each].take(deals[key])
    for members in sorted(groups.values(), key=lambda keys: -sum(deals[key] for key in keys)):
        rest = [key for key in members if key not in given]
        selling = any(deals[key] for key in rest)
        heir = min(successors, key=lambda each: (load[each].deals if selling else 0, load[each].accounts))
        for key in rest:
            to[key] = heir
            load[heir].take(deals[key])
    return [
        Share(
            customer_id=row.id, name=row.name, successor=to[row.id], deals=deals[row.id], promises=promises[row.id],
            notes=notes[row.id],
        )
        for row in rows
    ]  # fmt: skip


@define
class _Load:
    """What a successor has got so far."""

    deals: int = 0
    accounts: int = 0

    def take(self, deals: int) -> None:
        """Count an account with so many deals."""
        self.deals += deals
        self.accounts += 1


def _counted(rows: Iterable[Any]) -> Counter[int]:
    return Counter({row.customer_id: row.n for row in rows if row.customer_id is not None})


def _deals(reader: Reader, user_id: int) -> Counter[int]:
    o = opportunity.c
    statement = select(o.customer_id, func.count().label("n")).where(o.owner_id == user_id, o.status == "open")
    return _counted(reader.rows(statement.group_by(o.customer_id)))


def _promises(reader: Reader, user_id: int) -> Counter[int]:
    t = tables.task.c
    statement = select(t.customer_id, func.count().label("n")).where(t.owner_id == user_id, t.status == "open")
    return _counted(reader.rows(statement.where(t.kind == "promise").group_by(t.customer_id)))


def _notes(reader: Reader, user_id: int) -> Counter[int]:
    i = tables.interaction.c
    statement = select(i.customer_id, func.count().label("n")).where(i.user_id == user_id)
    return _counted(reader.rows(statement.group_by(i.customer_id)))


def hand_over(tx: Transaction, login: str, successors: Sequence[str], shares: Sequence[Share]) -> Handed:
    """Deactivate a user and hand over everything they own: each account with all that is on it to its successor.

    The rest goes to the first successor; who backed deals or accounts is replaced, too. Every account's history tells
    of it. Raises what deactivating a user raises.
    """
    leaving = user_named(tx, login).id
    to = {one.customer_id: one.successor for one in shares}
    done = deactivate(tx, login, successors[0], {**_people(tx, to), **to})
    heirs = {each: user_named(tx, each).id for each in (*successors, *to.values())}
    _replace_sponsor(tx, leaving, {key: heirs[each] for key, each in to.items()}, heirs[successors[0]])
    for one in shares:
        tx.record(
            "sales.handed_over",
            "customer",
            one.customer_id,
            {"from": login, "to": one.successor, "deals": one.deals, "promises": one.promises, "notes": one.notes},
        )
    tx.flush()
    return Handed(
        login=login,
        owned=done.owned,
        shares=done.shares,
        accounts=shares,
        unseen=done.owned.get("customer", 0) - len(shares),
        orphans=sum(owned(tx, tx.entities, leaving).values()),
    )


def _people(tx: Transaction, to: Mapping[int, str]) -> dict[int, str]:
    """Return the successors of the people of accounts: those who stand for one now."""
    p = tables.position.c
    rows = tx.rows(
        select(p.contact_id, p.customer_id).where(p.ended.is_(None), p.customer_id.in_(to)).order_by(p.id.desc())
    )
    return {row.contact_id: to[row.customer_id] for row in rows}


def _replace_sponsor(tx: Transaction, leaving: int, heirs: Mapping[int, int], default: int) -> None:
    backed: list[Any] = [
        *tx.load(Opportunity, opportunity.c.sponsor_id == leaving, opportunity.c.status == "open"),
        *tx.load(Account, account.c.sponsor_id == leaving),
    ]
    for one in backed:
        one.sponsor_id = heirs.get(one.customer_id, default)


def with_briefs(shares: Sequence[Share], files: Mapping[int, str]) -> list[Share]:
    """Return the shares, each with the name of its brief."""
    return [evolve(one, brief=files.get(one.customer_id, "")) for one in shares]
