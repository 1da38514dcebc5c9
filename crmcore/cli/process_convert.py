"""`crm process convert`: notes with a tag become items of a process, one by one or all at once."""

import sys
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.errors import CrmError, InvalidInput
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.cli.session import Session
    from crmcore.workflow.tagged import Tagged


@click.command()
@click.argument("process")
@click.option(
    "--tag", "tags", multiple=True, required=True, metavar="WORD", help="Such as opportunity, or 商机; several."
)
@click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="A field, of every item.")
@click.option("--yes", is_flag=True, help="Convert all without asking.")
@click.option("--dry-run", is_flag=True, help="Only show what would become of what.")
@as_json
def convert(
    process: str, tags: tuple[str, ...], values: tuple[str, ...], yes: bool, dry_run: bool, json_: bool
) -> None:
    """Make items of a process from notes that carry a tag, such as #opportunity.

    Interactions, tasks and notes on customers and contacts; customer, contact, owner, title and date come from the
    note. Asks about each one, unless --yes is said. What was converted before is left alone.
    """
    from crmcore.cli.session import session
    from crmcore.workflow.moving import named
    from crmcore.workflow.tagged import tagged

    with session() as s:
        named(s.app.assembly.definitions, process)
        with s.read() as reader:
            found = list(tagged(reader, process, tags))
        if dry_run:
            _show(found, json_)
            return
        if not yes and not sys.stdin.isatty():
            raise InvalidInput(_("There is nobody to ask here: say --yes to convert all, or --dry-run to look first."))
        converted, skipped = _convert(s, process, found, values, yes=yes)
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


def _show(found: "list[Tagged]", json_: bool) -> None:
    if json_:
        print_json(found)
        return
    print_table(
        [_("from"), _("id"), _("date"), _("title"), _("item")],
        [(_(one.entity), one.id, one.at.date(), one.title, one.item_id) for one in found],
    )


def _convert(
    s: "Session", process: str, found: "list[Tagged]", values: tuple[str, ...], *, yes: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Convert each in a transaction of its own: one that is refused leaves the others."""
    from crmcore.workflow.converting import convert as convert_one
    from crmcore.workflow.moving import named
    from crmcore.workflow.said import values_said

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
                said = values_said(tx.definitions, tx.entities, named(tx.definitions, process), values)
                item = convert_one(tx, process, one, said, title=title)
                if not yes:
                    tx.spent["process_item", item.id] = monotonic() - began
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
