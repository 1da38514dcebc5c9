"""A quote as a PDF document to send."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from crmcore.api import Reader, tables
from crmcore.reports.report import Column, money
from crmcore_sales.i18n import _
from crmcore_sales.quoting.views import QuoteView


def quote_pdf(reader: Reader, view: QuoteView) -> bytes:
    """Return the PDF of a quote, with the name and the ways to reach its owner. One statement."""
    from crmcore.reports.pdf import document, paragraph, space, table

    user = tables.user_account.c
    owner = reader.first(select(user.name, user.login, user.email, user.phone).where(user.login == view.owner))
    number = f"{view.number}/{view.revision}" if view.revision > 1 else view.number
    columns = (
        Column(_("Product")), Column(_("Description")), Column(_("Quantity"), number=True),
        Column(_("Price"), number=True), Column(_("Amount"), number=True),
    )  # fmt: skip
    rows = [
        (each.product, each.text, f"{each.quantity.normalize():,f}", _sum(each.unit_price), _sum(each.amount))
        for each in view.lines
    ]
    total = ("", _("Total"), "", "", money(view.amount, view.currency))
    parts = [*(paragraph(text) for text in _head(view)), space(4), table(columns, [*rows, total])]
    parts += [space(4), *(paragraph(text) for text in _foot(view, owner))]
    return document(_("Quote {number}").format(number=number), parts)


def _sum(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:,.2f}"


def _head(view: QuoteView) -> list[str]:
    who = [view.customer["name"] if view.customer else "", view.contact["name"] if view.contact else ""]
    said = [text for text in who if text]
    if view.sent_at is not None:
        said.append(_("Date: {day}").format(day=view.sent_at.date().isoformat()))
    if view.valid_until is not None:
        said.append(_("Valid until {day}").format(day=view.valid_until.isoformat()))
    return said


def _foot(view: QuoteView, owner: Any) -> list[str]:
    said = [view.note] if view.note else []
    if owner is not None:
        said.append(", ".join(text for text in (owner.name or owner.login, owner.phone, owner.email) if text))
    return said
