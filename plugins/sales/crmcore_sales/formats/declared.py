"""The formats that sales reads, recognised by the headings of a table or the first record of a tree."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from crmcore.api import (
    Format,
    Incoming,
    InvalidInput,
    Rejection,
    Source,
    TableRow,
    heading_key,
    table_records,
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


def _keys(*names: str) -> frozenset[str]:
    return frozenset(map(heading_key, names))


_RECOGNISED: tuple[tuple[str, str, Build, tuple[frozenset[str], ...]], ...] = (
    ("sales-roles", "Salesforce's contact roles of opportunities", buying_role,
     (_keys("OpportunityId", "Opportunity ID"), _keys(*h.ROLE_CONTACT_ID, *h.CONTACT), _keys(*h.ROLE))),
    ("sales-lines", "Products of opportunities, as Salesforce and HubSpot write them", line,
     (_keys(*h.OPPORTUNITY_ID), _keys(*h.QUANTITY), _keys(*h.PRICE, *h.PRODUCT2_ID, *h.PRODUCT_CODE))),
    ("sales-opportunities", "Opportunities or deals, as Salesforce and HubSpot write them", opportunity,
     (_keys("StageName", "Deal Stage", "商机阶段", "销售阶段"), _keys(*h.TITLE), _keys(*h.CLOSE, *h.AMOUNT))),
    ("sales-opportunities", "", opportunity,
     (_keys("Opportunity Name", "商机名称"), _keys(*h.STAGE), _keys(*h.CLOSE, *h.AMOUNT))),
    ("sales-prices", "Salesforce's entries of price books", price,
     (_keys(*h.PRICE_LIST), _keys(*h.PRICE), _keys("Product2Id", *h.PRODUCT_CODE))),
    ("sales-products", "Products, as Salesforce and HubSpot write them", product,
     (_keys(*h.PRODUCT_CODE), _keys(*h.PRODUCT_NAME), _keys("IsActive", *h.FAMILY, *h.PRICE, *h.COST))),
    ("sales-leads", "Leads, as Salesforce and HubSpot write them", lead,
     (_keys("LastName", "Last Name"), _keys("Company"), _keys("IsConverted", "LeadSource", "Lead Source", "Rating"),
      _keys("Status", "Lead Status", "IsConverted"))),
    ("sales-leads", "", lead, (_keys(*h.LEAD_NAME), _keys("Lead Status", "Lead Stage", "Lead Owner", "Lead Source"))),
)  # fmt: skip
"""By name: what is read, by what, and headings of which one of each set must be there. The first that fits counts."""

_PARTS = frozenset({"sales-lines", "sales-prices", "sales-roles"})
"""What points at records that other files have."""


def formats() -> list[Format]:
    """Return the formats."""
    builds = {name: (label, build) for name, label, build, _needed in reversed(_RECOGNISED)}
    tables = [
        Format(
            name=name,
            label=next(label for each, label, _build, _needed in _RECOGNISED if each == name and label),
            extensions=(".csv", ".tsv", ".txt", ".xlsx"),
            headings=partial(_certain, name),
            read=partial(_read, build),
            scheme="table",
            rows=True,
            late=name in _PARTS,
        )
        for name, (_label, build) in builds.items()
    ]
    tree = Format(
        name="sales-tree",
        label=_("Salesforce JSON trees of opportunities and products"),
        extensions=(".json",),
        sniff=_sniff_tree,
        read=_read_tree,
        scheme="table",
    )
    return [*tables, tree]


def _certain(name: str, headings: Sequence[str]) -> int:
    there = {heading_key(heading) for heading in headings}
    found = next((each for each, _l, _b, needed in _RECOGNISED if all(there & one for one in needed)), "")
    return 90 if found == name else 0


def _read(build: Build, source: Source) -> Iterator[Incoming | Rejection]:
    own = source.options.get("currency", "")
    return table_records(source, lambda row: build(row, own))


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
