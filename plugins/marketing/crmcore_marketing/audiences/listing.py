"""Audiences and their people as lists and programs see them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice

from attrs import frozen
from sqlalchemy import and_, not_, select

from crmcore.api import NotFound, PluginReader, Reader, Selection, Transaction, logins, names, tables
from crmcore_marketing.audiences.judging import Against, Judged, Plan, judged
from crmcore_marketing.campaigns.members import customers_of
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import audience

_CONDITION = "condition"


@frozen(kw_only=True)
class AudienceView:
    """An audience as it is listed."""

    id: int
    name: str
    expression: str
    purpose: str
    channel: str
    owner: str
    note: str
    created_at: datetime
    updated_at: datetime
    version: int


@frozen(kw_only=True)
class Party:
    """A contact or customer, by id and name."""

    id: int
    name: str


@frozen(kw_only=True)
class PersonView:
    """A person in an audience, or left out of it; `by` of a reason is a plugin, `address` or `condition`."""

    contact: Party
    customer: Party | None
    reasons: Sequence[Against]


def page(
    reader: Reader | PluginReader, *, limit: int, after: int | None = None, key: int | None = None
) -> list[AudienceView]:
    """Return audiences in the order of their ids, after one of them, or the one of that id: two statements."""
    statement = select(audience).order_by(audience.c.id).limit(limit)
    if after is not None:
        statement = statement.where(audience.c.id > after)
    if key is not None:
        statement = statement.where(audience.c.id == key)
    rows = reader.rows(statement)
    owners = logins(reader, [row.owner_id for row in rows if row.owner_id])
    told = ("id", "name", "expression", "purpose", "channel", "note", "created_at", "updated_at", "version")
    return [
        AudienceView(owner=owners.get(row.owner_id, ""), **{name: row._mapping[name] for name in told}) for row in rows
    ]


def one_of(reader: Reader | PluginReader, audience_id: int) -> AudienceView:
    """Return an audience; raises `NotFound`."""
    found = page(reader, limit=1, key=audience_id)
    if not found:
        raise NotFound(_("There is no audience “{text}”.").format(text=audience_id))
    return found[0]


def people(
    tx: Transaction, one: Selection, plan: Plan, *, excluded: bool, limit: int, after: int | None = None
) -> list[PersonView]:
    """Return people whom a selection chooses who are in, or who are left out, in the order of their ids.

    Policy is asked about twice the limit first, and then about more until there are enough.
    """
    everybody = judged(tx, one, plan, after=after or 0, first=max(2 * limit, 100))
    return _told(tx, islice((each for each in everybody if bool(each.against) is excluded), limit))


def not_chosen(
    reader: Reader | PluginReader, one: Selection, *, limit: int, after: int | None = None
) -> list[PersonView]:
    """Return people whom a selection does not choose, each with the conditions that are not met: three statements."""
    found = one.judged.subquery()
    held = [found.c[f"part_{place}"] for place in range(len(one.parts))]
    if not held:
        return []
    statement = select(found).where(not_(and_(*held)), found.c.id > (after or 0)).order_by(found.c.id).limit(limit)
    return _told(
        reader,
        (
            Judged(
                contact_id=row.id,
                against=[
                    Against(by=_CONDITION, reason=part.text)
                    for place, part in enumerate(one.parts)
                    if not row._mapping[f"part_{place}"]
                ],
            )
            for row in reader.rows(statement)
        ),
    )


def _told(reader: Reader | PluginReader, found: Iterable[Judged]) -> list[PersonView]:
    those = list(found)
    ids = [each.contact_id for each in those]
    called: Mapping[int, str] = names(reader, tables.contact, ids)
    held = customers_of(reader, ids)
    firms: Mapping[int, str] = names(reader, tables.customer, set(held.values()))
    return [
        PersonView(
            contact=Party(id=each.contact_id, name=called.get(each.contact_id, "")),
            customer=_firm(held.get(each.contact_id), firms),
            reasons=each.against,
        )
        for each in those
    ]


def _firm(key: int | None, firms: Mapping[int, str]) -> Party | None:
    return Party(id=key, name=firms[key]) if key is not None and key in firms else None
