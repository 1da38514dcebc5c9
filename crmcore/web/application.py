"""The pages of all enabled plugins as one WSGI application: what nobody declares is not there, and nothing leaks."""

import logging
from collections.abc import Iterable
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from attrs import frozen
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from crmcore.app import App
from crmcore.errors import InvalidInput, NotFound, Refused
from crmcore.hooks.pages import Page
from crmcore.i18n import _, speaking
from crmcore.plugins.dispatch import Dispatcher
from crmcore.web.limiting import Limiter
from crmcore.web.visit import Visit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HOOK = "crm_pages"
LANGUAGES = ("en", "zh")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
_log = logging.getLogger(__name__)


class _Asked(Request):
    """A request, no larger than anything that people send us."""

    max_content_length = 256 * 1024
    max_form_memory_size = 64 * 1024
    max_form_parts = 100


@frozen(eq=False)
class _Answering:
    """A page and the plugin it is of."""

    plugin: str
    page: Page


class Application:
    """Answers requests by the pages that plugins declare; none ends in a traceback.

    A plugin enabled or disabled while it runs is there, or gone, from the next request on.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = Lock()
        self._limiter = Limiter()
        self._known: tuple[Dispatcher, Map] | None = None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        asked = _Asked(environ)
        language = asked.accept_languages.best_match(LANGUAGES, LANGUAGES[0])
        with speaking(language):
            answer = self._answer(asked, language)
        for name, value in _HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer(environ, start_response)

    def _answer(self, asked: Request, language: str) -> Response:
        nobody = Visit(app=self._app, plugin="", request=asked, language=language, values={})
        plugin = ""
        try:
            found, values = self._pages().bind_to_environ(asked.environ).match()
            plugin = found.plugin
            wait = self._wait(found, asked)
            if wait:
                answer = nobody.refusal(_("That was often; please try again in an hour."), status=429)
                answer.headers["Retry-After"] = str(int(wait) + 1)
                return answer
            visit = Visit(app=self._app, plugin=plugin, request=asked, language=language, values=values)
            response: Response = found.page.answer(visit)
            return response
        except RequestEntityTooLarge:
            return nobody.refusal(_("That is more than this page takes."), status=413)
        except HTTPException as error:
            return nobody.refusal(_said(error), status=error.code or 400)
        except NotFound as error:
            return nobody.refusal(str(error), status=404)
        except (InvalidInput, Refused) as error:
            return nobody.refusal(str(error))
        except Exception as error:  # noqa: BLE001 # the outside is told nothing of what broke; the log and the doctor are
            _log.exception("%s %s", asked.method, asked.path)
            if plugin:
                self._app.dispatcher.note_failure(plugin, HOOK, f"{type(error).__name__}: {error}")
            return nobody.refusal(_("Something went wrong on our side; please try again later."), status=500)

    def _wait(self, found: _Answering, asked: Request) -> float:
        if not found.page.most:
            return 0.0
        return self._limiter.wait(found.page.keys[0], asked.remote_addr or "", found.page.most, monotonic())

    def _pages(self) -> Map:
        """Return the pages as they stand now."""
        with self._app.read():  # takes up what was enabled or disabled meanwhile
            dispatcher = self._app.dispatcher
        with self._lock:
            if self._known is None or self._known[0] is not dispatcher:
                self._known = dispatcher, _map(dispatcher)
            return self._known[1]


def _map(dispatcher: Dispatcher) -> Map:
    pages = Map(strict_slashes=False, merge_slashes=False)
    for plugin, page in dispatcher.declared_by_plugin(HOOK):
        try:
            pages.add(Rule(page.rule, methods=page.methods, endpoint=_Answering(plugin, page)))
        except (ValueError, LookupError) as error:  # the rule cannot be understood
            dispatcher.note_failure(plugin, HOOK, f"{page.rule}: {error}")
    return pages


def _said(error: HTTPException) -> str:
    sentences: dict[Any, str] = {
        404: _("There is nothing here."),
        405: _("This address takes other requests."),
    }
    return sentences.get(error.code, _("The request cannot be read."))
