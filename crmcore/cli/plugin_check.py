"""`crm plugin check`: whether a plugin keeps the rules."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.conformance.examining import Result


@click.command()
@click.argument("name", metavar="NAME|PATH")
@click.option(
    "--level",
    type=click.Choice(["bronze", "silver", "gold"]),
    default="bronze",
    show_default=True,
    help="How much to ask: each level has the rules of those before it.",
)
@as_json
def check(name: str, level: str, json_: bool) -> None:
    """Check that a plugin keeps the rules: one that is installed, or the folder of one that is not.

    It is tried in workspaces of its own; yours is not touched. Ends with exit code 1 when a rule is broken.
    """
    results = _examined(name, level)
    if json_:
        print_json(
            [
                {
                    "rule": one.rule.name,
                    "level": one.rule.level,
                    "title": one.rule.title,
                    "state": one.state,
                    "problems": list(one.problems) or ([one.unasked] if one.unasked else []),
                }
                for one in results
            ]
        )
    else:
        print_table(
            [_("level"), _("rule"), _("state"), _("it")],
            [(_(one.rule.level), one.rule.name, _(one.state), _(one.rule.title)) for one in results],
        )
        for one in results:
            for problem in one.problems:
                click.echo(f"{one.rule.name}: {problem}")
    broken = sum(one.state == "violated" for one in results)
    if broken:
        tell(_("{name} breaks {n} rules of {all}.").format(name=name, n=broken, all=len(results)))
        sys.exit(1)
    tell(_("{name} keeps all {all} rules up to {level}.").format(name=name, all=len(results), level=_(level)))


def _examined(name: str, level: str) -> "list[Result]":
    from contextlib import ExitStack
    from itertools import count
    from tempfile import TemporaryDirectory

    from crmcore.conformance.examining import Examination
    from crmcore.conformance.placing import placed
    from crmcore.conformance.rules import rules
    from crmcore.conformance.subject import Subject

    with ExitStack() as stack:
        folder, numbers = stack.enter_context(TemporaryDirectory(prefix="crm-check-")), count(1)
        places: tuple[str, ...] = ()
        if "/" in name or "\\" in name or Path(name).is_dir():
            name, places = stack.enter_context(placed(Path(name).resolve()))
        subject = Subject(name, lambda: f"sqlite:///{folder}/{next(numbers)}.db", places)
        examination = Examination(subject)
        return [examination.result(each) for each in rules(level)]
