"""Printing one customer or contact on one screen."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

import click

from crmcore.cli.output import print_table
from crmcore.i18n import _
from crmcore.model.definitions import Field

Fields = Sequence[tuple[Field, str]]

_FIELDS = (
    "kind", "roles", "parent", "given", "family", "additional", "prefix", "suffix", "birthday", "language", "zone",
    "note", "owner", "private", "external_ids",
)  # fmt: skip
_SOURCE_OF = {"owner": "owner_id", "parent": "parent_id"}


def print_card(entity: str, card: dict[str, Any], zone: tzinfo, own: Fields) -> None:
    """Print a card: what is known with its source, then positions, consents, tasks and what passed last.

    `own` are the fields that the workspace defined, with their values as text.
    """
    click.echo(f"{_(entity)} {card['id']}: {card['name']}  ({_('version')} {card['version']})")
    print_table(["", "", _("source")], _values(card, own))
    _section(_("positions"), [_position(each, entity) for each in card.get("positions", card.get("contacts", ()))])
    _section(_("subsidiaries"), [(each["id"], each["name"]) for each in card.get("subsidiaries", ())])
    _section(_("consent"), [_consent(each) for each in card["consents"]])
    _section(_("wishes"), [(each["kind"], each["text"] or each["channel"]) for each in card["preferences"]])
    _section(_("to do"), [(each.due or "", each.subject, each.owner) for each in card["tasks"]])
    _section(_("last"), [_passed(each, zone) for each in card["latest"]])


def _section(title: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        print_table([title, *[""] * (len(rows[0]) - 1)], rows)


def _values(card: dict[str, Any], own: Fields) -> Iterable[tuple[object, ...]]:
    sources = card["sources"]
    for name in _FIELDS:
        value = card.get(name)
        if value:
            text = ", ".join(_(one) if name == "roles" else one for one in value) if isinstance(value, list) else value
            if name == "kind":
                text = _(text)
            yield _(name), text, sources.get(_SOURCE_OF.get(name, name), "")
    for defined, text in own:
        yield defined.label or defined.name, text, sources.get(f"custom.{defined.name}", "")
    for point in card["points"]:
        marks = " ".join(_(mark) for mark in (point.label, point.status) if mark)
        yield _(point.kind), f"{point.value} ({marks})" if marks else point.value, point.source
    for name, value in card["details"].items():
        yield name, value, sources.get("details", "")


def _position(each: Any, entity: str) -> tuple[object, ...]:
    other = (each.customer_id, each.customer) if entity == "contact" else (each.contact_id, each.contact)
    return (*other, each.title or each.role, period(each.started, each.ended))


def period(started: date | None, ended: date | None) -> str:
    """Return from when to when in one cell; empty when neither is known."""
    return f"{started or ''} – {ended or ''}".strip() if started or ended else ""


def _consent(each: Any) -> tuple[object, ...]:
    return each.state, each.channel, each.purpose, each.at.date(), each.evidence


def _passed(each: Any, zone: tzinfo) -> tuple[object, ...]:
    return local(each.at, zone) or each.day, each.channel, summary(each)


def local(moment: datetime | None, zone: tzinfo) -> str:
    """Return an instant as people there read it, to the minute."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else ""


def summary(each: Any) -> str:
    """Return an interaction in a line: its subject, or the beginning of what was said."""
    if each.hidden:
        return _("(private)")
    first = " ".join(each.body.split())
    shown = first if len(first) <= 120 else first[:119] + "…"
    return each.subject or shown
