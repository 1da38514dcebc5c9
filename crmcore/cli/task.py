"""`crm task`: what is to be done."""

from typing import Any

import click

from crmcore.cli.field_options import columns, filter_options, pairs, set_option
from crmcore.cli.output import as_json, paged, print_json, print_table, tell
from crmcore.cli.party_options import version_read
from crmcore.command import RECORD_ID
from crmcore.i18n import _

_STATUS = click.Choice(["open", "done", "broken", "cancelled"])


@click.group()
def task() -> None:
    """List, show, add, edit, close and remove what is to be done."""


@task.command("list")
@click.option("--mine", is_flag=True, help="Only your own.")
@click.option("--owner", metavar="LOGIN", help="Only this user's.")
@click.option("--overdue", is_flag=True, help="Only open ones that were due before today.")
@click.option("--status", type=_STATUS, help="Default: all.")
@click.option("--contact", metavar="ID|NAME")
@click.option("--customer", metavar="ID|NAME")
@filter_options
@paged
@as_json
def list_(
    mine: bool,
    owner: str | None,
    overdue: bool,
    status: str | None,
    contact: str | None,
    customer: str | None,
    where: tuple[str, ...],
    show: tuple[str, ...],
    limit: int,
    after: int | None,
    json_: bool,
) -> None:
    """List tasks, what is due first on top."""
    from crmcore.cli.session import session
    from crmcore.directory.finding import party_id, user_named
    from crmcore.directory.moments import here
    from crmcore.directory.tasks import page
    from crmcore.engine import tables

    with session() as s, s.read() as reader:
        owner_id = s.actor.user_id if mine else user_named(reader, owner).id if owner else None
        found = page(
            reader,
            limit=limit,
            after=after,
            status="open" if overdue else status or "",
            owner_id=owner_id,
            due_before=here(reader).today if overdue else None,
            contact_id=party_id(reader, tables.contact, contact) if contact else None,
            customer_id=party_id(reader, tables.customer, customer) if customer else None,
            where=where,
        )
        titles, cells = columns(reader.definitions, "task", show, found)
    if json_:
        print_json(found)
        return
    print_table(
        [_("id"), _("due"), _("subject"), _("about"), _("owner"), _("status"), *titles],
        [
            (one.id, one.due, one.subject, one.contact or one.customer, one.owner, one.status, *more)
            for one, more in zip(found, cells, strict=True)
        ],
    )


@task.command()
@click.argument("task_id", type=RECORD_ID, metavar="ID")
@as_json
def show(task_id: int, json_: bool) -> None:
    """Show everything about a task."""
    from crmcore.cli.session import session
    from crmcore.directory.tasks import one
    from crmcore.fields.entering import as_text
    from crmcore.model.entity import values

    with session() as s, s.read() as reader:
        view = one(reader, task_id)
        own = as_text(reader.definitions, "task", view.custom)
    if json_:
        print_json(view)
        return
    told = [(_(name), value) for name, value in values(view).items() if value not in (None, "") and name != "custom"]
    print_table(["", ""], [*told, *((field.label or field.name, text) for field, text in own)])


@task.command()
@click.argument("subject")
@click.option("--due", metavar="DATE", help="Such as 2026-12-01, “next Friday” or 下周五.")
@click.option("--contact", metavar="ID|NAME")
@click.option("--customer", metavar="ID|NAME")
@click.option("--owner", default="", metavar="LOGIN", help="Who does it; default: you.")
@click.option("--note", default="")
@set_option
@as_json
def add(
    subject: str,
    due: str | None,
    contact: str | None,
    customer: str | None,
    owner: str,
    note: str,
    set_: tuple[str, ...],
    json_: bool,
) -> None:
    """Add a task."""
    from crmcore.cli.session import session
    from crmcore.directory.finding import party_id
    from crmcore.directory.moments import day_said, here
    from crmcore.directory.task_editing import add as add_task
    from crmcore.directory.tasks import one
    from crmcore.engine import tables

    with session() as s:
        with s.write() as tx:
            added = add_task(
                tx,
                subject,
                due=day_said("--due", due, here(tx).today) if due else None,
                contact_id=party_id(tx, tables.contact, contact) if contact else None,
                customer_id=party_id(tx, tables.customer, customer) if customer else None,
                owner=owner,
                note=note,
                custom=pairs(set_),
            )
        with s.read() as reader:
            view = one(reader, added.id)
    _print_one(view, json_)


@task.command()
@click.argument("task_id", type=RECORD_ID, metavar="ID")
@click.option("--subject")
@click.option("--due", metavar="DATE", help="Empty: no date.")
@click.option("--status", type=_STATUS)
@click.option("--owner", metavar="LOGIN")
@click.option("--note")
@set_option
@version_read
@as_json
def edit(
    task_id: int,
    version: int | None,
    json_: bool,
    due: str | None,
    owner: str | None,
    set_: tuple[str, ...],
    **given: Any,
) -> None:
    """Edit a task."""
    from crmcore.cli.session import session
    from crmcore.directory.finding import owner_named
    from crmcore.directory.moments import day_said, here
    from crmcore.directory.task_editing import edit as edit_task
    from crmcore.directory.tasks import one

    with session() as s:
        with s.write() as tx:
            wanted = {name: value for name, value in given.items() if value is not None}
            if due is not None:
                wanted["due"] = day_said("--due", due, here(tx).today) if due else None
            if owner is not None:
                wanted["owner_id"] = owner_named(tx, owner)
            edit_task(tx, task_id, wanted, custom=pairs(set_), version=version)
        with s.read() as reader:
            view = one(reader, task_id)
    _print_one(view, json_)


@task.command()
@click.argument("task_id", type=RECORD_ID, metavar="ID")
@as_json
def done(task_id: int, json_: bool) -> None:
    """Close a task as done."""
    from crmcore.cli.session import session
    from crmcore.directory.task_editing import edit as edit_task
    from crmcore.directory.tasks import one

    with session() as s:
        with s.write() as tx:
            edit_task(tx, task_id, {"status": "done"})
        with s.read() as reader:
            view = one(reader, task_id)
    _print_one(view, json_)


@task.command()
@click.argument("task_id", type=RECORD_ID, metavar="ID")
def remove(task_id: int) -> None:
    """Remove a task; what it said stays in the journal."""
    from crmcore.cli.session import session
    from crmcore.directory.removal import remove_task

    with session() as s, s.write() as tx:
        remove_task(tx, task_id)
    tell(_("Task {id} is removed.").format(id=task_id))


def _print_one(view: Any, json_: bool) -> None:
    if json_:
        print_json(view)
    else:
        due = f", {_('due')} {view.due}" if view.due else ""
        click.echo(f"task {view.id}: {view.subject}{due}, {view.status}, {_('version')} {view.version}")
