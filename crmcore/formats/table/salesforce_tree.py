"""JSON trees of sObjects, as Salesforce's tools export and load them (REST API Developer Guide, "sObject Tree").

`{"records": [{"attributes": {"type": "Contact", "referenceId": "ContactRef1"}, "LastName": ...}]}`; `@AccountRef1` in a
record means another record of the load. Such files hold a few hundred records, so one is read as a whole.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve

from crmcore.errors import InvalidInput
from crmcore.formats.table.layouts import Layout, columns_of
from crmcore.formats.table.opening import check_file
from crmcore.formats.table.reading import choose_layout
from crmcore.formats.table.records import read_records
from crmcore.formats.table.rows import TableRow, row_of
from crmcore.hooks.formats import Source
from crmcore.i18n import _
from crmcore.model.incoming import Incoming, Rejection

ENTITIES = {"Account": "customer", "Contact": "contact", "Lead": "contact", "Task": "task", "Event": "interaction"}
REFERENCE = "referenceId"
BEGINNING = re.compile(r'\s*\{\s*"records"\s*:\s*\[')  # how the tools write it: then lines can be counted
APART = re.compile(r"[\s,]*")

Node = tuple[int, str, dict[str, str]]  # line, type of sObject, cells by heading


def tree_records(source: Source) -> Iterator[Incoming | Rejection]:
    """Yield the records of a tree, in its order.

    A record of a type that has no place here becomes a `Rejection`; when that goes for all, or the file is no such
    tree, `InvalidInput` is raised.
    """
    check_file(source.path)
    nodes = list(_nodes(source))
    headers: dict[str, list[str]] = {}
    for node in nodes:
        if not isinstance(node, Rejection):
            headers[node[1]] = list(dict.fromkeys([*headers.get(node[1], []), *node[2]]))
    layouts = {kind: _layout(source, kind, header) for kind, header in headers.items()}
    refusals = [layout for layout in layouts.values() if isinstance(layout, InvalidInput)]
    if refusals and len(refusals) == len(layouts):
        raise refusals[0]
    for node in nodes:
        if isinstance(node, Rejection):
            yield node
            continue
        line, kind, cells = node
        layout = layouts[kind]
        if isinstance(layout, InvalidInput):
            yield Rejection(line=line, reason=str(layout), raw=json.dumps(cells, ensure_ascii=False))
            continue
        row = [cells.get(heading, "") for heading in headers[kind]]
        yield from read_records([(line, row)], columns_of(headers[kind], layout), layout)


def tree_rows(source: Source) -> Iterator[tuple[str, TableRow] | Rejection]:
    """Yield the records of a tree with the type of each, for the formats of plugins; `referenceId` is a cell, too.

    Raises `InvalidInput` when the file is no such tree.
    """
    check_file(source.path)
    for node in _nodes(source):
        yield node if isinstance(node, Rejection) else (node[1], row_of(node[0], node[2]))


def _layout(source: Source, kind: str, header: list[str]) -> Layout | InvalidInput:
    """Return the layout for the records of one type, or why there is none."""
    said = {"entity": ENTITIES[kind]} if kind in ENTITIES else {}
    try:
        layout = choose_layout(header or [kind], evolve(source, options={**said, **source.options}), None, None)
    except InvalidInput as error:
        return error
    return evolve(layout, columns={**layout.columns, "referenceid": "external_id", "accountid": "organisation_key"})


def _nodes(source: Source) -> Iterator[Node | Rejection]:
    try:
        text = source.path.read_text("utf-8-sig")
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(_("{file}: is no JSON: {why}").format(file=source.path.name, why=error)) from error
    records = tree.get("records") if isinstance(tree, dict) else None
    if not isinstance(records, list):
        raise InvalidInput(_("{file}: is no tree of records of Salesforce's tools").format(file=source.path.name))
    beginning = BEGINNING.match(text)
    place = beginning.end() if beginning else 0
    decoder = json.JSONDecoder()
    for record in records:
        if beginning:
            place = APART.match(text, place).end()  # type: ignore[union-attr]  # it matches nothing as well
        yield from _flat(record, text.count("\n", 0, place) + 1, {})
        if beginning:
            place = decoder.raw_decode(text, place)[1]


def _flat(record: Any, line: int, parent: Mapping[str, str]) -> Iterator[Node | Rejection]:
    """Yield a record and the children nested in it, which get the account they stand under."""
    attributes = record.get("attributes") if isinstance(record, dict) else None
    if not isinstance(attributes, dict) or len(record) < 2:
        raw = json.dumps(record, ensure_ascii=False)
        yield Rejection(line=line, reason=_("no record of Salesforce: it has no type or no fields"), raw=raw)
        return
    reference = str(attributes.get(REFERENCE, ""))
    cells = {REFERENCE: reference} if reference else {}
    cells |= {key: _text(value) for key, value in record.items() if not isinstance(value, dict) and value is not None}
    kind = str(attributes.get("type", ""))
    yield line, kind, dict(parent) | cells
    below = {"AccountId": reference} if kind == "Account" and reference else {}
    for value in record.values():
        if isinstance(value, dict) and isinstance(value.get("records"), list):
            for child in value["records"]:
                yield from _flat(child, line, below)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.removeprefix("@")
    return json.dumps(value, ensure_ascii=False)
