"""Making records of tagged notes: shown first, then one by one as a person says, or all at once."""

import sys
from collections.abc import Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from crmcore.cli.output import print_json, print_table, tell
from crmcore.errors import CrmError, InvalidInput
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.cli.session import Session
    from crmcore.engine.transaction import Transaction
    from crmcore.workflow.tagged import Tagged

Make = Callable[["Transaction", "Tagged", str], Any]
"""Makes a record, which has a title, of a note; with a title of a person's own where the text is not empty."""


def show_tagged(found: "Sequence[Tagged]", *, json_: bool) -> None:
    """Print what would become of what."""
    if json_:
        print_json(found)
        return
    print_table(
        [_("from"), _("id"), _("date"), _("title"), _("item")],
        [(_(one.entity), one.id, one.at.date(), one.title, one.item_id) for one in found],
    )


def convert_all(s: "Session", found: "Sequence[Tagged]", make: Make, *, yes: bool, json_: bool) -> None:
    """Make a record of each, asking about each one unless `yes`, and print what was done.

    Raises `InvalidInput` where there is nobody to ask.
    """
    if not yes and not sys.stdin.isatty():
        raise InvalidInput(_("There is nobody to ask here: say --yes to convert all, or --dry-run to look first."))
    converted, skipped = _convert(s, found, make, yes=yes)
    if json_:
        print_json({"found": len(found), "converted": converted, "skipped": skipped})
        return
    for one in skipped:
        click.echo(f"{_(one['entity'])} {one['id']}: {one['reason']}")
    click.echo(
        _("{found} notes with the tag: {converted} converted, {skipped} skipped.").format(
            found=len(found), converted=len(converted), skipped=len(skipped)
        )
    )


def _convert(
    s: "Session", found: "Sequence[Tagged]", make: Make, *, yes: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Convert each in a transaction of its own: one that is refused leaves the others."""
    converted: list[dict[str, Any]] = []
    skipped: list[dict[str, Any]] = []
    asking = not yes
    for place, one in enumerate(found, 1):
        source = {"entity": one.entity, "id": one.id}
        if one.item_id is not None:
            skipped.append({**source, "reason": _("converted already: item {id}").format(id=one.item_id)})
            continue
        title, began = "", monotonic()
        if asking:
            answer, title = _ask(one, place, len(found))
            if answer == "q":
                skipped += [
                    {"entity": rest.entity, "id": rest.id, "reason": _("not asked about")}
                    for rest in found[place - 1 :]
                ]
                break
            if answer == "n":
                skipped.append({**source, "reason": _("declined")})
                continue
            asking = answer != "a"
        try:
            with s.write() as tx:
                item = make(tx, one, title)
                if not yes:
                    tx.spent[tx.entities.of(type(item)).name, item.id] = monotonic() - began
        except CrmError as error:
            skipped.append({**source, "reason": str(error)})
            continue
        converted.append({**source, "item": item.id, "title": item.title})
    return converted, skipped


def _ask(one: "Tagged", place: int, many: int) -> tuple[str, str]:
    """Return what a person says to a note: y(es), n(o), a(ll), q(uit); and a title of their own."""
    tell(f"\n{place}/{many}  {one.at.date()}  {_(one.entity)} {one.id}")
    tell(f"    {' '.join(one.text.split())[:300]}")
    tell(_("    becomes: {title}").format(title=one.title))
    asked = _("Convert? [y]es, [n]o, [t]itle, [a]ll from here, [q]uit")
    answer = click.prompt(
        asked, type=click.Choice(["y", "n", "t", "a", "q"]), default="y", err=True, show_choices=False
    )
    if answer == "t":
        return "y", click.prompt(_("Title"), default=one.title, err=True)
    return answer, ""
