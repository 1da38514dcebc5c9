"""The door for telephone systems: events as JSON, by the key of a line that posts.

`POST /calls/events`, header `Authorization: Bearer KEY`; see docs/reference/call-events.md for what is posted. The
answer counts what was `taken`, what was `known` already, and says for each event that was `refused` why.
"""

import hmac

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from crmcore.api import Conflict, InvalidInput, secret_at
from crmcore.web.visit import Visit
from crmcore_callcenter.i18n import _
from crmcore_callcenter.listening.lines import POST
from crmcore_callcenter.listening.posting import Posted, post, told
from crmcore_callcenter.tables import line

_BEARER = "Bearer "
_MOST = 100
_TRIES = 4


def take_events(visit: Visit) -> Response:
    """Take what a telephone system posts."""
    found = _line_of(visit)
    if found is None:
        answer = visit.told({"error": _("The key is missing or wrong.")}, status=401)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    key, name, system = found
    try:
        done = _posted(visit, visit.request.get_data(), key, name, system)
    except InvalidInput as error:
        return visit.told({"error": str(error)}, status=422)
    except RequestEntityTooLarge:
        return visit.told({"error": _("That is more than is taken at once.")}, status=413)
    nothing = done.refused and not done.taken and not done.known
    return visit.told(told(done), status=422 if nothing else 200)


def _posted(visit: Visit, body: bytes, key: int, name: str, system: str) -> Posted:
    """Take events; again where somebody else told of the same call at the same moment."""
    for left in reversed(range(_TRIES)):
        try:
            with visit.transaction(f"call events of {name}") as tx:
                return post(tx, body, system=system, line_id=key)
        except (IntegrityError, OperationalError, Conflict):
            if not left:
                raise
    raise AssertionError  # the last try returns or raises


def _line_of(visit: Visit) -> tuple[int, str, str] | None:
    """Return the line whose key was given. Each is compared, and in constant time: the answer tells nothing of them."""
    given = visit.request.headers.get("Authorization", "")
    token = given[len(_BEARER) :].encode("utf-8", "replace") if given.startswith(_BEARER) else b""
    c = line.c
    with visit.read() as reader:
        rows = reader.rows(
            select(c.id, c.name, c.system, c.password).where(c.kind == POST, c.active.is_(True)).limit(_MOST)
        )
    found = None
    for row in rows:
        key = _key(row.password, row.name)
        if hmac.compare_digest(token, key) and key:
            found = found or (row.id, row.name, row.system)
    return found


def _key(place: str, name: str) -> bytes:
    """Return the key of a line; nothing where it cannot be read, and nobody comes in by it."""
    try:
        return secret_at(place, name).encode()
    except InvalidInput:
        return b""
