"""`crm marketing template`: what we write to people, with places that are filled in for each."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Session

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def template() -> None:
    """Keep what we write to people: a subject, a text, and an HTML part if there is one; named by name or id.

    Places are filled in for each person: {{ contact.name }}, {{ customer.name }}, {{ owner.name }},
    {{ campaign.name }}, {{ unsubscribe_url }}. A message in which something is missing does not leave: where it may not
    be known write {{ contact.given or "Sir or Madam" }}.
    """


@template.command()
@click.argument("name")
@click.option("--subject", required=True)
@click.option("--text", help="The text part.")
@click.option("--text-file", type=_FILE, help="The text part, in a file (UTF-8).")
@click.option("--html-file", type=_FILE, help="The HTML part, in a file (UTF-8).")
@click.option("--language", default="", help="Such as zh-CN.")
@as_json
def add(
    name: str,
    subject: str,
    text: str | None,
    text_file: Path | None,
    html_file: Path | None,
    language: str,
    json_: bool,
) -> None:
    """Add a template; what it names is checked."""
    from crmcore.api import InvalidInput, session, tell
    from crmcore_marketing.sending.rendering import Texts
    from crmcore_marketing.sending.templates import add

    said = _read(text_file) if text_file else text
    if not said:
        raise InvalidInput(_("Give --text or --text-file: every mail has a text part."))
    texts = Texts(subject=subject, text=said, html=_read(html_file) if html_file else "")
    with session() as s:
        with s.write() as tx:
            made = add(tx, name, texts, language)
        if json_:
            _print(s, made.id)
        else:
            tell(_("Added template {name}.").format(name=name))


@template.command()
@click.argument("template_", metavar="NAME|ID")
@click.option("--name")
@click.option("--subject")
@click.option("--text")
@click.option("--text-file", type=_FILE)
@click.option("--html-file", type=_FILE)
@click.option("--no-html", is_flag=True, help="Take the HTML part away.")
@click.option("--language")
@as_json
def edit(
    template_: str, text_file: Path | None, html_file: Path | None, no_html: bool, json_: bool, **given: Any
) -> None:
    """Change a template; messages that wait leave in its new words."""
    from crmcore.api import session, tell
    from crmcore_marketing.sending.templates import edit, template_named

    wanted = {name: value for name, value in given.items() if value is not None}
    if text_file:
        wanted["text"] = _read(text_file)
    if html_file or no_html:
        wanted["html"] = _read(html_file) if html_file else ""
    with session() as s:
        with s.write() as tx:
            record = edit(tx, template_named(tx, template_).id, wanted)
        if json_:
            _print(s, record.id)
        else:
            tell(_("Changed template {name}.").format(name=record.name))


@template.command("list")
@paged
@as_json
@out_option
def list_(limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List templates, each with how many mailings use it."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_marketing.sending.templates import templates

    with session() as s, s.read() as reader:
        found = templates(reader, limit=limit, after=after)
    columns = [
        Column(_("id"), number=True), Column(_("name")), Column(_("subject")), Column(_("language")),
        Column(_("HTML")), Column(_("mailings"), number=True),
    ]  # fmt: skip
    rows = [
        (one.id, one.name, one.subject, one.language, _("yes") if one.has_html else "", one.mailings) for one in found
    ]
    present(Report(title=_("Templates"), columns=columns, rows=rows, data=found), json_=json_, out=out)


@template.command()
@click.argument("template_", metavar="NAME|ID")
@as_json
def show(template_: str, json_: bool) -> None:
    """Show a template as it was written."""
    from crmcore.api import session
    from crmcore_marketing.sending.templates import template_named

    with session() as s:
        if json_:
            with s.read() as reader:
                key = template_named(reader, template_).id
            _print(s, key)
            return
        with s.read() as reader:
            row = template_named(reader, template_)
    _show(row.subject, row.text, row.html)


@template.command()
@click.argument("template_", metavar="NAME|ID")
@click.argument("contact")
@click.option("--campaign", default="", metavar="CAMPAIGN")
@as_json
def preview(template_: str, contact: str, campaign: str, json_: bool) -> None:
    """Show a template as one person would get it."""
    from crmcore.api import party_id, print_json, session, tables, tell
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.sending.templates import preview, template_named, texts_of

    with session() as s, s.read() as reader:
        texts = texts_of(template_named(reader, template_))
        key = party_id(reader, tables.contact, contact)
        filled = preview(reader, texts, key, campaign_named(reader, campaign) if campaign else None)
    if json_:
        print_json(filled)
        return
    _show(filled.subject, filled.text, filled.html)
    if filled.missing:
        tell(
            _("Not known of this person, so that it would not leave: {names}.").format(names=", ".join(filled.missing))
        )


@template.command()
@click.argument("template_", metavar="NAME|ID")
@click.argument("contacts", nargs=-1, metavar="[CONTACT]...")
@click.option("--campaign", default="", metavar="CAMPAIGN", help="Its members.")
@click.option("--audience", default="", metavar="NAME", help="Whom it chooses.")
@as_json
@out_option
def check(
    template_: str, contacts: tuple[str, ...], campaign: str, audience: str, json_: bool, out: Path | None
) -> None:
    """Tell whom of these people it cannot be filled in for, and what is missing."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_marketing.cli.people import chosen_contacts
    from crmcore_marketing.sending.templates import lacking, template_named, texts_of

    with session() as s, s.write() as tx:
        texts = texts_of(template_named(tx, template_))
        chosen = chosen_contacts(tx, contacts, campaign=campaign, audience=audience)
        found = list(lacking(tx, texts, chosen.contact_ids, chosen.campaign_id))
    columns = [Column(_("contact"), number=True), Column(_("name")), Column(_("why"))]
    said = _("{n} of {all} would not get it").format(n=len(found), all=len(chosen.contact_ids))
    data = {"asked": len(chosen.contact_ids), "lacking": found}
    rows = [(one.contact_id, one.name, one.reason) for one in found]
    present(Report(title=said, columns=columns, rows=rows, data=data), json_=json_, out=out)


def _print(s: "Session", key: int) -> None:
    from sqlalchemy import select

    from crmcore.api import print_json
    from crmcore_marketing.tables import template

    with s.read() as reader:
        row = reader.first(select(template).where(template.c.id == key))
    print_json(dict(row._mapping) if row is not None else None)


def _show(subject: str, text: str, html: str) -> None:
    click.echo(_("Subject: {subject}").format(subject=subject))
    click.echo()
    click.echo(text)
    if html:
        click.echo()
        click.echo(html)


def _read(file: Path) -> str:
    from crmcore.api import InvalidInput

    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(_("{file} cannot be read as text in UTF-8: {why}").format(file=file, why=error)) from error
