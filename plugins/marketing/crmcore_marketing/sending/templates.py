"""Templates as they are kept, named, listed and tried."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, select

from crmcore.api import InvalidInput, NotFound, PluginReader, Reader, Transaction
from crmcore_marketing.i18n import _
from crmcore_marketing.model.mailing import Template
from crmcore_marketing.sending.recipients import reached, recipients
from crmcore_marketing.sending.rendering import Filled, Renderer, Texts
from crmcore_marketing.tables import campaign, mailing, template

SAMPLE_TOKEN = "0" * 26


@frozen(kw_only=True)
class TemplateView:
    """A template as it is listed: in how many mailings it is, and whether it has an HTML part."""

    id: int
    name: str
    subject: str
    language: str
    has_html: bool
    mailings: int
    updated_at: datetime | None


def add(tx: Transaction, name: str, texts: Texts, language: str = "") -> Template:
    """Add a template; raises `InvalidInput` for a name that another has, and for texts that cannot be filled in."""
    if tx.first(select(template.c.id).where(func.lower(template.c.name) == name.strip().lower())):
        raise InvalidInput(_("There is a template “{name}” already.").format(name=name))
    Renderer().check(texts)
    return tx.add(
        Template(name=name.strip(), subject=texts.subject, text=texts.text, html=texts.html, language=language)
    )


def edit(tx: Transaction, key: int, wanted: Mapping[str, str]) -> Template:
    """Change a template; what is queued leaves in its new words. Raises `InvalidInput` as `add` does."""
    if not wanted:
        raise InvalidInput(_("Say what to change."))
    record = tx.get(Template, key)
    for name, value in wanted.items():
        setattr(record, name, value)
    Renderer().check(texts_of(record))
    return record


def texts_of(record: Any) -> Texts:
    """Return the texts of a template's record or row."""
    return Texts(subject=record.subject, text=record.text, html=record.html)


def template_named(reader: Reader | PluginReader, text: str) -> Any:
    """Return the row of the template that `text` names, its id or name; raises `NotFound`."""
    c, said = template.c, text.strip()
    found = reader.first(select(template).where(func.lower(c.name) == said.lower()))
    if found is None and said.isascii() and said.isdigit() and len(said) < 19:
        found = reader.first(select(template).where(c.id == int(said)))
    if found is None:
        raise NotFound(_("There is no template “{text}”; crm marketing template list shows them.").format(text=text))
    return found


def templates(reader: Reader, *, limit: int, after: int | None = None) -> list[TemplateView]:
    """Return templates in the order of their ids: one statement."""
    c = template.c
    uses = select(func.count()).where(mailing.c.template_id == c.id).scalar_subquery()
    wanted: Select[Any] = (
        select(
            c.id, c.name, c.subject, c.language, (c.html != "").label("has_html"), uses.label("mailings"), c.updated_at
        )
        .order_by(c.id)
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(c.id > after)
    return [TemplateView(**row._mapping) for row in reader.rows(wanted)]


@frozen(kw_only=True)
class Lacking:
    """Somebody whom a template cannot be filled in for, and why."""

    contact_id: int
    name: str
    reason: str


def preview(reader: Reader, texts: Texts, contact_id: int, campaign_id: int | None = None) -> Filled:
    """Return a template as one person would get it. Raises `NotFound` for nobody, `InvalidInput` when it fails."""
    person = recipients(reader, [contact_id]).get(contact_id)
    if person is None:
        raise NotFound(_("There is no contact {id}.").format(id=contact_id))
    where = reached(reader, [contact_id])[contact_id]
    return Renderer().fill(texts, _given(person.given, where.address, campaign_of(reader, campaign_id)))


def lacking(
    reader: Reader, texts: Texts, contact_ids: Sequence[int], campaign_id: int | None = None
) -> Iterator[Lacking]:
    """Yield whom a template cannot be filled in for, of people it is to be sent to: three statements for 5,000."""
    renderer, of_campaign = Renderer(), campaign_of(reader, campaign_id)
    where, people = reached(reader, contact_ids), recipients(reader, contact_ids)
    for one in contact_ids:
        person = people.get(one)
        if person is None:
            yield Lacking(contact_id=one, name="", reason=_("the contact is gone"))
        elif not where[one].address:
            yield Lacking(contact_id=one, name=person.name, reason=where[one].reason)
        else:
            filled = renderer.fill(texts, _given(person.given, where[one].address, of_campaign))
            if filled.missing:
                names = ", ".join(filled.missing)
                yield Lacking(contact_id=one, name=person.name, reason=_("not known: {names}").format(names=names))


def campaign_of(reader: Reader | PluginReader, campaign_id: int | None) -> dict[str, Any]:
    """Return what templates know of a campaign."""
    c = campaign.c
    row = reader.first(select(c.name, c.code, c.place).where(c.id == campaign_id)) if campaign_id else None
    return dict(row._mapping) if row is not None else {}


def _given(given: Mapping[str, Any], address: str, of_campaign: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **given,
        "contact": {**given["contact"], "email": address},
        "campaign": of_campaign,
        "unsubscribe_url": f"mailto:unsubscribe+{SAMPLE_TOKEN}@example.com",
    }
