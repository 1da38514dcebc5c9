"""`crm sales evidence`: what was learned about deals, whichever method asks for it."""

from typing import TYPE_CHECKING, Any

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmcore_sales.methods.learning import EvidenceView

_KIND = click.Choice(["need", "commitment", "result", "win", "metric", "criterion", "step"])


@click.group()
def evidence() -> None:
    """Keep, list, change and remove what was learned about deals: needs, criteria, results, who said so and when."""


@evidence.command()
@click.argument("deal", metavar="ID|TITLE")
@click.argument("kind", type=_KIND)
@click.argument("text")
@click.option("--who", metavar="ID|NAME", help="Who of them said it.")
@click.option("--on", metavar="DATE", help="When; default: today.")
@click.option(
    "--from", "interaction_id", type=RECORD_ID, metavar="ID", help="The interaction it comes from: tells who, when."
)
@as_json
def add(
    deal: str, kind: str, text: str, who: str | None, on: str | None, interaction_id: int | None, json_: bool
) -> None:
    """Keep something learned about a deal."""
    from crmcore.api import day_said, here, party_id, session, tables
    from crmcore_sales.methods import learning
    from crmcore_sales.pipeline.finding import opportunity_id

    with session() as s:
        with s.write() as tx:
            added = learning.add(
                tx,
                opportunity_id(tx, deal),
                kind,
                text,
                contact_id=party_id(tx, tables.contact, who) if who else None,
                said_on=day_said("--on", on, here(tx).today) if on else None,
                interaction_id=interaction_id,
            )
        with s.read() as reader:
            found = learning.page(reader, limit=1, after=added.id - 1)
    _print(found, json_, one=True)


@evidence.command("list")
@click.argument("deal", metavar="[ID|TITLE]", required=False)
@click.option("--kind", type=_KIND, help="Only this kind.")
@paged
@as_json
def list_(deal: str | None, kind: str | None, limit: int, after: int | None, json_: bool) -> None:
    """List what was learned about a deal, or about all."""
    from crmcore.api import session
    from crmcore_sales.methods import learning
    from crmcore_sales.pipeline.finding import opportunity_id

    with session() as s, s.read() as reader:
        about = opportunity_id(reader, deal) if deal else None
        found = learning.page(reader, opportunity_id=about, kind=kind or "", limit=limit, after=after)
    _print(found, json_)


@evidence.command()
@click.argument("evidence_id", type=RECORD_ID, metavar="ID")
@click.option("--kind", type=_KIND)
@click.option("--text")
@click.option("--who", metavar="ID|NAME", help="Empty: nobody.")
@click.option("--on", metavar="DATE")
@as_json
def edit(evidence_id: int, who: str | None, on: str | None, json_: bool, **given: str | None) -> None:
    """Change what was kept."""
    from crmcore.api import day_said, here, party_id, session, tables
    from crmcore_sales.methods import learning

    with session() as s:
        with s.write() as tx:
            wanted: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
            if who is not None:
                wanted["contact_id"] = party_id(tx, tables.contact, who) if who else None
            if on is not None:
                wanted["said_on"] = day_said("--on", on, here(tx).today)
            learning.edit(tx, evidence_id, wanted)
        with s.read() as reader:
            found = learning.page(reader, limit=1, after=evidence_id - 1)
    _print(found, json_, one=True)


@evidence.command()
@click.argument("evidence_id", type=RECORD_ID, metavar="ID")
def remove(evidence_id: int) -> None:
    """Remove a piece of evidence; what it said stays in the journal."""
    from crmcore.api import session, tell
    from crmcore_sales.model.evidence import Evidence

    with session() as s, s.write() as tx:
        tx.remove(tx.get(Evidence, evidence_id))
    tell(_("Evidence {id} is removed.").format(id=evidence_id))


def _print(found: "Iterable[EvidenceView]", json_: bool, *, one: bool = False) -> None:
    from crmcore.api import print_json, print_table

    listed = list(found)
    if json_:
        print_json(listed[0] if one else listed)
        return
    print_table(
        [_("id"), _("deal"), _("kind"), _("what"), _("who"), _("on")],
        [(each.id, each.opportunity_id, _(each.kind), each.text, each.contact, each.said_on) for each in listed],
    )
