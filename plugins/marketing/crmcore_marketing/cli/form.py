"""`crm marketing form`: forms of our pages, and what came in by them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from crmcore_marketing.web.reading import FormView

_KINDS = ("name", "email", "phone", "company", "title", "product", "text", "number", "consent")


@click.group()
def form() -> None:
    """Keep forms, and see what came in by them; named by key, name or id."""


def _fields(said: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the fields that `name:kind[!][=label]` describe; raises `InvalidInput`."""
    from crmcore.api import InvalidInput

    found = []
    for one in said:
        described, _equals, label = one.partition("=")
        name, _colon, kind = described.partition(":")
        required = kind.endswith("!") or name.endswith("!")
        name, kind = name.rstrip("!").strip(), (kind.rstrip("!") or name.rstrip("!")).strip()
        if not name or kind not in _KINDS:
            raise InvalidInput(
                _("--field {text}: write NAME:KIND, of the kinds {kinds}.").format(text=one, kinds=", ".join(_KINDS))
            )
        found.append({"name": name, "kind": kind, "label": label, "required": required})
    return found


@form.command()
@click.argument("key")
@click.option("--name", default="", help="What it is called; default: the key.")
@click.option(
    "--field", "fields", multiple=True, required=True, metavar="NAME:KIND[!][=LABEL]",
    help="An input: name, email, phone, company, title, product, text, number or consent; ! is required.",
)  # fmt: skip
@click.option("--campaign", default="", metavar="CAMPAIGN", help="The campaign that comes in by it, unless tags say.")
@click.option("--product", default="", help="What it is about.")
@as_json
def add(key: str, name: str, fields: tuple[str, ...], campaign: str, product: str, json_: bool) -> None:
    """Add a form; our page posts it to /f/KEY of the endpoint (crm web serve)."""
    from crmcore.api import session
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.model.form import Form
    from crmcore_marketing.web.reading import forms

    with session() as s, s.write() as tx:
        made = tx.add(
            Form(
                key=key.strip(),
                name=name.strip() or key.strip(),
                fields=_fields(fields),
                campaign_id=campaign_named(tx, campaign) if campaign else None,
                product=product,
            )
        )
        tx.flush()
        (found,) = forms(tx, limit=1, key=made.id)
    _done(found, json_)


@form.command()
@click.argument("form_", metavar="FORM")
@click.option("--name")
@click.option("--field", "fields", multiple=True, metavar="NAME:KIND[!][=LABEL]", help="All its inputs, anew.")
@click.option("--campaign", metavar="CAMPAIGN")
@click.option("--product")
@click.option("--active/--inactive", default=None)
@as_json
def edit(form_: str, fields: tuple[str, ...], campaign: str | None, json_: bool, **given: Any) -> None:
    """Change a form; one that is inactive takes nothing."""
    from crmcore.api import session
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.model.form import Form
    from crmcore_marketing.web.reading import form_named, forms

    with session() as s, s.write() as tx:
        record = tx.get(Form, form_named(tx, form_))
        wanted = {name: value for name, value in given.items() if value is not None}
        if fields:
            wanted["fields"] = _fields(fields)
        if campaign is not None:
            wanted["campaign_id"] = campaign_named(tx, campaign) if campaign else None
        for name, value in wanted.items():
            setattr(record, name, value)
        tx.flush()
        (found,) = forms(tx, limit=1, key=record.id)
    _done(found, json_)


def _done(found: "FormView", json_: bool) -> None:
    from crmcore.api import print_json, tell

    if json_:
        print_json(found)
    else:
        tell(_("Form {key}: {fields}").format(key=found.key, fields=", ".join(one["name"] for one in found.fields)))


@form.command("list")
@paged
@as_json
@out_option
def list_(limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List forms, and how many submissions came in by each."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_marketing.web.reading import forms

    with session() as s, s.read() as reader:
        found = forms(reader, limit=limit, after=after)
    told = Report(
        title=_("Forms"),
        columns=[
            Column(_("id"), number=True), Column(_("key")), Column(_("name")), Column(_("campaign")),
            Column(_("product")), Column(_("taken"), number=True), Column(_("rejected"), number=True),
        ],
        rows=[(one.id, one.key, one.name, one.campaign, one.product, one.taken, one.rejected) for one in found],
        data=found,
    )  # fmt: skip
    present(told, json_=json_, out=out)


@form.command()
@click.argument("form_", metavar="FORM")
@paged
@as_json
@out_option
def show(form_: str, limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """Show a form and what came in by it, the latest first; what was refused with the reason."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_marketing.web.reading import form_named, forms, submissions

    with session() as s, s.read() as reader:
        key = form_named(reader, form_)
        (found,) = forms(reader, limit=1, key=key)
        came = submissions(reader, key, limit=limit, after=after)
    told = Report(
        title=_("{name} ({key}): {taken} taken, {rejected} rejected").format(
            name=found.name, key=found.key, taken=found.taken, rejected=found.rejected
        ),
        columns=[
            Column(_("id"), number=True), Column(_("when")), Column(_("contact")), Column(_("campaign's tag")),
            Column(_("said")), Column(_("rejected")),
        ],
        rows=[
            (
                one.id, one.at, one.contact, one.utm.get("utm_campaign", ""),
                "; ".join(f"{name}: {value}" for name, value in one.data.items()), one.reason,
            )
            for one in came
        ],
        data={"form": found, "submissions": came},
    )  # fmt: skip
    present(told, json_=json_, out=out)
