"""Wrap-up codes: how agents sum up calls."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen
from sqlalchemy import Select, select

from crmcore.api import NotFound, Transaction, form_named
from crmcore_callcenter.agents.finding import AnyReader
from crmcore_callcenter.agents.leading import must_lead
from crmcore_callcenter.agents.naming import assign, coded, must_be_free
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.agent import WrapCode
from crmcore_callcenter.tables import wrap_code


@frozen(kw_only=True)
class CodeView:
    """A wrap-up code: what it means, which form is filled in with it, after how many days to follow up."""

    id: int
    name: str
    code: str
    means: str
    form: str
    follow_days: int | None
    active: bool
    version: int


_TOLD = ("id", "name", "code", "means", "form", "follow_days", "active", "version")


def add(tx: Transaction, fields: Mapping[str, Any]) -> WrapCode:
    """Add a wrap-up code; raises `InvalidInput` for a name or code that another has, `NotFound` for no form.

    Raises `Denied` for who does not lead.
    """
    must_lead(tx)
    made = WrapCode(**coded(fields))
    _check(tx, {**fields, "name": made.name, "code": made.code})
    return tx.add(made)


def edit(tx: Transaction, record: WrapCode, fields: Mapping[str, Any]) -> None:
    """Give a wrap-up code other values; raises as `add` does, and `InvalidInput` for a field that there is not."""
    must_lead(tx)
    _check(tx, fields, record.id)
    assign(record, fields)


def _check(tx: Transaction, fields: Mapping[str, Any], but: int = 0) -> None:
    tx.flush()
    must_be_free(tx, wrap_code, fields, but)
    if fields.get("form"):
        form_named(tx, fields["form"])


def page(reader: AnyReader, *, limit: int, after: int | None, all_: bool) -> list[CodeView]:
    """Return wrap-up codes by their ids: those in use, with `all_` the inactive ones too. One statement."""
    wanted = select(wrap_code).where(wrap_code.c.id > (after or 0)).order_by(wrap_code.c.id).limit(limit)
    return _views(reader, wanted if all_ else wanted.where(wrap_code.c.active.is_(True)))


def view(reader: AnyReader, key: int) -> CodeView:
    """Return a wrap-up code; raises `NotFound` for one that is absent."""
    found = _views(reader, select(wrap_code).where(wrap_code.c.id == key))
    if not found:
        raise NotFound(_("There is no wrap-up code {id}.").format(id=key))
    return found[0]


def _views(reader: AnyReader, wanted: Select[Any]) -> list[CodeView]:
    return [CodeView(**{name: getattr(row, name) for name in _TOLD}) for row in reader.rows(wanted)]
