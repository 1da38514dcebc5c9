"""What plugins' commands are made of, cheap to import: groups that import a command only to run it, and messages.

All else that a command needs comes from `crmcore.api`, imported within the command: help then costs nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import click

from crmcore.i18n import speaking, translator

__all__ = ["RECORD_ID", "Commands", "Translate", "as_json", "messages", "paged", "paragraphs", "speaking", "translated"]

C = TypeVar("C", bound=click.Command)
F = TypeVar("F", bound=Callable[..., Any])
Translate = Callable[[str], str]
"""Gives a message in the user's language."""

as_json = click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
RECORD_ID = click.IntRange(1, 2**63 - 1)
"""The type of an argument or option that is the id of a record."""


def paged(function: F) -> F:
    """Add the options of every list: --limit and --after."""
    limit = click.option(
        "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most."
    )
    after = click.option(
        "--after", type=click.IntRange(0, 2**63 - 1), metavar="ID", help="Go on after this record (the last one shown)."
    )
    return limit(after(function))


def messages(package: str, folder: Path) -> Translate:
    """Return the `_` of a plugin: its messages come from the catalogue `package` in the folder `locale`.

    `folder` is that of the package: `locale/zh_CN/LC_MESSAGES/<package>.mo` lies below it. Values are filled in after
    translation: ``_("{n} deals").format(n=3)``. A message that it does not have is looked up in the core's.
    """
    return partial(translator, package, folder / "locale")


class Commands(click.Group):
    """A group whose commands lie elsewhere: by name, `module:attribute` and a line of help, known without an import.

    `translate` gives the help in the user's language.
    """

    def __init__(
        self, *args: Any, lazy: Mapping[str, tuple[str, str]] | None = None, translate: Translate = str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = dict(lazy or {})
        self.translate = translate

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in their order."""
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        module, _colon, attribute = self.lazy[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return translated(command, self.translate)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section(self.translate("Commands")):
            formatter.write_dl(list(self.summaries(ctx)))

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the user's language."""
        super(Commands, translated(self, self.translate)).format_help(ctx, formatter)

    def summaries(self, ctx: click.Context) -> Iterator[tuple[str, str]]:
        """Yield each command's name and its line of help."""
        for name in self.list_commands(ctx):
            if name in self.lazy:
                yield name, self.translate(self.lazy[name][1])
            elif (command := self.get_command(ctx, name)) is not None:
                yield name, translated(command, self.translate).get_short_help_str(limit=ctx.terminal_width or 100)


def translated(command: C, translate: Translate) -> C:
    """Return a copy of a command whose help, and that of its options and subcommands, is in the user's language."""
    twin = copy(command)
    if command.help:
        key = paragraphs(command.help)
        twin.help = translate(key)
        twin.short_help = twin.short_help or _sentence(twin.help)  # click's own is cut where the line ends
    twin.params = [
        _translated_option(each, translate) if isinstance(each, click.Option) else each for each in command.params
    ]
    if isinstance(twin, click.Group) and isinstance(command, click.Group):
        twin.commands = {name: translated(each, translate) for name, each in command.commands.items()}
    return twin


def _sentence(text: str) -> str:
    """Return the first sentence of a help text; Chinese has a full stop of its own."""
    first = text.partition("\n\n")[0].partition("。")[0]
    return first.partition(". ")[0] + "." if ". " in first else first


def _translated_option(option: click.Option, translate: Translate) -> click.Option:
    twin = copy(option)
    twin.help = translate(paragraphs(option.help)) if option.help else option.help
    return twin


def paragraphs(text: str) -> str:
    """Return a help text with each paragraph on one line: its key in the catalogue, however the source is broken."""
    return "\n\n".join(" ".join(each.split()) for each in text.split("\n\n"))
