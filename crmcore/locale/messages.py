"""`make messages`: the template of all messages, the Chinese catalogue brought up to date and compiled, by Babel.

Messages are what stands in `_()` and `_n()`, the words of `words.py`, and the help of every command and option. Each
plugin beside the core (`plugins/*`) that has a folder `locale` has a catalogue of its own, without the core's messages.
"""

import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from io import BytesIO
from pathlib import Path

import click
from attrs import frozen
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from crmcore.cli.root import COMMANDS, crm
from crmcore.command import Commands, paragraphs
from crmcore.reports.showing import out_option

HERE = Path(__file__).parent


@frozen
class Book:
    """The messages of one package: its folder, whose name is that of the catalogue, and its commands."""

    package: Path
    commands: tuple[click.Command, ...]

    @property
    def template(self) -> Path:
        """Where the messages are listed."""
        return self.package / "locale" / f"{self.package.name}.pot"

    @property
    def catalogue(self) -> Path:
        """Where they are translated."""
        return self.package / "locale" / "zh_CN" / "LC_MESSAGES" / f"{self.package.name}.po"

    @property
    def compiled(self) -> Path:
        """What programs read."""
        return self.catalogue.with_suffix(".mo")


CORE = Book(HERE.parent, (crm, out_option(click.Command("reports"))))  # an option of plugins' commands alone


def books() -> list[Book]:
    """Return the core's and those of the plugins beside it."""
    found = [CORE]
    for folder in sorted(HERE.parents[1].glob("plugins/*/crmcore_*/locale")):
        brought = entry_points(group="crmcore.commands")
        commands = [each.load() for each in brought if each.module.split(".")[0] == folder.parent.name]
        found.append(Book(folder.parent, tuple(commands)))
    return found


def extracted(book: Book) -> Catalog:
    """Return a catalogue of all messages as they are in the code now, in the order of their texts."""
    name = book.package.name
    catalogue = Catalog(
        project=name, version="0.1", header_comment=f"# Messages of {name}, written by `make messages`.", fuzzy=False
    )
    texts = set(_in_code(book)) | {text for each in book.commands for text in helps(each)}
    if book is not CORE:
        texts -= {str(each.id) for each in stored(CORE)}
    for message in sorted(texts):
        catalogue.add(message)
    return catalogue


def _in_code(book: Book) -> Iterator[str]:
    for _file, _line, message, _comments, _context in extract_from_dir(
        book.package, method_map=[("**.py", "python")], keywords={"_": None, "_n": (1, 2)}
    ):
        yield from (text for text in (message if isinstance(message, tuple) else (message,)) if isinstance(text, str))


def helps(command: click.Command) -> Iterator[str]:
    """Yield the help of a command, its options and its subcommands, as it is looked up."""
    context = click.Context(command)
    texts = [command.help, *(each.help for each in command.params if isinstance(each, click.Option))]
    yield from (paragraphs(text) for text in texts if text)
    if command is crm:
        yield from (short for _path, short in COMMANDS.values())
        for name in COMMANDS:
            yield from helps(_found(crm, name, context))
    elif isinstance(command, Commands):
        yield from (short for _path, short in command.lazy.values())
        for name in command.lazy:
            yield from helps(_found(command, name, context))
    elif isinstance(command, click.Group):
        for each in command.commands.values():
            yield from helps(each)


def _found(group: click.Group, name: str, context: click.Context) -> click.Command:
    found = group.get_command(context, name)
    if found is None:
        raise LookupError(name)
    return found


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as gettext reads it."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def stored(book: Book) -> Catalog:
    """Return the Chinese catalogue as it is stored; an empty one where there is none yet."""
    if not book.catalogue.exists():
        return Catalog(locale="zh_CN", domain=book.package.name)
    with book.catalogue.open("rb") as file:
        return read_po(file, locale="zh_CN", domain=book.package.name)


def missing(catalogue: Catalog) -> list[Message]:
    """Return the messages that are not translated, or only guessed."""
    return [one for one in catalogue if one.id and (not one.string or one.fuzzy)]


def _write(catalogue: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, no_location=True, sort_output=True, omit_header=False)


def main() -> None:
    """Write templates, catalogues and compiled catalogues; name what is not translated."""
    for book in books():
        template, catalogue = extracted(book), stored(book)
        template.creation_date = template.revision_date = catalogue.creation_date
        catalogue.update(template, no_fuzzy_matching=True, keep_user_comments=True)
        catalogue.obsolete.clear()
        _write(template, book.template)
        _write(catalogue, book.catalogue)
        book.compiled.write_bytes(compiled(catalogue))
        for one in missing(catalogue):
            sys.stderr.write(f"not translated in {book.package.name}: {one.id!r}\n")


if __name__ == "__main__":
    main()
