"""`crm process meter` and `crm process budget`: what processes ask people to type, and what they did type."""

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.i18n import _

_DAYS = 30


@click.command()
@click.argument("process", required=False)
@click.option("--since", metavar="DATE", help="The first day; default: 30 days ago.")
@click.option("--until", metavar="DATE", help="The last day; default: today.")
@as_json
def meter(process: str | None, since: str | None, until: str | None, json_: bool) -> None:
    """Measure data entry: manual fields per record, minutes per day and rep, the share that fills in itself."""
    from datetime import timedelta

    from crmcore.cli.session import session
    from crmcore.directory.moments import day_said, here
    from crmcore.model.entity import values
    from crmcore.workflow.meter import meter as measure
    from crmcore.workflow.moving import named

    with session() as s, s.read() as reader:
        today = here(reader).today
        if process:
            named(s.app.assembly.definitions, process)
        found = measure(
            reader,
            since=day_said("--since", since, today) if since else today - timedelta(days=_DAYS),
            until=day_said("--until", until, today) if until else today,
            process=process or "",
        )
    figures = (found.total, *found.stages, *found.reps)
    told = [
        {**values(one), "per_item": round(one.per_item, 2), "automatic": round(one.automatic, 4),
         "minutes_per_day": round(one.minutes_per_day, 2)}
        for one in figures
    ]  # fmt: skip
    if json_:
        many = len(found.stages)
        print_json(
            {
                "since": found.since, "until": found.until, "seconds_per_field": found.seconds_per_field,
                "measured_seconds": found.measured, "total": told[0], "stages": told[1 : many + 1],
                "reps": told[many + 1 :],
            }
        )  # fmt: skip
        return
    total = found.total
    said = _("{fields:.1f} manual fields per record, {minutes:.1f} min a day and rep, {share:.0%} filled in by itself")
    click.echo(said.format(fields=total.per_item, minutes=total.minutes_per_day, share=total.automatic))
    print_table(
        [_("process"), _("state"), _("records"), _("typed"), _("per record"), _("by itself")],
        [(one.process, one.state, one.items, one.typed, f"{one.per_item:.1f}", f"{one.automatic:.0%}")
         for one in found.stages],
    )  # fmt: skip
    print_table(
        [_("rep"), _("days"), _("typed"), _("min a day")],
        [(one.rep, one.days, one.typed, f"{one.minutes_per_day:.1f}") for one in found.reps],
    )
    said = _(
        "{since} to {until}: {items} records. A typed field counts {each:g} s, but where it was measured ({s:.0f} s)."
    )
    each, measured = found.seconds_per_field, found.measured
    tell(said.format(since=found.since, until=found.until, items=total.items, each=each, s=measured))


@click.command()
@click.option("--fields", type=click.IntRange(0, 1000), help="How many manual fields a stage may ask for.")
@click.option("--seconds", type=click.FloatRange(0, 3600), help="How long typing a field takes.")
@as_json
def budget(fields: int | None, seconds: float | None, json_: bool) -> None:
    """Show, or set, the data-entry budget, and what each stage of each process asks for.

    A plugin or process that asks for more manual fields in a stage than the budget allows is refused.
    """
    from crmcore.cli.session import session
    from crmcore.engine.workspace import settings
    from crmcore.model.budget import allowed_by, demands
    from crmcore.workflow.effort import seconds_per_field, set_budget

    with session() as s:
        if fields is not None or seconds is not None:
            with s.write() as tx:
                set_budget(tx, fields=fields, seconds=seconds)
        definitions = s.app.assembly.definitions
        with s.read() as reader:
            known = settings(reader.connection)
    asked = [
        {"process": one.name, "state": state, "manual": list(names)}
        for one in definitions.processes
        for state, names in demands(one, definitions.automations).items()
    ]
    if json_:
        print_json({"fields": allowed_by(known), "seconds": seconds_per_field(known), "stages": asked})
        return
    click.echo(
        _("At most {fields} manual fields a stage; typing one counts {seconds:g} s.").format(
            fields=allowed_by(known), seconds=seconds_per_field(known)
        )
    )
    print_table(
        [_("process"), _("state"), _("manual"), _("fields")],
        [(one["process"], one["state"], len(one["manual"]), ", ".join(one["manual"])) for one in asked],
    )
