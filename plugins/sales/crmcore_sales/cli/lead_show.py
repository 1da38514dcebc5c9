"""`crm sales lead list|show`."""

from typing import TYPE_CHECKING

import click

from crmcore.command import as_json, paged
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader, Session
    from crmcore_sales.leads.listing import LeadView


@click.command("list")
@click.option("--open", "open_", is_flag=True, help="Only those neither accepted nor rejected.")
@click.option("--pool", is_flag=True, help="Only those that are nobody's.")
@click.option("--waiting", is_flag=True, help="Only those without a word of ours.")
@click.option("--late", is_flag=True, help="Only those that leak: a clock of theirs has run out.")
@click.option("--status", default="", metavar="STATE", help="Only in this state: new, working, qualified, rejected.")
@click.option("--mine", is_flag=True, help="Only your own.")
@click.option("--owner", metavar="LOGIN", help="Only this user's.")
@click.option("--customer", metavar="ID|NAME")
@click.option("--contact", metavar="ID|NAME")
@click.option("--source", default="", metavar="NAME", help="Only from there: fair, web, referral.")
@click.option("--campaign", default="", metavar="NAME")
@click.option("--region", default="", metavar="NAME")
@paged
@as_json
def list_(
    open_: bool,
    pool: bool,
    waiting: bool,
    late: bool,
    status: str,
    mine: bool,
    owner: str | None,
    customer: str | None,
    contact: str | None,
    source: str,
    campaign: str,
    region: str,
    limit: int,
    after: int | None,
    json_: bool,
) -> None:
    """List leads, those that came last first."""
    from crmcore.api import party_id, print_json, print_table, session, tables, user_named
    from crmcore_sales.leads.leaking import about
    from crmcore_sales.leads.listing import Asked, page
    from crmcore_sales.leads.states import shown

    with session() as s, s.read() as reader:
        asked = Asked(
            open=open_,
            pool=pool,
            waiting=waiting,
            late=late,
            status=status,
            owner_id=s.actor.user_id if mine else user_named(reader, owner).id if owner else None,
            customer_id=party_id(reader, tables.customer, customer) if customer else None,
            contact_id=party_id(reader, tables.contact, contact) if contact else None,
            lead_source=source,
            campaign=campaign,
            region=region,
        )
        found = page(reader, asked, limit=limit, after=after)
        states = {one.status: shown(reader.definitions, one.status) for one in found}
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("lead"), _("about"), _("source"), _("status"), _("owner"), _("our first word"), _("returned")],
        [
            (
                one.id, one.title, about(one), one.lead_source, states[one.status], one.owner or "–", _word(one),
                one.returned or "",
            )
            for one in found
        ],
    )  # fmt: skip


def _word(one: "LeadView") -> str:
    if one.contacted_at is not None:
        return one.contacted_at.date().isoformat()
    return _("overdue") if one.late else ""


@click.command()
@click.argument("lead", metavar="ID|TITLE")
@as_json
def show(lead: str, json_: bool) -> None:
    """Show a lead with its clocks, and what speaks against calling or writing to them now: an open problem, a wish."""
    from crmcore.api import session

    with session() as s:
        _print_one(s, lead, json_)


def lead_meant(reader: "Reader", text: str) -> int:
    """Return the id of the lead that a text means: its id, or its title; raises `NotFound`, `InvalidInput`."""
    from crmcore.api import record_named
    from crmcore_sales.tables import lead

    return record_named(reader, lead, text, called=_("lead"))


def tell_lead(s: "Session", key: int, *, json_: bool) -> None:
    """Print a lead after it was changed: in one line, or as one JSON document."""
    from crmcore.api import print_json
    from crmcore_sales.leads.leaking import about
    from crmcore_sales.leads.listing import one
    from crmcore_sales.leads.states import shown

    with s.read() as reader:
        found = one(reader, key)
        state = shown(reader.definitions, found.status)
    if json_:
        print_json(found)
        return
    told = [f"{_('lead')} {found.id}: {found.title}", about(found), state, found.owner or _("in the pool")]
    if found.opportunity_id is not None:
        told.append(_("opportunity {id}").format(id=found.opportunity_id))
    click.echo(", ".join(each for each in told if each))


def _print_one(s: "Session", text: str, json_: bool) -> None:
    import attrs

    from crmcore.api import here, print_json, print_table
    from crmcore.reports.report import money
    from crmcore_sales.leads.leaking import about
    from crmcore_sales.leads.listing import one
    from crmcore_sales.leads.objecting import against
    from crmcore_sales.leads.states import shown

    with s.read() as reader:
        found, zone = one(reader, lead_meant(reader, text)), here(reader).zone
        state = shown(reader.definitions, found.status)
        terms = {one.code: one.label for one in reader.definitions.terms if one.label}
    with s.write() as tx:
        said = against(tx, found)
    if json_:
        print_json({**{each.name: getattr(found, each.name) for each in attrs.fields(type(found))}, "objections": said})
        return
    moments = (
        (_("came"), found.received_at), (_("assigned"), found.assigned_at), (_("our first word"), found.contacted_at),
        (_("needs an owner by"), found.owner_due), (_("needs our word by"), found.contact_due),
        (_("manager told"), found.escalated_at), (_("closed"), found.closed_at),
    )  # fmt: skip
    told: list[tuple[str, object]] = [
        (_("about"), about(found)),
        (_("status"), state),
        (_("owner"), found.owner or _("in the pool")),
        (_("amount"), money(found.amount, found.currency)),
        (_("wants"), " · ".join(found.wanted.values())),
        (_("source"), found.lead_source),
        (_("campaign"), found.campaign),
        (_("region"), found.region),
        *((name, at and at.astimezone(zone).strftime("%Y-%m-%d %H:%M")) for name, at in moments),
        (_("returned"), found.returned and f"{found.returned} × ({found.returned_by})"),
        (_("opportunity"), found.opportunity_id),
        (_("reason"), " – ".join(each for each in (terms.get(found.reason, found.reason), found.reason_note) if each)),
        (_("note"), found.note),
        *found.custom.items(),
    ]
    click.echo(f"{_('lead')} {found.id}: {found.title}  ({_('version')} {found.version})")
    print_table(["", ""], [(name, value) for name, value in told if value not in (None, "", 0)])
    for channel, several in said.items():
        for each in several:
            click.echo(f"{'✗' if each.blocks else '⚠'} {_(channel)}: {each.reason}")
