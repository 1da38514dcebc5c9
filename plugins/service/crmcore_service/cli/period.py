"""The options of reports over a period: --from and --to, days in the workspace's zone."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from crmcore.api import Reader

F = TypeVar("F", bound=Callable[..., Any])


def over_days(function: F) -> F:
    """Add the options `since` and `until`."""
    since = click.option("--from", "since", default="", metavar="DAY", help="First day, such as 2026-11-01.")
    until = click.option("--to", "until", default="", metavar="DAY", help="Last day.")
    return since(until(function))


def days(reader: "Reader", since: str | None, until: str | None) -> tuple[date | None, date | None]:
    """Return the first and the last day; raises `InvalidInput` for what is no day, and for a period that is none."""
    from crmcore.api import InvalidInput, day_said, here
    from crmcore_service.i18n import _

    today = here(reader).today
    first = day_said("--from", since, today) if since else None
    last = day_said("--to", until, today) if until else None
    if first is not None and last is not None and last < first:
        raise InvalidInput(_("The period ends before it begins."))
    return first, last
