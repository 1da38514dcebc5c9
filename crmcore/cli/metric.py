"""`crm metric`: the figures of the core and of plugins."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from crmcore.cli.output import as_json, paged, print_json, print_table, tell
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.app import App
    from crmcore.engine.reader import Reader
    from crmcore.hooks.metrics import Metric
    from crmcore.metrics.catalogue import Known
    from crmcore.metrics.compute import Question
    from crmcore.metrics.periods import Period


@click.group()
def metric() -> None:
    """Figures (KPIs): which there are, and what they are."""


@metric.command("list")
@as_json
def list_(json_: bool) -> None:
    """List the figures of the core and of the enabled plugins, with what they can be grouped by."""
    from crmcore.cli.session import session
    from crmcore.metrics.catalogue import catalogue
    from crmcore.metrics.dimensions import names

    with session() as s:
        known = catalogue(s.app.dispatcher)
        failures = [one for one in s.app.dispatcher.failures if one.hook == "crm_metrics"]
    if json_:
        print_json([_told(one, names(one.metric)) for one in known])
    else:
        print_table(
            [_("figure"), _("what it is"), _("unit"), _("from"), _("grouped by")],
            [
                (one.metric.name, one.metric.title, one.metric.unit, _source(one), ", ".join(names(one.metric)))
                for one in known
            ],
        )
    for plugin, why in dict.fromkeys((one.plugin, one.message) for one in failures):
        tell(_("Plugin {plugin} failed; its part is missing: {why}").format(plugin=plugin, why=why))


def _told(known: "Known", by: list[str]) -> dict[str, Any]:
    one = known.metric
    return {"name": one.name, "title": one.title, "unit": one.unit, "plugin": _source(known), "by": by}


def _source(known: "Known") -> str:
    return "core" if known.plugin.startswith("core.") else known.plugin


@metric.command("show")
@click.argument("name")
@click.option("--by", metavar="DIMENSION[,…]", help="Group by: user, team, customer, channel, month … (see the list).")
@click.option("--month", is_flag=False, flag_value="", metavar="[2026-11]", help="Of a month; the present one.")
@click.option("--quarter", is_flag=False, flag_value="", metavar="[2026-Q4]", help="Of a quarter; the present one.")
@click.option("--year", is_flag=False, flag_value="", metavar="[2026]", help="Of a year; the present one.")
@click.option("--from", "since", metavar="DATE", help="From a date on.")
@click.option("--to", "until", metavar="DATE", help="Up to a date, which belongs to it.")
@click.option("--where", multiple=True, metavar="DIMENSION=VALUE", help="Only of these; may be given several times.")
@click.option("--rows", is_flag=True, help="List the records the figure is made of.")
@paged
@as_json
def show(name: str, json_: bool, rows: bool, limit: int, after: int | None, **said: Any) -> None:
    """Show a figure over what you may see: as a whole, or for each user, customer, channel, month …

    Without a period it is that of the figure's target, if it has one, and else of all time.
    """
    from crmcore.cli.session import session
    from crmcore.metrics.catalogue import named
    from crmcore.metrics.compute import compute
    from crmcore.metrics.records import records
    from crmcore.metrics.targets import measured

    with session() as s, s.read() as reader:
        known = named(s.app.dispatcher, name)
        question = _question(s.app, reader, known.metric, **said)
        if rows:
            _show_records(records(reader, known, question, limit=limit, after=after), known, question, json_)
            return
        groups = compute(reader, known, question, limit=limit + 1)
        found = measured(s.app.assembly.definitions.targets, name, question, groups[:limit])
    _show(known, question, found, json_)
    if len(groups) > limit:
        tell(_("There are more than {limit} groups; say --limit for more.").format(limit=limit))


def _question(
    app: "App", reader: "Reader", metric: "Metric", *, by: str | None, where: tuple[str, ...], **said: str | None
) -> "Question":
    from crmcore.directory.moments import here
    from crmcore.engine import clock
    from crmcore.metrics.compute import Question
    from crmcore.metrics.dimensions import chosen

    place = here(reader)
    told = _where(where)
    wanted = chosen(metric, [each.strip() for each in (by or "").split(",") if each.strip()])
    chosen(metric, told)
    return Question(
        period=_period(app, metric, place.today, wanted, **said),
        by=tuple(wanted),
        where={name: _value(reader, name, value) for name, value in told.items()},
        told=told,
        today=place.today,
        now=clock.now(),
        zone=place.zone,
    )


def _where(where: tuple[str, ...]) -> dict[str, str]:
    told: dict[str, str] = {}
    for each in where:
        name, equals, value = each.partition("=")
        if not equals:
            raise click.UsageError(_("--where: write “{each}” as DIMENSION=VALUE.").format(each=each))
        told[name.strip()] = value.strip()
    return told


def _value(reader: "Reader", name: str, said: str) -> Any:
    """Return what a value is stored as: the id of a customer, contact or user; None for an empty one."""
    from crmcore.directory.finding import party_id, user_named
    from crmcore.metrics.dimensions import PARTIES

    if not said:
        return None
    if name in PARTIES:
        return party_id(reader, PARTIES[name], said)
    return user_named(reader, said).id if name == "user" else said


def _period(app: "App", metric: "Metric", today: Any, by: list[str], **said: str | None) -> "Period":
    from crmcore.directory.moments import day_said
    from crmcore.metrics.periods import Period, period
    from crmcore.metrics.targets import KINDS, default_kind

    kinds = [kind for kind in KINDS if said[kind] is not None]
    since, until = said["since"], said["until"]
    if len(kinds) > 1 or (kinds and (since or until)):
        raise click.UsageError(_("Say one period: --month, --quarter, --year, or --from and --to."))
    if kinds:
        return period(kinds[0], said[kinds[0]] or "", today)
    if since or until:
        from datetime import timedelta

        start = day_said("--from", since, today) if since else None
        end = day_said("--to", until, today) + timedelta(days=1) if until else None
        return Period(start=start, end=end)
    kind = default_kind(app.assembly.definitions.targets, metric.name)
    grouped = any(each in by for each in ("day", "week", *KINDS))
    return period(kind, "", today) if kind and metric.at is not None and not grouped else Period()


def _show(known: "Known", question: "Question", found: Any, json_: bool) -> None:
    one, period = known.metric, question.period
    if json_:
        print_json(
            {
                "name": one.name, "title": one.title, "unit": one.unit, "plugin": _source(known),
                "period": {"label": period.label, "kind": period.kind, "from": period.start, "until": period.end},
                "by": question.by, "where": question.told,
                "rows": [
                    {**each.group.keys, **{f"{name}_name": said for name, said in each.group.names.items()},
                     "value": each.group.value, "records": each.group.records, "target": each.target,
                     "attained": each.attained}
                    for each in found
                ],
            }
        )  # fmt: skip
        return
    aimed = any(each.target is not None for each in found)
    headings = [*(_(name) for name in question.by), f"{one.title}{f' ({one.unit})' if one.unit else ''}"]
    rows = []
    for each in found:
        keys = [each.group.names.get(name) or each.group.keys[name] for name in question.by]
        shown = [_("none") if key is None else str(key) for key in keys]
        row = [*shown, _("no data") if each.group.value is None else _number(each.group.value)]
        if aimed:
            row += [
                "" if each.target is None else _number(each.target),
                "" if each.attained is None else f"{each.attained} %",
            ]
        rows.append(row)
    print_table(
        [*headings, *([_("target"), _("attained")] if aimed else [])],
        rows,
        title=period.label if one.at is not None else _("now"),
    )


def _number(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}" if value.is_integer() else f"{value}"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _show_records(found: Any, known: "Known", question: "Question", json_: bool) -> None:
    if json_:
        print_json(found)
        return
    names = list(found[0].dimensions) if found else []
    print_table(
        [_("kind"), _("id"), _("when"), _("what"), *(_(name) for name in names)],
        [
            (_(one.entity), one.id, _moment(one.at, question), one.text, *(one.dimensions[name] for name in names))
            for one in found
        ],
        title=known.metric.title,
    )


def _moment(at: Any, question: "Question") -> str:
    """Return an instant in the workspace's zone, a date as it is."""
    from datetime import datetime

    return at.astimezone(question.zone).isoformat(" ")[:16] if isinstance(at, datetime) else str(at or "")
