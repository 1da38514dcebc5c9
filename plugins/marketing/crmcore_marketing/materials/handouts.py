"""Who got a material from whom, and who was left out of a giving."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, select

from crmcore.api import Reader, names, tables
from crmcore.reports.report import Column, Report
from crmcore_marketing.i18n import _
from crmcore_marketing.materials.finding import MaterialView
from crmcore_marketing.materials.giving import Giving
from crmcore_marketing.tables import handout, material


@frozen(kw_only=True)
class HandoutView:
    """A material that somebody got: from whom of us, of which department, when and how."""

    id: int
    at: datetime
    material: str
    contact_id: int | None
    contact: str
    customer: str
    user: str
    department: str
    channel: str
    campaign_id: int | None


def handouts(
    reader: Reader, *, limit: int, after: int | None = None, material_id: int | None = None
) -> list[HandoutView]:
    """Return who got materials, the latest written first: one statement."""
    h, user, contact, customer = handout.c, tables.user_account.c, tables.contact.c, tables.customer.c
    wanted: Select[Any] = (
        select(h.id, h.at, material.c.code.label("material"), h.contact_id, h.department, h.channel, h.campaign_id)
        .add_columns(
            func.coalesce(contact.name, "").label("contact"),
            func.coalesce(customer.name, "").label("customer"),
            func.coalesce(user.login, "").label("user"),
        )
        .join(material, material.c.id == h.material_id)
        .join(tables.contact, contact.id == h.contact_id, isouter=True)
        .join(tables.customer, customer.id == h.customer_id, isouter=True)
        .join(tables.user_account, user.id == h.user_id, isouter=True)
        .order_by(h.id.desc())
        .limit(limit)
    )
    if material_id is not None:
        wanted = wanted.where(h.material_id == material_id)
    if after is not None:
        wanted = wanted.where(h.id < after)
    return [HandoutView(**row._mapping) for row in reader.rows(wanted)]


def report(found: MaterialView, given: Sequence[HandoutView]) -> Report:
    """Return a material with who got it as a table."""
    return Report(
        title=_("{code} {name}: given {n} times to {people} people").format(
            code=found.code, name=found.name, n=found.given, people=found.people
        ),
        columns=(
            Column(_("id"), number=True), Column(_("when"), day=True), Column(_("contact")), Column(_("customer")),
            Column(_("by")), Column(_("department")), Column(_("channel")),
        ),
        rows=[
            (one.id, one.at, one.contact, one.customer, one.user, one.department, _(one.channel))
            for one in given
        ],
        data={"material": found, "handouts": given},
    )  # fmt: skip


def left_out_report(reader: Reader, code: str, done: Giving, *, only_told: bool = False) -> Report:
    """Return what became of a giving: how many got it, and who was left out and why."""
    who = names(reader, tables.contact, [one.contact_id for one in done.left_out])
    title = (
        _("{code}: {given} would get it, {left} would be left out")
        if only_told
        else _("{code}: given to {given}, {left} left out")
    )
    return Report(
        title=title.format(code=code, given=len(done.given), left=len(done.left_out)),
        columns=(Column(_("contact")), Column(_("why")), Column(_("until"), day=True)),
        rows=[
            (
                who.get(one.contact_id, str(one.contact_id)),
                "; ".join(one.reasons),
                one.until,
            )
            for one in done.left_out
        ],
        data={
            "material": code,
            "given": done.given,
            "left_out": [
                {
                    "contact": {"id": one.contact_id, "name": who.get(one.contact_id, "")},
                    "reasons": one.reasons,
                    "until": one.until,
                }
                for one in done.left_out
            ],
        },
    )
