"""How campaigns are shown: in a line, as a table with their figures, or to a program."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from decimal import Decimal

    from crmcore.api import Reader, Session
    from crmcore.reports.report import Report
    from crmcore_marketing.attribution.figures import Figures
    from crmcore_marketing.campaigns.views import CampaignView


def print_changed(s: "Session", key: int, *, json_: bool) -> None:
    """Print a campaign after it was changed: in one line, or as one JSON document."""
    from crmcore.api import print_json
    from crmcore_marketing.campaigns.views import view

    with s.read() as reader:
        found = view(reader, key)
        if json_:
            print_json(data(found, figures_of(reader, [found])[key]))
            return
    click.echo(
        _("campaign {id}: {name} — {status}, version {version}").format(
            id=found.id, name=f"{found.code} {found.name}".strip(), status=_(found.status), version=found.version
        )
    )


def figures_of(reader: "Reader", found: "Sequence[CampaignView]") -> "Mapping[int, Figures]":
    """Return what campaigns, each with those below it, cost and brought."""
    from crmcore_marketing.attribution.figures import figures

    return figures(reader, [one.id for one in found])


def data(one: "CampaignView", brought: "Figures") -> dict[str, Any]:
    """Return a campaign with its figures, as `--json` prints it."""
    import attrs

    told = {each.name: getattr(one, each.name) for each in attrs.fields(type(one))}
    return {**told, **attrs.asdict(brought)}


def listed(found: "Sequence[CampaignView]", brought: "Mapping[int, Figures]") -> "Report":
    """Return campaigns as a table: what each cost and brought, with all below it."""
    from decimal import Decimal

    from crmcore.reports.report import Column, Report

    numbers = (_("plan"), _("cost"), _("members"), _("answers"), _("leads"), _("won"), _("revenue"))
    currency = next((one.currency for one in brought.values()), "")
    return Report(
        title=_("Campaigns"),
        columns=[
            Column(_("id")), Column(_("campaign")), Column(_("status")), *(Column(one, number=True) for one in numbers)
        ],
        rows=[(str(one.id), _called(one), _(one.status), *_numbers(brought[one.id])) for one in found],
        bars=[
            (_called(one).strip(), brought[one.id].revenue or Decimal(0)) for one in found if brought[one.id].revenue
        ],
        notes=(_("Each with all campaigns below it; amounts in {currency}. Bars: revenue.").format(currency=currency),)
        if found
        else (),
        data=[data(one, brought[one.id]) for one in found],
    )  # fmt: skip


def _called(one: "CampaignView") -> str:
    """Return the code and name, as far to the right as a tree has it."""
    name = one.name.lstrip()
    return one.name[: len(one.name) - len(name)] + f"{one.code} {name}".lstrip()


def _numbers(brought: "Figures") -> tuple[Any, ...]:
    return (
        plain(brought.planned_cost), plain(brought.cost), brought.members, brought.responses, brought.leads,
        brought.won, plain(brought.revenue),
    )  # fmt: skip


def plain(amount: "Decimal | None") -> "Decimal | None":
    """Return an amount without the cents it has not."""
    return amount.quantize(1) if amount is not None and amount == amount.to_integral_value() else amount


def print_card(one: "CampaignView", brought: "Figures") -> None:
    """Print a campaign for a person: what is known of it, a line each."""
    from crmcore.api import print_table
    from crmcore.reports.report import money

    span = " – ".join(each.isoformat() for each in (one.starts_on, one.ends_on) if each)
    fields = (
        (_("type"), one.type), (_("status"), _(one.status)), (_("parent"), one.parent and one.parent.name),
        (_("below it"), one.children or ""), (_("programme"), one.programme and one.programme.name),
        (_("owner"), one.owner), (_("days"), span), (_("place"), one.place), (_("channel"), one.channel),
        (_("industry"), one.industry), (_("products"), ", ".join(one.products)),
        (_("planned cost"), money(brought.planned_cost, brought.currency)),
        (_("cost"), money(brought.cost, brought.currency)),
        (_("planned revenue"), money(one.plan.revenue, one.plan.currency)),
        (_("members"), brought.members), (_("responses"), brought.responses), (_("leads"), brought.leads),
        (_("won"), brought.won), (_("revenue"), money(brought.revenue, brought.currency)),
        *((_(name), value) for name, value in one.outcome.items()),
        (_("note"), one.note), *one.custom.items(), *one.details.items(),
    )  # fmt: skip
    click.echo(
        f"{_('campaign')} {one.id}: {f'{one.code} {one.name}'.strip()}  ({_('version')} {one.version})"
    )  # fmt: skip
    print_table(["", ""], [(name, value) for name, value in fields if value not in (None, "")])
