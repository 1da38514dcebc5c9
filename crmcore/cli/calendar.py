"""`crm calendar`: the hours in which this company works, and time reckoned in them."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.calendars.calendar import Calendar
    from crmcore.calendars.hours import Spans

_SHOWN = 40


@click.group()
def calendar() -> None:
    """List business calendars, take in holidays, and explain when something is due."""


@calendar.command("list")
@as_json
def list_(json_: bool) -> None:
    """List the calendars of this workspace: its own first, those that are defined, and always."""
    from crmcore.calendars.named import calendars
    from crmcore.cli.session import session

    with session() as s, s.read() as reader:
        found = [_told(name, one, reader.now) for name, one in calendars(reader).items()]
    if json_:
        print_json(found)
        return
    print_table(
        [_("business calendar"), _("zone"), _("business hours"), _("holidays"), _("at work now")],
        [
            (
                one["name"] or _("(this workspace's)"),
                one["zone"],
                "; ".join(f"{days} {hours}" for days, hours in one["hours"].items()),
                len(one["holidays"]),
                _("yes") if one["open"] else "",
            )
            for one in found
        ],
    )


@calendar.command()
@click.argument("name", required=False, default="")
@as_json
def show(name: str, json_: bool) -> None:
    """Show the calendar NAME, or this workspace's own: its hours, holidays, and days that are worked otherwise."""
    from crmcore.calendars.named import calendar_named
    from crmcore.cli.session import session
    from crmcore.directory.moments import here

    with session() as s, s.read() as reader:
        found = _told(name, calendar_named(reader, name), reader.now)
        zone = here(reader).zone
    if json_:
        print_json(found)
        return
    rows = [(_("zone"), found["zone"])]
    rows += [(days, hours) for days, hours in found["hours"].items()]
    rows += [(day, _("holiday")) for day in found["holidays"]]
    rows += [(day, hours or _("holiday")) for day, hours in found["workdays"].items()]
    opens = f"{found['opens_at'].astimezone(zone):%Y-%m-%d %H:%M}"
    rows.append((_("at work now"), _("yes") if found["open"] else _("no, from {at}").format(at=opens)))
    print_table(["", ""], rows)


@calendar.command("import")
@click.argument("name")
@click.argument("file", metavar="FILE.ics", type=click.Path(path_type=Path, dir_okay=False))
@as_json
def import_(name: str, file: Path, json_: bool) -> None:
    """Take the whole days of an iCalendar FILE into the calendar NAME as holidays. Needs an administrator."""
    from crmcore.calendars.holidays import holidays, said
    from crmcore.calendars.hours import days
    from crmcore.cli.session import session
    from crmcore.configuring.apply import apply
    from crmcore.definitions import store
    from crmcore.definitions.reading import read_text
    from crmcore.definitions.writing import written
    from crmcore.errors import NotFound

    with session() as s, s.write() as tx:
        body = store.bodies(tx.connection).get(("calendar", name))
        if body is None:
            raise NotFound(_("There is no calendar “{name}”; `crm calendar list` shows them.").format(name=name))
        known = {day for text in body.get("holidays", ()) for day in days(text)}
        found = holidays(file, date(tx.now.year + 2, 12, 31))
        fresh = {day: called for day, called in found.days.items() if day not in known}
        whole = {**body, "holidays": said(known | fresh.keys())}
        done = apply(tx, read_text(written({("calendar", name): whole}), file.name))
    if json_:
        told = [{"day": day, "name": called} for day, called in fresh.items()]
        print_json({"id": done.id, "calendar": name, "added": told, "left_out": found.left_out})
        return
    print_table([_("day"), _("holiday")], [(day.isoformat(), called) for day, called in fresh.items()])
    if found.left_out:
        tell(_("{n} events of the file are no whole days; they are left out.").format(n=found.left_out))
    if done.id:
        tell(_("Applied as {id}; `crm config revert {id}` takes it back.").format(id=done.id))


@calendar.command()
@click.argument("name", required=False, default="")
@click.option("--from", "start", metavar="INSTANT", help="From when, such as 2026-11-22T17:30; default: now.")
@click.option("--minutes", type=click.IntRange(-1_000_000, 1_000_000), help="How many working minutes.")
@click.option("--days", type=click.IntRange(0, 5000), help="How many working days instead.")
@as_json
def due(name: str, start: str | None, minutes: int | None, days: int | None, json_: bool) -> None:
    """Say when so much working time has passed by the calendar NAME, and which hours count until then."""
    from crmcore.calendars.named import calendar_named
    from crmcore.cli.session import session
    from crmcore.directory.moments import here, moment_said

    if (minutes is None) == (days is None):
        raise click.UsageError(_("Say --minutes or --days."))
    with session() as s, s.read() as reader:
        found = calendar_named(reader, name)
        begun = moment_said("--from", start, here(reader)) if start else reader.now
    until = found.add_days(begun, days) if days is not None else found.add(begun, timedelta(minutes=minutes or 0))
    counted: list[dict[str, Any]] = [
        {"from": begin.astimezone(found.zone), "until": end.astimezone(found.zone), "minutes": _minutes(end - begin)}
        for begin, end in found.stretches(min(begun, until), max(begun, until))
    ]
    if json_:
        print_json(
            {
                "calendar": found.name, "zone": found.zone.key, "from": begun, "due": until,
                "minutes": _minutes(found.between(begun, until)), "counted": counted,
            }
        )  # fmt: skip
        return
    total = 0
    rows: list[tuple[object, ...]] = []
    for one in counted:
        total += one["minutes"]
        rows.append((f"{one['from']:%a %Y-%m-%d}", f"{one['from']:%H:%M}–{one['until']:%H:%M}", one["minutes"], total))
    if len(rows) > _SHOWN:
        rows = [*rows[: _SHOWN // 2], ("…", "", "", ""), *rows[-_SHOWN // 2 :]]
    print_table([_("day"), _("open"), _("minutes"), _("together")], rows)
    local = until.astimezone(found.zone)
    click.echo(_("Due {at} ({zone}).").format(at=f"{local:%Y-%m-%d %H:%M}", zone=found.zone.key))


def _minutes(working: timedelta) -> float:
    found = working / timedelta(minutes=1)
    return int(found) if found.is_integer() else round(found, 2)


def _told(name: str, found: "Calendar", now: datetime) -> dict[str, Any]:
    from crmcore.calendars.holidays import said

    return {
        "name": name,
        "calendar": found.name,
        "zone": found.zone.key,
        "hours": _week(found.week),
        "holidays": said(found.holidays),
        "workdays": {day.isoformat(): _hours(spans) for day, spans in sorted(found.workdays.items())},
        "open": found.is_open(now),
        "opens_at": found.opens(now),
    }


def _week(week: "tuple[Spans, ...]") -> dict[str, str]:
    """Return the hours of the days of a week, those that follow each other with the same hours as one."""
    from itertools import groupby

    from crmcore.calendars.hours import DAYS

    told = {}
    for spans, days in groupby(range(7), key=lambda day: week[day]):
        among = list(days)
        if spans:
            name = DAYS[among[0]] if len(among) == 1 else f"{DAYS[among[0]]}-{DAYS[among[-1]]}"
            told[name] = _hours(spans)
    return told


def _hours(spans: "Spans") -> str:
    return " ".join(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in spans)
