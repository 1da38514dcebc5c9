"""The door for other systems: a request or a chat as JSON, with the key of the workspace.

`POST /request/QUEUE.json`, header `Authorization: Bearer KEY` (setting `service.web_key`):

    {"name": "…", "email": "…", "phone": "…", "company": "…", "subject": "…", "text": "…", "product": "…",
     "channel": "form", "id": "what it is called there"}
    {"email": "…", "channel": "chat", "id": "conversation 7", "subject": "…",
     "messages": [{"at": "2026-11-24T10:00+08:00", "from": "customer", "name": "…", "text": "…"}]}

The answer has `ticket` (its number), `id`, `new`, `why`, `status_url` (null without web.url and web.key),
`first_response_due`. Sent again with the same `id` it is the same request; of a chat that is how it grows.
"""

import hmac
from typing import Any

from sqlalchemy import select
from werkzeug.wrappers import Response

from crmcore.api import InvalidInput, Transaction, secret, storable
from crmcore.web.visit import Visit
from crmcore_service.i18n import _
from crmcore_service.intake.asking import FORM, Taken, asked, queue_open, take
from crmcore_service.intake.transcripts import CUSTOMER, lines_of, transcript, went_on
from crmcore_service.tables import ticket

KEY = "service.web_key"
CHAT = "chat"
_CHANNELS = (FORM, CHAT, "message", "call", "fax")
_TEXTS = ("name", "email", "phone", "company", "subject", "text", "product", "channel", "id")
_FIELDS = (*_TEXTS, "messages")
_NAME = 200


def take_json(visit: Visit) -> Response:
    """Take what another system sends."""
    if not _is_allowed(visit):
        return visit.refusal(_("The key is missing or wrong."), status=401)
    said = visit.data()
    _must_be_sound(said)
    with visit.transaction("request") as tx:
        queue_id, name = queue_open(tx, visit.values["key"])
        done = _taken(tx, said, queue_id, f"web, {name}")
        due = tx.value(select(ticket.c.response_due).where(ticket.c.id == done.ticket_id))
    told = {
        "ticket": done.number, "id": done.ticket_id, "new": done.opened, "why": done.why, "status_url": done.link,
        "first_response_due": None if due is None else due.isoformat(),
    }  # fmt: skip
    return visit.told(told, status=201 if done.opened else 200)


def _is_allowed(visit: Visit) -> bool:
    with visit.read() as reader:
        key = secret(reader, KEY)
    given = visit.request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(key) and hmac.compare_digest(given.encode(), key.encode())


def _must_be_sound(said: dict[str, Any]) -> None:
    odd = sorted(set(said) - set(_FIELDS))
    if odd:
        raise InvalidInput(
            _("There is no field “{name}”; there are {known}.").format(name=odd[0], known=", ".join(_FIELDS))
        )
    for name in _TEXTS:
        if not isinstance(said.get(name) or "", str):
            raise InvalidInput(_("{name}: a text is wanted.").format(name=name))
    if (said.get("channel") or FORM) not in _CHANNELS:
        raise InvalidInput(_("channel: one of {known} is wanted.").format(known=", ".join(_CHANNELS)))
    if "messages" in said and not said.get("id"):
        raise InvalidInput(_("id: a chat has a name, by which it is known again."))


def _taken(tx: Transaction, said: dict[str, Any], queue_id: int, source: str) -> Taken:
    channel, name = said.get("channel") or FORM, storable(str(said.get("id") or ""))[:_NAME]
    texts = {each: str(said.get(each) or "") for each in _TEXTS}
    if "messages" not in said:
        return take(tx, asked(texts, channel=channel, external_id=name or None), queue_id, source)
    lines = lines_of(said["messages"])
    words = next((one.text for one in lines if one.by == CUSTOMER), "")
    whole = {**texts, "text": transcript(tx, lines), "subject": texts["subject"] or words}
    done = take(tx, asked(whole, channel=channel, at=lines[0].at, external_id=name), queue_id, source)
    went_on(tx, done.ticket_id, done.interaction_id, lines)
    return done
