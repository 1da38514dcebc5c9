"""`crm service technician find`: which technician, and why (row S1-V23)."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from datetime import date

    from crmcore.api import Reader
    from crmcore_service.orders.choosing import Wanted


@click.command()
@click.option("--skill", metavar="NAME", help="What it takes; default: that of the order, or the product's model.")
@click.option("--level", type=click.IntRange(1, 5), help="How well; default: as the order says, else 1.")
@click.option("--near", metavar="PLACE", help="Where: a place, an address, or LATITUDE,LONGITUDE.")
@click.option("--asset", metavar="ID|SERIAL", help="At this installed product.")
@click.option("--order", metavar="ORDER", help="For this work order.")
@click.option("--on", metavar="DAY", help="On which day; default: tomorrow.")
@click.option("--within", type=click.IntRange(0, 20_000), metavar="KM", help="How near; default: each one's radius.")
@click.option("--minutes", type=click.IntRange(5, 10_000), help="For how long; default: service.visit_minutes.")
@as_json
@out_option
def find(
    skill: str | None,
    level: int | None,
    near: str | None,
    asset: str | None,
    order: str | None,
    on: str | None,
    within: int | None,
    minutes: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """Say who can do it, is free on a day and near enough, how often they fix it the first time; and why not others."""
    from crmcore.api import session

    with session() as s, s.read() as reader:
        print_choice(
            reader, skill=skill, level=level, near=near, asset=asset, order=order, on=on, within=within,
            minutes=minutes, json_=json_, out=out,
        )  # fmt: skip


def print_choice(
    reader: "Reader",
    *,
    skill: str | None = None,
    level: int | None = None,
    near: str | None = None,
    asset: str | None = None,
    order: str | None = None,
    on: str | None = None,
    within: int | None = None,
    minutes: int | None = None,
    json_: bool = False,
    out: Path | None = None,
) -> None:
    """Print who could come, the reasons, and all in a sentence."""
    from datetime import timedelta

    from attrs import asdict

    from crmcore.api import day_said, here
    from crmcore.reports.report import Column, Report, percent
    from crmcore.reports.showing import present
    from crmcore_service.orders.choosing import choose, sentence

    place = here(reader)
    day = day_said("--on", on, place.today) if on else place.today + timedelta(days=1)
    wanted = _wanted(reader, day, skill, level, near, asset, order, within, minutes)
    found = choose(reader, wanted)
    told = sentence(found, place.today)
    report = Report(
        title=told,
        columns=[
            Column(_("technician")), Column(_("level"), number=True), Column(_("valid until")),
            Column(_("free from")), Column(_("sets out from")), Column(_("km"), number=True),
            Column(_("first-fix"), number=True), Column(_("visits"), number=True), Column(_("against")),
        ],
        rows=[
            (
                one.login, one.level, one.until,
                one.starts_at.astimezone(place.zone).strftime("%H:%M") if one.starts_at else "", one.coming_from,
                None if one.km is None else f"{one.km:.1f}", percent(one.first_fix), one.visits, ", ".join(one.against),
            )
            for one in found.candidates
        ],
        data={"sentence": told, **asdict(found)},
    )  # fmt: skip
    present(report, json_=json_, out=out)


def _wanted(
    reader: "Reader",
    day: "date",
    skill: str | None,
    level: int | None,
    near: str | None,
    asset: str | None,
    order: str | None,
    within: int | None,
    minutes: int | None,
) -> "Wanted":
    from crmcore_service.assets.keeping import asset_named
    from crmcore_service.assets.places import place_named
    from crmcore_service.assets.views import one as asset_of
    from crmcore_service.model.spots import spot
    from crmcore_service.orders.choosing import Wanted
    from crmcore_service.orders.keeping import order_named
    from crmcore_service.orders.views import one as order_of

    job = order_of(reader, order_named(reader, order)) if order else None
    thing = asset_of(reader, asset_named(reader, asset)) if asset else None
    where = place_named(reader, near) if near else None
    for known in (job, thing):
        if where is None and known is not None:
            where = spot(known.place, known.latitude, known.longitude)
    said = skill or (job.skill if job else "") or (thing.model if thing else "")
    return Wanted(
        skill=said,
        level=level or (job.skill_level if job else None) or 1,
        where=where,
        on=day,
        within=within,
        minutes=minutes or int(reader.setting("service.visit_minutes")),
    )
