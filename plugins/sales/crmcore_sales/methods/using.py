"""Which sales methods are used: in the workspace, and on opportunities that have a choice of their own."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from crmcore.api import Denied, InvalidInput, NotFound, PluginReader, Reader, Transaction
from crmcore_sales.i18n import _
from crmcore_sales.methods.spec import Method
from crmcore_sales.model.evidence import MethodUse
from crmcore_sales.model.opportunity import Opportunity
from crmcore_sales.tables import method_use

_MOST = 20_000


def installed(reader: Reader | PluginReader) -> dict[str, Method]:
    """Return the methods that enabled plugins bring, by name."""
    return {one.name: one for one in reader.ask("sales_method")}


def used(reader: Reader | PluginReader, ids: Sequence[int]) -> dict[int | None, tuple[str, ...]]:
    """Return the methods used on each of these opportunities, by id; under None those of the workspace."""
    c = method_use.c
    own = select(c.opportunity_id, c.methods).where(or_(c.opportunity_id.is_(None), c.opportunity_id.in_(ids)))
    said = {row.opportunity_id: tuple(row.methods) for row in reader.rows(own.order_by(c.id).limit(_MOST))}
    of_all = said.get(None, ())
    return {None: of_all, **{each: said.get(each, of_all) for each in ids}}


def use(tx: Transaction, names: Sequence[str], opportunity_id: int | None = None) -> tuple[str, ...]:
    """Use these methods from now on, and no other: on an opportunity, or in the workspace; return them.

    What was learned stays as it is. Raises `NotFound` for a method that no enabled plugin brings, and `Denied` when
    somebody who writes less than all sets the workspace's.
    """
    known = installed(tx)
    for name in names:
        if name not in known:
            raise NotFound(
                _("There is no sales method “{name}”; there are: {known}.").format(
                    name=name, known=", ".join(known) or _("none, enable a plugin that brings one")
                )
            )
    if len(set(names)) < len(names):
        raise InvalidInput(_("Name each method once."))
    if opportunity_id is not None:
        tx.get(Opportunity, opportunity_id)
    elif tx.scope.write != "all":
        raise Denied(_("The method of all deals is set by those who may change all of them; name a deal."))
    found = _choices(tx, opportunity_id)
    if found:
        found[0].methods = list(names)
    else:
        tx.add(MethodUse(opportunity_id=opportunity_id, methods=list(names)))
    return tuple(names)


def use_usual(tx: Transaction, opportunity_id: int) -> tuple[str, ...]:
    """Use on an opportunity what is used on all, and no choice of its own; return it."""
    for one in _choices(tx, opportunity_id):
        tx.remove(one)
    return used(tx, [])[None]


def _choices(tx: Transaction, opportunity_id: int | None) -> list[MethodUse]:
    c = method_use.c.opportunity_id
    return tx.load(MethodUse, c.is_(None) if opportunity_id is None else c == opportunity_id)
