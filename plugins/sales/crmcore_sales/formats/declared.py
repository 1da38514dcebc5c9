"""The formats that sales reads, recognised by the headings of a table or the first record of a tree."""

import re
from collections.abc import Callable, Iterable, Iterator

from crmcore.api import (
    Format,
    Incoming,
    InvalidInput,
    Rejection,
    Source,
    TableKind,
    TableRow,
    table_formats,
    tree_rows,
)
from crmcore_sales.formats import headings as h
from crmcore_sales.formats.leads import lead
from crmcore_sales.formats.opportunities import opportunity
from crmcore_sales.formats.parts import buying_role, line
from crmcore_sales.formats.products import price, product
from crmcore_sales.i18n import _

Build = Callable[[TableRow, str], Iterable[Incoming | Rejection]]

_KINDS: dict[str, Build] = {
    "Opportunity": opportunity,
    "OpportunityContactRole": buying_role,
    "OpportunityLineItem": line,
    "Product2": product,
    "PricebookEntry": price,
}
"""By type of sObject: what reads it."""

_FIRST_TYPE = re.compile(rb'"type"\s*:\s*"(\w+)"')


_TABLES = (
    TableKind(
        name="sales-roles", label="Salesforce's contact roles of opportunities", build=buying_role, late=True,
        headings=(("OpportunityId", "Opportunity ID"), (*h.ROLE_CONTACT_ID, *h.CONTACT), h.ROLE),
    ),
    TableKind(
        name="sales-lines", label="Products of opportunities, as Salesforce and HubSpot write them", build=line,
        late=True, headings=(h.OPPORTUNITY_ID, h.QUANTITY, (*h.PRICE, *h.PRODUCT2_ID, *h.PRODUCT_CODE)),
    ),
    TableKind(
        name="sales-opportunities", label="Opportunities or deals, as Salesforce and HubSpot write them",
        build=opportunity,
        headings=(("StageName", "Deal Stage", "商机阶段", "销售阶段"), h.TITLE, (*h.CLOSE, *h.AMOUNT)),
    ),
    TableKind(
        name="sales-opportunities", build=opportunity,
        headings=(("Opportunity Name", "商机名称"), h.STAGE, (*h.CLOSE, *h.AMOUNT)),
    ),
    TableKind(
        name="sales-prices", label="Salesforce's entries of price books", build=price, late=True,
        headings=(h.PRICE_LIST, h.PRICE, ("Product2Id", *h.PRODUCT_CODE)),
    ),
    TableKind(
        name="sales-products", label="Products, as Salesforce and HubSpot write them", build=product,
        headings=(h.PRODUCT_CODE, h.PRODUCT_NAME, ("IsActive", *h.FAMILY, *h.PRICE, *h.COST)),
    ),
    TableKind(
        name="sales-leads", label="Leads, as Salesforce and HubSpot write them", build=lead,
        headings=(
            ("LastName", "Last Name"), ("Company",), ("IsConverted", "LeadSource", "Lead Source", "Rating"),
            ("Status", "Lead Status", "IsConverted"),
        ),
    ),
    TableKind(
        name="sales-leads", build=lead,
        headings=(h.LEAD_NAME, ("Lead Status", "Lead Stage", "Lead Owner", "Lead Source")),
    ),
)  # fmt: skip


def formats() -> list[Format]:
    """Return the formats."""
    tree = Format(
        name="sales-tree",
        label=_("Salesforce JSON trees of opportunities and products"),
        extensions=(".json",),
        sniff=_sniff_tree,
        read=_read_tree,
        scheme="table",
    )
    return [*table_formats(_TABLES, certain=90), tree]


def _sniff_tree(head: bytes, _name: str) -> int:
    found = _FIRST_TYPE.search(head)
    tree = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"records"' in head and b'"attributes"' in head
    return 95 if tree and found and found[1].decode() in _KINDS else 0


def _read_tree(source: Source) -> Iterator[Incoming | Rejection]:
    own = source.options.get("currency", "")
    for node in tree_rows(source):
        if isinstance(node, Rejection):
            yield node
            continue
        kind, row = node
        build = _KINDS.get(kind)
        if build is None:
            reason = _("{kind} is read from a file of its own").format(kind=kind or "-")
            yield Rejection(line=row.line, reason=reason, raw=" | ".join(row.cells.values()))
            continue
        try:
            yield from build(row, own)
        except InvalidInput as error:
            yield Rejection(line=row.line, reason=str(error), raw=" | ".join(row.cells.values()))
