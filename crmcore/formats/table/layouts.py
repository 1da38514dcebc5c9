"""Layouts: what the columns of one program's export mean.

A `Layout` is a value; the ones we know are in `known`, users write their own as mapping files (`mapping`), and plugins
may add to the list that is passed in. What a layout does not say, the vocabulary of `columns` does.
"""

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from crmcore.formats.table.columns import (
    CUSTOMER_EVIDENCE,
    NUMBER,
    PERSON_EVIDENCE,
    find_target,
    normalise,
    words,
)


@frozen(kw_only=True)
class Layout:
    """What the columns of a table mean.

    `entity` is contact, customer, interaction or task; empty: a table we recognise but have no place for, `label` says
    what it is. `required` recognises it: of each set at least one heading must be there, and none of `absent`.
    `columns` gives targets (see `columns`) by normalised heading, where `#` stands for a number (`phone#value`).
    `constants` gives values by field. `vocabulary`: whether headings the layout does not name are looked up in the
    general vocabulary. `key` names the fields by which records are matched with stored ones. `date_format` is a
    `strptime` format, `region` a country (ISO 3166) that settles 03/04/2020, `zone` the IANA zone of times without
    one. `fill_short`: rows that end early are filled with empty cells, not rejected.
    """

    name: str
    label: str = ""
    entity: str = "contact"
    required: tuple[frozenset[str], ...] = ()
    absent: frozenset[str] = frozenset()
    columns: Mapping[str, str] = field(factory=dict)
    constants: Mapping[str, str] = field(factory=dict)
    vocabulary: bool = True
    key: tuple[str, ...] = ()
    date_format: str = ""
    region: str = ""
    zone: str = ""
    fill_short: bool = False


@frozen(kw_only=True)
class Column:
    """One column: its heading as written, its target (empty: not understood), and its number where it has one."""

    heading: str
    target: str = ""
    number: str = ""


def any_of(text: str) -> frozenset[str]:
    """Return the normalised headings in `text` as a set."""
    return frozenset(words(text))


def find_layout(header: Sequence[str], layouts: Sequence[Layout]) -> Layout | None:
    """Return the first of `layouts` that fits the headings; so the more special one stands first."""
    there = {NUMBER.sub("#", text, count=1) for text in map(normalise, header)} | set(map(normalise, header))
    for layout in layouts:
        if layout.required and all(there & group for group in layout.required) and not there & layout.absent:
            return layout
    return None


def columns_of(header: Sequence[str], layout: Layout) -> tuple[Column, ...]:
    """Return what each heading means in `layout`."""
    return tuple(_column(heading.strip(), layout) for heading in header)


def _column(heading: str, layout: Layout) -> Column:
    text = normalise(heading)
    target = layout.columns.get(text)
    if target:
        return Column(heading=heading, target=target)
    number = NUMBER.search(text)
    if number:
        target = layout.columns.get(NUMBER.sub("#", text, count=1))
        if target:
            return Column(heading=heading, target=target, number=number[0])
    found = find_target(heading) if layout.vocabulary and text else None
    return Column(heading=heading, target=found[0], number=found[1]) if found else Column(heading=heading)


def guess_layout(header: Sequence[str]) -> Layout | None:
    """Return a layout for headings no known layout fits, or None when they name nobody and no way to reach anybody.

    Persons or organisations: decided by evidence. A name and nothing that speaks for organisations is a person.
    """
    texts = {normalise(heading) for heading in header}
    found = [target for target in map(find_target, header) if target]
    fields = {target.partition(":")[0] for target, _number in found}
    evidence = texts & CUSTOMER_EVIDENCE
    if not fields & {"name", "given", "family", "organisation", "nickname", "email", "phone"}:
        return None if not texts & {"security"} else Layout(name="generic", entity="customer")
    if fields & PERSON_EVIDENCE or {"name", "organisation"} <= fields:
        company = "organisation" in fields
        columns = {text: "customer.extra" for text in evidence if company and not find_target(text)}
        return Layout(name="generic", entity="contact", columns=columns)
    if evidence or (not fields & {"name", "nickname"} and "organisation" in fields):
        return Layout(name="generic", entity="customer")
    return Layout(name="generic", entity="contact")
