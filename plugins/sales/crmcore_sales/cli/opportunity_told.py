"""How an opportunity is shown: in a line, as a card, or to a program."""

from typing import TYPE_CHECKING, Any

import click

from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Session
    from crmcore_sales.pipeline.card import Card
    from crmcore_sales.pipeline.guidance import Guidance
    from crmcore_sales.pipeline.views import LineView, OpportunityView


def tell_opportunity(s: "Session", key: int, *, json_: bool) -> None:
    """Print an opportunity after it was changed: in one line, or as one JSON document."""
    from crmcore.api import NotFound, print_json
    from crmcore_sales.pipeline.views import view

    with s.read() as reader:
        found = view(reader, key)
    if found is None:
        raise NotFound(_("There is no opportunity {id}.").format(id=key))
    if json_:
        print_json(found)
        return
    click.echo(
        _("opportunity {id}: {title} — {stage}, {amount}, {odds}, version {version}").format(
            id=found.id,
            title=found.title,
            stage=found.stage,
            amount=_amount(found) or _("no amount"),
            odds=_("no odds") if found.probability is None else f"{found.probability}%",
            version=found.version,
        )
    )


def _amount(one: "OpportunityView") -> str:
    from crmcore.reports.report import money

    return money(one.amount, one.currency)


def print_list(found: "list[OpportunityView]") -> None:
    """Print opportunities as a table."""
    from crmcore.api import print_table

    print_table(
        [
            _("id"),
            _("title"),
            _("customer"),
            _("stage"),
            _("amount"),
            _("odds"),
            _("need by"),
            _("competitors"),
            _("owner"),
        ],
        [
            (
                one.id,
                one.title,
                one.customer.name if one.customer else one.contact.name if one.contact else "",
                one.stage,
                _amount(one),
                "" if one.probability is None else f"{one.probability}%",
                one.need_by,
                ", ".join(each.name for each in one.competitors),
                one.owner,
            )
            for one in found
        ],
    )


def print_card(card: "Card") -> None:
    """Print everything about an opportunity on one screen."""
    from crmcore.api import print_table
    from crmcore.reports.report import money
    from crmcore_sales.pipeline.people import role_names, support_names

    one, roles, supports = card.opportunity, role_names(), support_names()
    click.echo(f"{_('opportunity')} {one.id}: {one.title}  ({_('version')} {one.version})")
    print_table(["", ""], [(name, value) for name, value in _fields(one) if value not in (None, "")])
    if one.lines:
        print_table(
            [_("line"), _("product"), _("quantity"), _("price"), _("amount")], [_line(each) for each in one.lines]
        )
    if one.competitors:
        print_table(
            [_("competitor"), _("price"), ""],
            [(each.name, money(each.price), _("won it") if each.won else "") for each in one.competitors],
        )
    if one.roles:
        print_table(
            [_("person"), _("role"), _("support"), _("note")],
            [
                (each.contact.name, roles.get(each.role, each.role), supports.get(each.support), each.note)
                for each in one.roles
            ],
        )
    print_guidance(card.guidance)
    _print_stay(one, card.guidance)
    if card.history:
        print_table(
            [_("stage"), _("since"), _("until"), _("days"), _("who")],
            [(each.stage, each.entered_at.date(), each.left_at and each.left_at.date(), each.days, each.by)
             for each in card.history],
        )  # fmt: skip
    for way in card.ways:
        closed = _("  (not now: {why})").format(why="; ".join(way.why_not)) if way.why_not else ""
        click.echo(f"→ {way.to}{closed}")


def _fields(one: "OpportunityView") -> list[tuple[str, Any]]:
    from crmcore_sales.pipeline.guidance import status_names

    statuses = status_names()
    return [
        (_("customer"), one.customer and one.customer.name),
        (_("contact"), one.contact and one.contact.name),
        (_("owner"), ", ".join(each for each in (one.owner, one.agent) if each)),
        (_("stage"), f"{one.stage} ({statuses[one.status]})" if one.status != one.stage else one.stage),
        (_("amount"), _amount(one)),
        (_("odds"), "" if one.probability is None else f"{one.probability}%"),
        (_("category"), one.category),
        (_("need by"), one.need_by),
        (_("next step"), one.next_step),
        (_("region"), one.region),
        (_("campaign"), one.campaign),
        (_("lead source"), one.lead_source),
        (_("channel"), one.channel),
        (_("partner"), one.partner and one.partner.name),
        (_("must win"), (one.sponsor or _("yes")) if one.must_win else ""),
        (_("closed"), one.closed_on),
        (_("reason"), " – ".join(each for each in (one.reason, one.reason_note) if each)),
        (_("note"), one.note),
        *one.custom.items(),
        *one.details.items(),
    ]


def _line(one: "LineView") -> tuple[Any, ...]:
    from crmcore.reports.report import money

    what = f"{one.product.code} {one.product.name}" if one.product else one.text
    return one.id, what, f"{one.quantity.normalize():,f}", money(one.unit_price), money(one.amount)


def print_guidance(told: "Guidance") -> None:
    """Print the check list of a stage with what is done of it, its template, and whom to ask."""
    if told.of:
        done = _("{stage}: {done} of {of} steps done")
        click.echo(done.format(stage=told.label or told.stage, done=told.done, of=told.of))
        for step in told.steps:
            when = f"  {step.done_at.date()} {step.by}".rstrip() if step.done_at else ""
            click.echo(f"  [{'x' if step.done else ' '}] {step.number}. {step.text}{when}")
    for name, value in ((_("template"), told.template), (_("ask"), told.expert)):
        if value:
            click.echo(f"  {name}: {value}")


def _print_stay(one: "OpportunityView", told: "Guidance") -> None:
    if one.status == "open" and told.days is not None and one.days is not None and one.days > told.days:
        click.echo("  " + _("here for {days} days; {limit} are meant").format(days=one.days, limit=told.days))
