"""Beginning an opportunity, moving it, winning and losing it; little is typed, the rest is filled in."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
from attrs import frozen
from sqlalchemy import select

from crmcore.api import Definitions, State, Transaction, currency, meant_by, move, tables
from crmcore_sales.i18n import _
from crmcore_sales.model.competitor import Rivalry
from crmcore_sales.model.opportunity import BuyingRole, Line, Opportunity
from crmcore_sales.model.stage import Step
from crmcore_sales.pipeline.guidance import ending, pipeline, stage
from crmcore_sales.pipeline.lines import SaidLine, set_lines
from crmcore_sales.pipeline.rivals import meet, won_by
from crmcore_sales.tables import opportunity

_NAME = opportunity.name
_FIELDS = frozenset(opportunity.c.keys())
_SAID = ("title", "customer_id", "contact_id", "owner_id", "amount", "currency", "probability", "need_by")


@frozen(kw_only=True)
class Beginning:
    """What is said of a new opportunity; what is not said is filled in where it follows from something.

    `fields` are more of its fields by name. `filled` names what was not typed but taken from elsewhere.
    """

    title: str = ""
    customer_id: int | None = None
    contact_id: int | None = None
    owner_id: int | None = None
    stage: str = ""
    amount: Decimal | None = None
    currency: str = ""
    probability: int | None = None
    need_by: date | None = None
    lines: Sequence[SaidLine] = ()
    words: bool = False
    competitors: Sequence[str] = ()
    fields: Mapping[str, Any] = attrs.field(factory=dict)
    filled: Collection[str] = ()


def begin(tx: Transaction, said: Beginning) -> Opportunity:
    """Add an opportunity with its lines and competitors, the actor's own unless `owner_id` says whose.

    The title is its first line and the customer where none is said, the amount what the lines come to, the odds those
    of its stage, the currency the workspace's. Raises `NotFound` for an unknown product.
    """
    process = pipeline(tx.definitions)
    first = said.stage or process.states[0].name
    state = stage(process, first)
    record = Opportunity(
        title=said.title.strip() or _title(tx, said),
        customer_id=said.customer_id,
        contact_id=said.contact_id,
        owner_id=said.owner_id or tx.actor.user_id or None,
        stage=first,
        amount=said.amount,
        currency=said.currency or currency(tx),
        probability=said.probability if said.probability is not None else state.probability if state else None,
        need_by=said.need_by,
        **said.fields,
    )
    tx.add(record)
    typed = {name for name in _SAID if getattr(said, name) not in ("", None)} | set(said.fields)
    tx.filled[_NAME, record.id].update(_FIELDS - typed, said.filled)
    set_lines(tx, record, said.lines, words=said.words, new=True)
    for name in said.competitors:
        meet(tx, record, name)
    return record


def _title(tx: Transaction, said: Beginning) -> str:
    """Return what an opportunity is called by itself: its first line, else the customer or contact."""
    if said.lines:
        one = said.lines[0]
        return f"{one.quantity.normalize():f} {one.what}" if one.quantity else one.what
    for table, key in ((tables.customer, said.customer_id), (tables.contact, said.contact_id)):
        if key is not None:
            name = tx.value(select(table.c.name).where(table.c.id == key))
            return _("Opportunity with {name}").format(name=name)
    return _("Opportunity")


def move_on(tx: Transaction, record: Opportunity, state: State, values: Mapping[str, Any] | None = None) -> None:
    """Move an opportunity into a stage; the odds follow the stage until its owner says others.

    One that is begun again has no reason for its end any more, and no competitor who won it.
    """
    before = stage(pipeline(tx.definitions), record.stage)
    if before is not None and before.kind != "open" and state.kind == "open":
        record.reason = record.reason_note = ""
        won_by(tx, record, None)
    move(tx, record, state.name, values)
    stated = record.probability not in (None, before.probability if before else None)
    if state.kind == "open" and state.probability is not None and not stated and "probability" not in (values or {}):
        record.probability = state.probability
        tx.filled[_NAME, record.id].add("probability")


def win(tx: Transaction, record: Opportunity, *, reason: str, note: str = "", stage_text: str = "") -> None:
    """Close an opportunity as won, and say why; no competitor won it then."""
    move_on(tx, record, ending(pipeline(tx.definitions), "won", stage_text))
    _say_why(tx, record, reason, note)
    won_by(tx, record, None)


def lose(
    tx: Transaction,
    record: Opportunity,
    *,
    reason: str,
    note: str = "",
    to: str = "",
    price: Decimal | None = None,
    stage_text: str = "",
) -> None:
    """Close an opportunity as lost: why, to which competitor, and at what price of theirs."""
    move_on(tx, record, ending(pipeline(tx.definitions), "lost", stage_text))
    _say_why(tx, record, reason, note)
    if to:
        won_by(tx, record, meet(tx, record, to, price))


def _say_why(tx: Transaction, record: Opportunity, reason: str, note: str) -> None:
    record.reason = reason_said(tx.definitions, reason)
    record.reason_note = note or record.reason_note


def reason_said(definitions: Definitions, text: str) -> str:
    """Return a reason in the company's common language where it is a term of it (row S0-23), else as it was said."""
    term = meant_by(definitions, text)
    return term.code if term else text.strip()


def remove(tx: Transaction, record: Opportunity) -> None:
    """Remove an opportunity with its parts; their values stay in the journal."""
    for part in (Line, BuyingRole, Step, Rivalry):
        table = tx.entities.of(part).table
        for one in tx.load(part, table.c.opportunity_id == record.id):
            tx.remove(one)
    tx.remove(record)
