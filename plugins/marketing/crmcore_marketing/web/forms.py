"""Forms: what came in becomes a contact, a member of a campaign, a touch and a consent; or is refused with a reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import (
    Consent,
    IncomingContact,
    Point,
    Transaction,
    party_ids,
    point_key,
    point_problem,
    tables,
    take_in,
)
from crmcore_marketing.campaigns.members import customers_of, engaged
from crmcore_marketing.campaigns.touching import Touch
from crmcore_marketing.i18n import _
from crmcore_marketing.model.form import Submission
from crmcore_marketing.tables import form, submission
from crmcore_marketing.web.cleaning import clean
from crmcore_marketing.web.tags import TAGS, campaign_of, campaigns_tagged, tags_of_address
from crmcore_marketing.web.visitors import tie

KINDS = ("name", "email", "phone", "company", "title", "product", "text", "number", "consent")
TRAP = "website_url"
"""A field that people do not see; who fills it in is a machine."""
KEY = "submission_id"
_LONGEST, _NAME = 4_000, 100
_CHANNEL, _PURPOSE = "email", "marketing"


@frozen(kw_only=True)
class Came:
    """A form as it came: its fields, the address of the page it was on, and the cookie of a visitor who agreed."""

    data: Mapping[str, str]
    page: str = ""
    visitor: str = ""


@frozen(kw_only=True)
class Answered:
    """What became of it: the submission, whose it is, and why it was refused (empty: it was taken)."""

    submission_id: int | None = None
    contact_id: int | None = None
    reason: str = ""


def submit(tx: Transaction, key: str, came: Came) -> Answered | None:
    """Take a form that was filled in, or keep it with the reason why it is refused; None for a form that is not there.

    The person is found by the address, or matched as an import does it, or made. One with the same `submission_id` is
    taken once. What a machine fills in is kept too, refused, and told nothing.
    """
    key = clean(key, _NAME)
    row = tx.first(select(form).where(form.c.key == key, form.c.active.is_(True)))
    if row is None:
        return None
    data = {clean(name, _NAME): clean(value, _LONGEST) for name, value in came.data.items()}
    external = f"{key}:{data[KEY][:_NAME]}" if data.get(KEY) else None
    tx.begin()
    if external:
        before = tx.first(select(submission).where(submission.c.external_id == external))
        if before is not None:
            return Answered(submission_id=before.id, contact_id=before.contact_id, reason=before.reason)
    tags = {**tags_of_address(came.page), **{name: data[name] for name in TAGS if data.get(name)}}
    campaign_id = campaign_of(tags, campaigns_tagged(tx, [tags])) or row.campaign_id
    reason = _problem(tx, row.fields, data)
    contact_id = None
    if not reason:
        contact_id, reason = _person(tx, row, data)
    made = tx.add(
        Submission(
            form_id=row.id, at=tx.now, contact_id=contact_id,
            customer_id=customers_of(tx, [contact_id]).get(contact_id) if contact_id else None,
            campaign_id=campaign_id, status="rejected" if reason else "taken", reason=reason, data=data, utm=tags,
            external_id=external, source=f"form {key}",
        )
    )  # fmt: skip
    tx.flush()
    if contact_id is not None:
        _follow_up(tx, row, made, data)
        if came.visitor:
            tie(tx, came.visitor, contact_id, by="form")
    return Answered(submission_id=made.id, contact_id=contact_id, reason=reason)


def _named(fields: Sequence[Mapping[str, Any]], kind: str) -> list[str]:
    return [str(one.get("name") or "") for one in fields if one.get("kind") == kind]


def _said(fields: Sequence[Mapping[str, Any]], kind: str, data: Mapping[str, str]) -> str:
    return next((data[name] for name in _named(fields, kind) if data.get(name)), "")


def _problem(tx: Transaction, fields: Sequence[Mapping[str, Any]], data: Mapping[str, str]) -> str:
    """Return why what came in cannot be taken, in a sentence for who filled it in."""
    if data.get(TRAP):
        return _("A machine filled this in.")
    missing = [
        str(one.get("label") or one["name"]) for one in fields if one.get("required") and not data.get(one["name"])
    ]
    if missing:
        return _("Please fill in: {fields}.").format(fields=", ".join(missing))
    region = str(tx.settings().get("region") or "")
    for kind in ("email", "phone"):
        for name in _named(fields, kind):
            wrong = point_problem(kind, data[name], region) if data.get(name) else ""
            if wrong:
                return wrong
    for name in _named(fields, "number"):
        if data.get(name) and not data[name].replace(".", "", 1).replace(",", "").isdigit():
            return _("“{text}” is no number.").format(text=data[name])
    if not any(_said(fields, kind, data) for kind in ("email", "phone")):
        return _("Please leave an e-mail address or a phone number.")
    return ""


def _person(tx: Transaction, row: Any, data: Mapping[str, str]) -> tuple[int | None, str]:
    """Return the contact who filled in a form, or why there is none.

    Whoever alone has the address is meant, whatever name was typed, and stays as it is stored: on the web anybody can
    type anything. Others are matched, or made, as an import does.
    """
    mail, phone = _said(row.fields, "email", data), _said(row.fields, "phone", data)
    known = party_ids(tx, tables.contact, [mail]).ids.get(mail) if mail else None
    if known is not None:
        return known, ""
    points = [Point(kind=kind, value=value) for kind, value in (("email", mail), ("phone", phone)) if value]
    told = take_in(
        tx,
        [
            IncomingContact(
                line=1, name=_said(row.fields, "name", data) or mail.partition("@")[0] or phone,
                organisation=_said(row.fields, "company", data), title=_said(row.fields, "title", data),
                points=tuple(points),
            )
        ],
        source=f"form {row.key}",
    )  # fmt: skip
    if told.rejections:
        return None, told.rejections[0].reason
    made = [one.id for one in told.effects if one.entity == "contact"]
    return (made[0], "") if made else (_holder(tx, mail, phone), "")


def _holder(tx: Transaction, mail: str, phone: str) -> int | None:
    """Return the first contact who has this address or number."""
    p, region = tables.contact_point.c, str(tx.settings().get("region") or "")
    normal = [point_key(kind, value, region) for kind, value in (("email", mail), ("phone", phone)) if value]
    wanted = select(p.contact_id).where(p.normal.in_(normal), p.contact_id.is_not(None)).order_by(p.contact_id)
    row = tx.first(wanted.limit(1))
    return None if row is None else int(row.contact_id)


def _follow_up(tx: Transaction, row: Any, made: Submission, data: Mapping[str, str]) -> None:
    """Let the contact join the campaign, note the touch and what was asked about, and keep the consent."""
    assert made.contact_id is not None  # noqa: S101 # only what was taken is followed up
    engaged(
        tx,
        [
            Touch(
                campaign_id=made.campaign_id, kind="form", at=made.at, contact_id=made.contact_id,
                customer_id=made.customer_id, channel="web", product=_said(row.fields, "product", data) or row.product,
                entity=submission.name, record_id=made.id,
            )
        ],
    )  # fmt: skip
    for one in row.fields:
        if one.get("kind") == "consent" and data.get(str(one["name"]), "").lower() in ("1", "on", "yes", "true", "是"):
            tx.add(
                Consent(
                    contact_id=made.contact_id, channel=str(one.get("channel") or _CHANNEL),
                    purpose=str(one.get("purpose") or _PURPOSE), state="granted", at=made.at,
                    evidence=_("form {name}, submission {id}: “{text}”").format(
                        name=row.name, id=made.id, text=one.get("label") or one["name"]
                    ),
                    source=made.source,
                )
            )  # fmt: skip
