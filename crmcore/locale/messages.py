"""`make messages`: the template of all messages, the Chinese catalogue brought up to date and compiled, by Babel.

Messages are what stands in `_()` and `_n()`, the words of `words.py`, and the help of every command and option.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from crmcore.cli.root import COMMANDS, crm
from crmcore.command import paragraphs

HERE = Path(__file__).parent
TEMPLATE = HERE / "crmcore.pot"
CATALOGUE = HERE / "zh_CN" / "LC_MESSAGES" / "crmcore.po"
COMPILED = CATALOGUE.with_suffix(".mo")
_HEAD = "# Messages of crmcore, written by `make messages`."


def extracted() -> Catalog:
    """Return a catalogue of all messages as they are in the code now, in the order of their texts."""
    catalogue = Catalog(project="crmcore", version="0.1", header_comment=_HEAD, fuzzy=False)
    found = [
        message if isinstance(message, tuple) else (message,)
        for _file, _line, message, _comments, _context in extract_from_dir(
            HERE.parent, method_map=[("**.py", "python")], keywords={"_": None, "_n": (1, 2)}
        )
    ]
    for message in sorted({text for texts in found for text in texts if isinstance(text, str)} | set(helps(crm))):
        catalogue.add(message)
    return catalogue


def helps(command: click.Command) -> Iterator[str]:
    """Yield the help of a command, its options and its subcommands, as it is looked up."""
    context = click.Context(command)
    texts = [command.help, *(each.help for each in command.params if isinstance(each, click.Option))]
    yield from (paragraphs(text) for text in texts if text)
    if command is crm:
        yield from (short for _path, short in COMMANDS.values())
        for name in COMMANDS:
            yield from helps(_own(name, context))
    elif isinstance(command, click.Group):
        for each in command.commands.values():
            yield from helps(each)


def _own(name: str, context: click.Context) -> click.Command:
    found = crm.get_command(context, name)
    if found is None:
        raise LookupError(name)
    return found


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as gettext reads it."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def stored() -> Catalog:
    """Return the Chinese catalogue as it is stored."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_CN", domain="crmcore")


def missing(catalogue: Catalog) -> list[Message]:
    """Return the messages that are not translated, or only guessed."""
    return [one for one in catalogue if one.id and (not one.string or one.fuzzy)]


def _write(catalogue: Catalog, path: Path) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, no_location=True, sort_output=True, omit_header=False)


def main() -> None:
    """Write template, catalogue and compiled catalogue; name what is not translated."""
    template = extracted()
    template.creation_date = template.revision_date = stored().creation_date
    catalogue = stored()
    catalogue.update(template, no_fuzzy_matching=True, keep_user_comments=True)
    catalogue.obsolete.clear()
    _write(template, TEMPLATE)
    _write(catalogue, CATALOGUE)
    COMPILED.write_bytes(compiled(catalogue))
    for one in missing(catalogue):
        sys.stderr.write(f"not translated: {one.id!r}\n")


if __name__ == "__main__":
    main()
