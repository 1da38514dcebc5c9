"""An export: which files it writes, from what, and the writing of them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from attrs import frozen

from crmcore.engine.reader import Reader
from crmcore.errors import InvalidInput
from crmcore.exporting import activities, columns, everything, parties
from crmcore.exporting.files import check_free, whole
from crmcore.exporting.schemes import scheme
from crmcore.exporting.sheet import write_csv
from crmcore.exporting.tables import steady
from crmcore.formats.vcard.writer import write_vcard
from crmcore.hooks.references import Reference
from crmcore.i18n import _

SUFFIXES = {"jsonl": (".jsonl", ".ndjson"), "csv": (".csv",), "vcard": (".vcf", ".vcard")}
"""By format: the names of its files; the first is the one we give."""
ENTITIES = {"csv": ("contact", "customer", "interaction", "task"), "vcard": ("contact", "customer")}
"""By format: what it can hold; JSON lines hold every table."""

Progress = Callable[[str, int], None]
_TOLD_EVERY = 500


@frozen(kw_only=True)
class Written:
    """A file of an export: what it holds, and how many records."""

    file: str
    entity: str
    records: int


def export(
    reader: Reader,
    target: Path,
    *,
    format_: str = "",
    entities: Sequence[str] = (),
    references: Sequence[Reference] = (),
    force: bool = False,
    show: Progress = lambda _file, _records: None,
) -> list[Written]:
    """Write what the actor may see to a file, or to a folder with one file for each entity.

    The format follows from the name of the file; a folder gets JSON lines. All of it is of one moment. Raises
    `InvalidInput` for an entity that does not exist, a file that is there already (unless `force`), or one that cannot
    be written; each file appears whole or not at all. `reader` must not have been used before.
    """
    chosen = format_ or next((name for name, ends in SUFFIXES.items() if target.suffix.lower() in ends), "jsonl")
    steady(reader.connection)
    tables = everything.tables(reader.connection, reader) if chosen == "jsonl" else {}
    known = ENTITIES.get(chosen) or tuple(tables)
    files = _files(target, chosen, entities, known)
    check_free(files.values(), force=force)
    done = []
    for entity, path in files.items():
        count = 0
        with whole(path) as file:
            rows = everything.lines(tables[entity], reader, references) if tables else _people(chosen, entity, reader)
            for data in rows:
                file.write(data)
                count += 1
                if count % _TOLD_EVERY == 0:
                    show(path.name, count)
        records = count - 1 if chosen == "csv" else count
        done.append(Written(file=str(path), entity=entity, records=records))
    return done


def _files(target: Path, chosen: str, entities: Sequence[str], known: Sequence[str]) -> dict[str, Path]:
    unknown = [name for name in entities if name not in known]
    if unknown:
        raise InvalidInput(
            _("{names} cannot be exported as {format}; possible: {known}.").format(
                names=", ".join(unknown), format=chosen, known=", ".join(known)
            )
        )
    if target.suffix.lower() in SUFFIXES[chosen] and not target.is_dir():
        wanted = list(entities) or (["contact"] if chosen != "jsonl" else [])
        if len(wanted) != 1:
            raise InvalidInput(
                _("{path} is one file: name one --entity for it, or a folder for all.").format(path=target)
            )
        return {wanted[0]: target}
    if target.exists() and not target.is_dir():
        raise InvalidInput(_("{path} is a file; name a folder, or a file that ends in {ends}.").format(
            path=target, ends=SUFFIXES[chosen][0]))  # fmt: skip
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(_("{path} cannot be written: {why}").format(path=target, why=error.strerror)) from error
    return {name: target / f"{name}{SUFFIXES[chosen][0]}" for name in dict.fromkeys(entities or known)}


def _people(chosen: str, entity: str, reader: Reader) -> Iterator[bytes]:
    """Yield contacts or customers as vCard or CSV."""
    if chosen == "vcard":
        cards = (
            parties.contacts(reader, scheme("vcard"))
            if entity == "contact"
            else parties.customers(reader, scheme("vcard"))
        )
        return (text.encode() for text in write_vcard(cards))
    return _table(entity, reader)


def _table(entity: str, reader: Reader) -> Iterator[bytes]:
    if entity == "contact":
        people = columns.contact_sheet(columns.measure(parties.contacts(reader, scheme("csv"))))
        return write_csv(
            people.headings, (columns.contact_row(one, people) for one in parties.contacts(reader, scheme("csv")))
        )
    if entity == "customer":
        firms = columns.customer_sheet(columns.measure(parties.customers(reader, scheme("csv"))))
        return write_csv(
            firms.headings, (columns.customer_row(one, firms) for one in parties.customers(reader, scheme("csv")))
        )
    if entity == "interaction":
        return write_csv(activities.headings(reader, entity), activities.interactions(reader))
    return write_csv(activities.headings(reader, entity), activities.tasks(reader))
