"""`crm marketing qualify`: keep what somebody answered, or a file of such answers."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from crmcore.api import Transaction
    from crmcore_marketing.qualifying.handing import Handed
    from crmcore_marketing.qualifying.keeping import Kept
    from crmcore_marketing.qualifying.reading import Read


@click.command()
@click.argument("who", required=False, default="", metavar="[MEMBER|CONTACT]")
@click.option("--campaign", default="", metavar="CAMPAIGN", help="In which they were asked.")
@click.option("--need", default="", metavar="TEXT", help="What they need.")
@click.option("--product", default="", metavar="TEXT", help="A product's code, or what it is in words.")
@click.option("--quantity", metavar="NUMBER")
@click.option("--by", "need_by", metavar="DATE", help="When they need it: 2027-01-15, “15 Jan”, 下月底.")
@click.option("--budget", metavar="AMOUNT", help="What they have for it: 160万, $40k.")
@click.option("--again", metavar="DATE", help="When they want to be asked again.")
@click.option("--none", "nothing", is_flag=True, help="They need nothing.")
@click.option("--note", default="", metavar="TEXT")
@click.option("--agent", metavar="LOGIN", help="Who asked; default: you.")
@click.option("--at", metavar="TIME", help="When; default: now.")
@click.option("--owner", metavar="LOGIN", help="Whose lead it is to be; default: nobody's yet.")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A table: contact, need, product, quantity, need by, budget, again on, agent, note.",
)
@as_json
def qualify(
    who: str,
    campaign: str,
    need: str,
    product: str,
    quantity: str | None,
    need_by: str | None,
    budget: str | None,
    again: str | None,
    nothing: bool,
    note: str,
    agent: str | None,
    at: str | None,
    owner: str | None,
    file: Path | None,
    json_: bool,
) -> None:
    """Keep what somebody answered: what they need, how much, by when, for what money.

    A need within the days that the setting marketing.need_days says (92) is handed over to whoever follows leads; a
    later one becomes a task to ask again. A member is named by its id, a contact by id, name or e-mail address.
    """
    from crmcore.api import InvalidInput, owner_named, session
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.qualifying.handing import hand_over
    from crmcore_marketing.qualifying.keeping import keep

    given = (need, product, quantity, need_by, budget, again, note, at)
    if bool(who) == (file is not None):
        raise InvalidInput(_("Say who answered, or the --file of answers."))
    if file is not None and (any(given) or nothing):
        raise InvalidInput(_("With --file each answer stands in the file."))
    if file is None and nothing == any((need, product, quantity, need_by, budget, again)):
        raise InvalidInput(_("Say what they need, when to ask again, or --none."))
    with session() as s, s.write() as tx:
        agent_id = owner_named(tx, agent) if agent else None
        campaign_id = campaign_named(tx, campaign) if campaign else None
        if file is not None:
            found = _of_file(tx, file, agent_id)
        else:
            asked, of = _of_one(tx, who, *given, agent_id=agent_id)
            campaign_id, found = campaign_id or of, asked
        kept = keep(tx, found.asked, campaign_id=campaign_id, source=file.name if file else "")
        if kept.rejected and file is None:
            raise InvalidInput(kept.rejected[0].reason)
        handed = hand_over(tx, kept.qualifications, owner_named(tx, owner) if owner else None)
    _tell(found, kept, handed, file, json_=json_)


def _of_file(tx: "Transaction", file: Path, agent_id: int | None) -> "Read":
    import attrs

    from crmcore.api import here
    from crmcore_marketing.qualifying.reading import forms, resolved

    place = here(tx)
    rows, refused = forms(file, {"region": place.region, "zone": str(place.zone)})
    found = resolved(tx, rows, agent_id=agent_id)
    return attrs.evolve(found, rejected=sorted((*refused, *found.rejected), key=lambda one: one.line))


def _of_one(
    tx: "Transaction",
    who: str,
    need: str,
    product: str,
    quantity: str | None,
    need_by: str | None,
    budget: str | None,
    again: str | None,
    note: str,
    at: str | None,
    *,
    agent_id: int | None,
) -> "tuple[Read, int | None]":
    """Return what one person answered, and the campaign of the member that was named."""
    from crmcore.api import day_said, here, moment_said, money_said
    from crmcore_marketing.qualifying.judging import Answers
    from crmcore_marketing.qualifying.keeping import Asked
    from crmcore_marketing.qualifying.reading import Read, member_or_contact

    contact_id, campaign_id = member_or_contact(tx, who)
    today = here(tx).today
    amount, currency = money_said("--budget", budget) if budget else (None, "")
    answers = Answers(
        need=need,
        product=product,
        quantity=_number(quantity) if quantity else None,
        need_by=day_said("--by", need_by, today) if need_by else None,
        budget=amount,
        currency=currency,
        again_on=day_said("--again", again, today) if again else None,
    )
    moment = moment_said("--at", at, here(tx)) if at else None
    asked: Sequence[Asked] = [Asked(contact_id=contact_id, answers=answers, agent_id=agent_id, at=moment, note=note)]
    return Read(asked=asked), campaign_id


def _number(text: str) -> "Decimal":
    from decimal import Decimal, InvalidOperation

    from crmcore.api import InvalidInput

    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or value < 0:
        raise InvalidInput(_("“{text}” is no number of pieces.").format(text=text))
    return value


def _tell(found: "Read", kept: "Kept", handed: "Handed", file: Path | None, *, json_: bool) -> None:
    from crmcore.api import print_json, tell

    rejected = sorted((*found.rejected, *kept.rejected), key=lambda one: one.line)
    if json_:
        print_json(
            {
                "now": kept.now,
                "later": kept.later,
                "none": kept.none,
                "rejected": [{"line": one.line, "reason": one.reason, "who": one.raw} for one in rejected],
                "qualifications": [one.id for one in kept.qualifications],
                "handed": [{"entity": entity, "id": key} for entity, key in handed.taken],
                "in_hand": handed.already,
                "waiting": handed.waiting,
                "taken_by": handed.taker,
            }
        )
        return
    for one in rejected:
        tell(_("{file}, line {line}: {reason}").format(file=file, line=one.line, reason=one.reason))
    click.echo(
        _(
            "{now} need something now, {later} are asked again on a day, {none} need nothing, {rejected} rejected."
        ).format(now=kept.now, later=kept.later, none=kept.none, rejected=len(rejected))
    )
    tell_handed(handed)


def tell_handed(handed: "Handed") -> None:
    """Say what was handed over to whom, or that nobody takes over."""
    if handed.waiting:
        click.echo(
            _(
                "Nobody here goes on with the {n} who need something now: no plugin that does is enabled, as sales is."
                " `crm marketing qualification hand-over` does it later."
            ).format(n=handed.waiting)
        )
    elif handed.taker:
        click.echo(
            _("Handed over: {n} as {what}; {already} were in hand already.").format(
                n=len(handed.taken), what=handed.taker, already=handed.already
            )
        )
