"""What our pages answer: links of mails, forms and visits.

| address | does |
|---|---|
| `GET /u/TOKEN` | asks whether to unsubscribe: looking, as link scanners do, changes nothing |
| `POST /u/TOKEN` | unsubscribes (RFC 8058) |
| `GET /c/TOKEN/N` | leads to the N-th link of a message |
| `POST /f/KEY` | takes a form |
| `GET /v` | counts a page: its address is that of the Referer header, or `page=` |
| `POST /v/consent`, `POST /v/withdraw` | lets a browser be known, or forgets it |
"""

from base64 import b64decode

from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from crmcore.web.visit import Visit
from crmcore_marketing.i18n import _
from crmcore_marketing.web.forms import TRAP, Came, submit
from crmcore_marketing.web.logs import is_machine
from crmcore_marketing.web.messages import follow, unsubscribe
from crmcore_marketing.web.visitors import forget, note, welcome

COOKIE = "crm_visitor"
_YEAR = 365 * 86_400
_PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""A transparent picture of one point (GIF 89a)."""
_PREFETCH = frozenset({"prefetch", "preview", "prerender"})
_PARAGRAPH = Markup("<p>{}</p>")
_ASKING = Markup(
    '<p>{}</p><form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
    '<button style="font-size: 1em; padding: .5em 1em">{}</button></form>'
)


def ask(visit: Visit) -> Response:
    """Ask whether somebody wants no more mail; looking at it changes nothing."""
    body = _ASKING.format(_("We will write to you no more about offers and events."), _("Unsubscribe"))
    return visit.page(_("Do you want no more of these mails?"), body)


def stop(visit: Visit) -> Response:
    """Unsubscribe. An unknown token is answered alike: nobody learns which there are."""
    with visit.transaction("unsubscribing") as tx:
        unsubscribe(tx, visit.values["token"], _("unsubscribed by a link"))
    said = _("You will get no more of these mails. Letters about a contract with you still come.")
    return visit.page(_("Done"), _PARAGRAPH.format(said))


def lead_on(visit: Visit) -> Response:
    """Lead to where a message links, and note that somebody did, unless a machine looks."""
    asked = visit.request
    looks = asked.method == "HEAD" or is_machine(asked.user_agent.string) or _is_prefetch(asked)
    with visit.transaction("link") as tx:
        address = follow(tx, visit.values["token"], visit.values["number"], visitor=asked.cookies.get(COOKIE, ""))
        if looks:
            tx.abandon()
    if address is None:
        raise NotFound
    return Response(status=302, headers=[("Location", address)])


def take_form(visit: Visit) -> Response:
    """Take a form, or say what is wrong with it; a machine is told that all is well."""
    asked, data, key = visit.request, visit.form(), visit.values["key"]
    page = data.pop("page", "") or asked.referrer or ""
    with visit.transaction(f"form {key}"[:100]) as tx:
        done = submit(tx, key, Came(data=data, page=page, visitor=asked.cookies.get(COOKIE, "")))
    if done is None:
        raise NotFound
    if done.reason and not data.get(TRAP):
        return visit.refusal(done.reason)
    return visit.page(_("Thank you"), _PARAGRAPH.format(_("We have got it.")))


def count(visit: Visit) -> Response:
    """Count a page that was looked at."""
    asked = visit.request
    address = asked.args.get("page") or asked.referrer or ""
    if address and asked.method == "GET":
        with visit.transaction("visit") as tx:
            note(
                tx, address, asked.args.get("ref", ""), secret=asked.cookies.get(COOKIE, ""),
                machine=is_machine(asked.user_agent.string),
            )  # fmt: skip
    return Response(_PIXEL, mimetype="image/gif")


def agree(visit: Visit) -> Response:
    """Let a browser be known."""
    answer = Response(status=204)
    if not visit.request.cookies.get(COOKIE):
        with visit.transaction("consent to be known") as tx:
            secret = welcome(tx)
        secure = visit.request.is_secure
        answer.set_cookie(COOKIE, secret, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure, path="/")
    return answer


def withdraw(visit: Visit) -> Response:
    """Forget a browser."""
    with visit.transaction("consent withdrawn") as tx:
        forget(tx, visit.request.cookies.get(COOKIE, ""))
    answer = Response(status=204)
    answer.delete_cookie(COOKIE, path="/")
    return answer


def _is_prefetch(asked: Request) -> bool:
    said = (asked.headers.get(name, "").lower() for name in ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"))
    return any(word in value for value in said for word in _PREFETCH)
