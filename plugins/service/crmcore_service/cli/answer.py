"""`crm service answer`: what was solved before, offered to who asks."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore_service.answers.offering import Asked, Offer
    from crmcore_service.answers.suggesting import Answer

_CHANNELS = ("call", "chat", "email", "form", "meeting", "message")
_MOST = 5_000


@click.group()
def answer() -> None:
    """Answer questions by what was solved before; questions are numbered D12, tickets T12."""


@answer.command()
@click.argument("text", default="")
@click.option("--ticket", "ticket_", default="", metavar="TICKET", help="Answers to what this ticket asks.")
@click.option("--limit", type=click.IntRange(1, 20), default=3, show_default=True, help="How many at most.")
@click.option("--public", is_flag=True, help="Only what a customer may read.")
@as_json
def find(text: str, ticket_: str, limit: int, public: bool, json_: bool) -> None:
    """Find what solved the same before, the best first; nothing is noted of it."""
    from crmcore.api import InvalidInput, print_json, session
    from crmcore_service.answers.asking import asked_in
    from crmcore_service.answers.offering import impersonal
    from crmcore_service.answers.suggesting import suggest
    from crmcore_service.tickets.finding import ticket_named

    if bool(text.strip()) is bool(ticket_):
        raise InvalidInput(_("Give the question, or the ticket that asks it."))
    with session() as s, s.read() as reader:
        key = ticket_named(reader, ticket_) if ticket_ else None
        (said,) = impersonal(reader, [asked_in(reader, key)]) if key is not None else (text,)
        (found,) = suggest(reader, [said], public=public, limit=limit, without=key)
    if json_:
        print_json([_told(one) for one in found])
    else:
        _show(found, _("Nothing published answers it.") if public else _("Nothing like it was solved before."))


@answer.command()
@click.argument("text", default="")
@click.option("--ticket", "ticket_", default="", metavar="TICKET", help="What this ticket asks.")
@click.option("--contact", default="", metavar="CONTACT", help="Who asks.")
@click.option("--category", default="", metavar="CATEGORY", help="What it is about.")
@click.option("--channel", type=click.Choice(_CHANNELS), default="call", show_default=True)
@click.option("--internal", is_flag=True, help="Offer our own people what is not published, too.")
@click.option(
    "--from", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="A table of questions instead (CSV, XLSX): question, contact, category.",
)  # fmt: skip
@as_json
def offer(
    text: str, ticket_: str, contact: str, category: str, channel: str, internal: bool, file: Path | None, json_: bool
) -> None:
    """Offer who asks the best answers, and note it: it counts when they say that one helped."""
    from crmcore.api import InvalidInput, Rejection, print_json, session, tell
    from crmcore_service.answers.asking import asked_by, asked_in, questions_in
    from crmcore_service.answers.offering import link_ticket, offer_all
    from crmcore_service.tickets.finding import ticket_named

    if sum((bool(text.strip()), bool(ticket_), file is not None)) != 1:
        raise InvalidInput(_("Give the question, the ticket that asks it, or a file of questions."))
    unread: list[Rejection] = []
    with session() as s, s.write() as tx:
        about = ticket_named(tx, ticket_) if ticket_ else None
        asked: list[Asked]
        if file is not None:
            asked, unread = questions_in(tx, file, limit=_MOST)
        else:
            asked = [asked_by(tx, text, contact, category) if about is None else asked_in(tx, about)]
        made = offer_all(
            tx, asked, channel=channel, public=not internal, source=file.name if file else "", without=about
        )  # fmt: skip
        if about is not None:
            link_ticket(tx, made[0].id, about, only_about=True)
    for each in unread:
        tell(_("{file}, line {line}: {reason}").format(file=file, line=each.line, reason=each.reason))
    if json_:
        told = [_offered(one) for one in made]
        print_json({"offers": told, "rejected": unread} if file is not None else told[0])
    elif file is not None:
        _show_all(made)
    else:
        tell(_("Noted as {number}.").format(number=f"D{made[0].id}"))
        hidden = _("Nothing published answers it; --internal shows what is not.")
        _show(made[0].answers, _("Nothing like it was solved before.") if internal else hidden)


@answer.command()
@click.argument("questions", nargs=-1, metavar="QUESTION...")
@click.option("--answer", "place", type=click.IntRange(1, 20), default=1, show_default=True, help="Which one helped.")
@click.option(
    "--from", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="A table instead (CSV, XLSX): question (D12), and answer (1 to 3).",
)  # fmt: skip
def confirm(questions: tuple[str, ...], place: int, file: Path | None) -> None:
    """Note that the customer said an answer helped; only this counts as solved without an engineer."""
    from crmcore.api import session, tell
    from crmcore_service.answers.asking import confirmed_in
    from crmcore_service.answers.deflected import case_numbered
    from crmcore_service.answers.offering import confirm_all

    with session() as s, s.write() as tx:
        places = {case_numbered(tx, one): place for one in questions}
        if file is not None:
            places |= confirmed_in(file, limit=_MOST)
        n = confirm_all(tx, places)
    tell(_("Confirmed: {n}").format(n=n))


@answer.command()
@click.argument("questions", nargs=-1, required=True, metavar="QUESTION...")
@click.option("--ticket", "ticket_", default="", metavar="TICKET", help="The ticket that it became.")
def refuse(questions: tuple[str, ...], ticket_: str) -> None:
    """Note that nothing that was offered helped, and which ticket the question became."""
    from crmcore.api import session, tell
    from crmcore_service.answers.deflected import case_numbered
    from crmcore_service.answers.offering import link_ticket, refuse_all
    from crmcore_service.tickets.finding import ticket_named

    with session() as s, s.write() as tx:
        ids = [case_numbered(tx, one) for one in questions]
        n = refuse_all(tx, ids)
        if ticket_:
            key = ticket_named(tx, ticket_)
            for one in ids:
                link_ticket(tx, one, key)
    tell(_("Refused: {n}").format(n=n))


@answer.command()
@click.argument("ticket_", metavar="TICKET")
@click.option("--title", default="", help="Instead of the ticket's subject.")
@click.option("--text", default="", help="Instead of its resolution.")
@click.option("--preview", is_flag=True, help="Show what would be published, and publish nothing.")
@as_json
def publish(ticket_: str, title: str, text: str, preview: bool, json_: bool) -> None:
    """Let customers be offered how a ticket was solved, without names, addresses and numbers: read what is shown."""
    from crmcore.api import print_json, session, tell
    from crmcore_service.answers.publishing import drafted, publish
    from crmcore_service.tickets.finding import ticket_named

    with session() as s, s.write() as tx:
        key = ticket_named(tx, ticket_)
        told = drafted(tx, key, title=title, text=text)
        if not preview:
            publish(tx, key, title=title, text=text)
    if json_:
        print_json({"ticket": f"T{key}", "title": told.title, "text": told.text, "published": not preview})
        return
    click.echo(f"{told.title}\n\n{told.text}\n")
    tell(_("Nothing was published.") if preview else _("Published; `crm service answer withdraw` takes it back."))


@answer.command()
@click.argument("ticket_", metavar="TICKET")
def withdraw(ticket_: str) -> None:
    """Offer customers no more how a ticket was solved."""
    from crmcore.api import session, tell
    from crmcore_service.answers.publishing import withdraw
    from crmcore_service.tickets.finding import ticket_named

    with session() as s, s.write() as tx:
        withdraw(tx, ticket_named(tx, ticket_))
    tell(_("Withdrawn."))


@answer.command("list")
@paged
@as_json
@out_option
def list_(limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List what customers may be offered."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_service.answers.publishing import published

    with session() as s, s.read() as reader:
        found = published(reader, limit=limit, after=after)
    told = Report(
        title=_("Public answers"),
        columns=[Column(_("id"), number=True), Column(_("ticket")), Column(_("title")), Column(_("answer"))],
        rows=[(one.id, one.ticket, one.title, one.text) for one in found],
        data=found,
    )
    present(told, json_=json_, out=out)


@answer.command()
def rebuild() -> None:
    """Write the index of solved tickets anew, such as after tickets were written past the program."""
    from crmcore.api import session, tell
    from crmcore_service.answers.indexing import rebuild

    held, last = 0, 0
    with session() as s:
        while True:
            with s.write() as tx:
                some, last = rebuild(tx, last)
            held += some
            if not last:
                break
    tell(_("Solved tickets in the index: {n}").format(n=held))


def _told(one: "Answer") -> dict[str, object]:
    return {
        "place": one.place, "entity": one.entity, "id": one.id, "number": _number(one), "title": one.title,
        "text": one.text, "url": one.url, "likeness": round(one.likeness, 4), "confirmed": one.confirmed,
        "refused": one.refused,
    }  # fmt: skip


def _offered(one: "Offer") -> dict[str, object]:
    return {
        "id": one.id, "number": f"D{one.id}", "question": one.question, "token": one.token,
        "answers": [_told(each) for each in one.answers],
    }  # fmt: skip


def _number(one: "Answer") -> str:
    return f"T{one.id}" if one.entity == "service_ticket" else f"{one.entity} {one.id}"


def _show(found: "Sequence[Answer]", nothing: str) -> None:
    from crmcore.api import tell

    if not found:
        tell(nothing)
    for one in found:
        helped = _("helped {n} times").format(n=one.confirmed) if one.confirmed else ""
        about = ", ".join(each for each in (_number(one), f"{one.likeness:.0%}", helped, one.url) if each)
        click.echo(f"{one.place}  {one.title}  ({about})")
        for line in one.text.splitlines():
            click.echo(f"   {line}")


def _show_all(made: "Sequence[Offer]") -> None:
    from crmcore.api import print_table

    print_table(
        (_("which"), _("question"), _("answers"), _("best")),
        [
            (f"D{one.id}", " ".join(one.question.split())[:40], str(len(one.answers)),
             one.answers[0].title[:40] if one.answers else "")
            for one in made
        ],
    )  # fmt: skip
