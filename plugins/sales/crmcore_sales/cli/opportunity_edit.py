"""`crm sales opportunity add|edit|remove`."""

from typing import Any

import click

from crmcore.command import as_json
from crmcore_sales.cli.opportunity_said import assign_said, details, fields_said
from crmcore_sales.cli.opportunity_told import tell_opportunity
from crmcore_sales.i18n import _


@click.command()
@click.argument("customer")
@click.argument("title", required=False, default="")
@click.option("--contact", metavar="ID|NAME", help="With whom.")
@click.option(
    "--line", "lines", multiple=True, metavar="LINE", help="[QUANTITY] PRODUCT [@PRICE], such as “200 RT-100”."
)
@click.option("--words", is_flag=True, help="Lines are words, not products of the catalogue.")
@click.option("--competitor", "competitors", multiple=True, metavar="NAME", help="Who else is in it.")
@click.option("--currency", metavar="CODE", help="Default: the workspace's.")
@click.option("--stage", metavar="STAGE", help="Default: the first.")
@click.option("--owner", metavar="LOGIN", help="Whose it is; default: your own.")
@details
@as_json
def add(customer: str, title: str, json_: bool, **given: Any) -> None:
    """Add an opportunity of a customer; a person's name does, too, and the firm is theirs.

    All but the customer may be left out: the title is the first line, the amount what the lines come to at list
    price, the odds those of the stage.
    """
    from crmcore.api import party_id, session, tables
    from crmcore_sales.pipeline.editing import Beginning, begin
    from crmcore_sales.pipeline.finding import whom
    from crmcore_sales.pipeline.guidance import pipeline, stage_said
    from crmcore_sales.pipeline.lines import line_said

    with session() as s:
        with s.write() as tx:
            customer_id, contact_id, filled = whom(tx, customer)
            said = fields_said(tx, given)
            known = {name: said.pop(name, None) for name in ("amount", "probability", "need_by", "owner_id")}
            record = begin(
                tx,
                Beginning(
                    title=title,
                    customer_id=customer_id,
                    contact_id=party_id(tx, tables.contact, given["contact"]) if given["contact"] else contact_id,
                    stage=stage_said(pipeline(tx.definitions), given["stage"]).name if given["stage"] else "",
                    currency=(said.pop("currency", "") or given["currency"] or "").upper(),
                    lines=[line_said(one) for one in given["lines"]],
                    words=given["words"],
                    competitors=given["competitors"],
                    fields=said,
                    filled=filled,
                    **known,
                ),
            )
            assign_said(tx, record, given["values"])
        tell_opportunity(s, record.id, json_=json_)


@click.command()
@click.argument("opportunity", metavar="ID|TITLE")
@click.option("--title", metavar="TEXT")
@click.option("--customer", metavar="ID|NAME")
@click.option("--contact", metavar="ID|NAME")
@click.option("--owner", metavar="LOGIN")
@click.option("--currency", metavar="CODE")
@click.option("--competitor", "competitors", multiple=True, metavar="NAME", help="Who else is in it.")
@click.option("--version", type=int, metavar="N", help="The version you read; what others changed is not overwritten.")
@details
@as_json
def edit(opportunity: str, json_: bool, **given: Any) -> None:
    """Change an opportunity; what is not said stays."""
    from crmcore.api import Conflict, party_id, session, tables
    from crmcore_sales.model.opportunity import Opportunity
    from crmcore_sales.pipeline.finding import opportunity_id
    from crmcore_sales.pipeline.rivals import meet

    with session() as s:
        with s.write() as tx:
            key = opportunity_id(tx, opportunity)
            record = tx.get(Opportunity, key)
            if given["version"] is not None and given["version"] != record.version:
                raise Conflict(
                    _("Opportunity {id} is at version {now}, not {read}: somebody changed it.").format(
                        id=key, now=record.version, read=given["version"]
                    ),
                    {},
                )
            said = fields_said(tx, given)
            for option, table in (("customer", tables.customer), ("contact", tables.contact)):
                if given[option]:
                    said[f"{option}_id"] = party_id(tx, table, given[option])
            if given["title"]:
                said["title"] = given["title"].strip()
            if given["currency"]:
                said["currency"] = given["currency"].upper()
            for name, value in said.items():
                setattr(record, name, value)
            assign_said(tx, record, given["values"])
            for name in given["competitors"]:
                meet(tx, record, name)
        tell_opportunity(s, key, json_=json_)


@click.command()
@click.argument("opportunity", metavar="ID|TITLE")
def remove(opportunity: str) -> None:
    """Remove an opportunity entered by mistake, with its lines; `crm history` still has them."""
    from crmcore.api import session, tell
    from crmcore_sales.model.opportunity import Opportunity
    from crmcore_sales.pipeline.editing import remove as take_away
    from crmcore_sales.pipeline.finding import opportunity_id

    with session() as s, s.write() as tx:
        record = tx.get(Opportunity, opportunity_id(tx, opportunity))
        take_away(tx, record)
    tell(_("Opportunity {id} “{title}” is removed.").format(id=record.id, title=record.title))
