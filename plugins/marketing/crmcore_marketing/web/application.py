"""The endpoint of our own pages, as a WSGI application: links of mails, forms and visits, nothing else.

| address | does |
|---|---|
| `GET /u/TOKEN` | asks whether to unsubscribe: looking, as link scanners do, changes nothing |
| `POST /u/TOKEN` | unsubscribes (RFC 8058) |
| `GET /c/TOKEN/N` | leads to the N-th link of a message |
| `POST /f/KEY` | takes a form |
| `GET /v` | counts a page: its address is that of the Referer header, or `page=` |
| `POST /v/consent`, `POST /v/withdraw` | lets a browser be known, or forgets it |
"""

import logging
from base64 import b64decode
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException, NotFound, RequestEntityTooLarge
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from crmcore.api import App, CrmError, Transaction
from crmcore.command import speaking
from crmcore_marketing.i18n import _
from crmcore_marketing.web import pages
from crmcore_marketing.web.forms import TRAP, Came, submit
from crmcore_marketing.web.logs import is_machine
from crmcore_marketing.web.messages import follow, unsubscribe
from crmcore_marketing.web.visitors import forget, note, welcome

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

COOKIE = "crm_visitor"
_YEAR = 365 * 86_400
_PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""A transparent picture of one point (GIF 89a)."""
_LANGUAGES = ("en", "zh")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
_PREFETCH = frozenset({"prefetch", "preview", "prerender"})
_log = logging.getLogger(__name__)


class _Asked(Request):
    """A request, no larger than anything that people send us."""

    max_content_length = 256 * 1024
    max_form_memory_size = 64 * 1024
    max_form_parts = 100


class Endpoint:
    """The application; every request is a transaction of its own, and none ends in a traceback."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._map = Map(
            [
                Rule("/u/<token>", methods=["GET"], endpoint=self._ask),
                Rule("/u/<token>", methods=["POST"], endpoint=self._unsubscribe),
                Rule("/c/<token>/<int:number>", methods=["GET"], endpoint=self._follow),
                Rule("/f/<key>", methods=["POST"], endpoint=self._submit),
                Rule("/v", methods=["GET"], endpoint=self._visit),
                Rule("/v/consent", methods=["POST"], endpoint=self._consent),
                Rule("/v/withdraw", methods=["POST"], endpoint=self._withdraw),
            ]
        )

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        asked = _Asked(environ)
        language = asked.accept_languages.best_match(_LANGUAGES, "en")
        with speaking(language):
            answer = self._answer(asked, environ, language)
        for name, value in _HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer(environ, start_response)

    def _answer(self, asked: _Asked, environ: "WSGIEnvironment", language: str) -> Response:
        try:
            found, values = self._map.bind_to_environ(environ).match()
            answer: Callable[..., Response] = found
            return answer(asked, language, **values)
        except RequestEntityTooLarge:
            return _refusal(_("That is more than this form takes."), 413, language)
        except HTTPException as error:
            if error.response is not None:
                return Response(status=error.response.status_code, headers=[("Location", "/")])
            return _refusal(_said(error), error.code or 400, language)
        except CrmError as error:
            return _refusal(str(error), 422, language)
        except Exception:  # noqa: BLE001 # the outside is told nothing of what broke; the log is
            _log.exception("%s %s", asked.method, asked.path)
            return _refusal(_("Something went wrong on our side; please try again later."), 500, language)

    def _transaction(self, why: str) -> Transaction:
        return self._app.transaction(cause=f"plugin marketing, {why}")

    def _ask(self, _asked: _Asked, language: str, token: str) -> Response:
        return _page(pages.ask_unsubscribe(language))

    def _unsubscribe(self, _asked: _Asked, language: str, token: str) -> Response:
        # An unknown token is answered alike: nobody learns which there are.
        with self._transaction("unsubscribing") as tx:
            unsubscribe(tx, token, _("unsubscribed by a link"))
        return _page(pages.unsubscribed(language))

    def _follow(self, asked: _Asked, _language: str, token: str, number: int) -> Response:
        looks = asked.method == "HEAD" or is_machine(asked.user_agent.string) or _is_prefetch(asked)
        with self._transaction("link") as tx:
            address = follow(tx, token, number, visitor=asked.cookies.get(COOKIE, ""))
            if looks:
                tx.abandon()
        if address is None:
            raise NotFound
        return Response(status=302, headers=[("Location", address)])

    def _submit(self, asked: _Asked, language: str, key: str) -> Response:
        data = {name: values[0] for name, values in asked.form.lists() if values}
        page = data.pop("page", "") or asked.referrer or ""
        with self._transaction(f"form {key}"[:100]) as tx:
            done = submit(tx, key, Came(data=data, page=page, visitor=asked.cookies.get(COOKIE, "")))
        if done is None:
            raise NotFound
        if done.reason and not data.get(TRAP):
            return _refusal(done.reason, 422, language)
        return _page(pages.thanks(language))

    def _visit(self, asked: _Asked, _language: str) -> Response:
        address = asked.args.get("page") or asked.referrer or ""
        if address and asked.method == "GET":
            with self._transaction("visit") as tx:
                note(
                    tx, address, asked.args.get("ref", ""), secret=asked.cookies.get(COOKIE, ""),
                    machine=is_machine(asked.user_agent.string),
                )  # fmt: skip
        return Response(_PIXEL, mimetype="image/gif")

    def _consent(self, asked: _Asked, _language: str) -> Response:
        answer = Response(status=204)
        if not asked.cookies.get(COOKIE):
            with self._transaction("consent to be known") as tx:
                secret = welcome(tx)
            answer.set_cookie(
                COOKIE, secret, max_age=_YEAR, httponly=True, samesite="Lax", secure=asked.is_secure, path="/"
            )  # fmt: skip
        return answer

    def _withdraw(self, asked: _Asked, _language: str) -> Response:
        with self._transaction("consent withdrawn") as tx:
            forget(tx, asked.cookies.get(COOKIE, ""))
        answer = Response(status=204)
        answer.delete_cookie(COOKIE, path="/")
        return answer


def _page(text: str, status: int = 200) -> Response:
    return Response(text, status=status, mimetype="text/html")


def _refusal(reason: str, status: int, language: str) -> Response:
    return _page(pages.refused(reason, language), status)


def _said(error: HTTPException) -> str:
    sentences = {
        404: _("There is nothing here."), 405: _("This address takes other requests."),
        400: _("The request cannot be read."), 415: _("The request cannot be read."),
    }  # fmt: skip
    return sentences.get(error.code or 400, _("The request cannot be read."))


def _is_prefetch(asked: Request) -> bool:
    said = (asked.headers.get(name, "").lower() for name in ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"))
    return any(word in value for value in said for word in _PREFETCH)
