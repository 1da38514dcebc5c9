"""A request as the page of a plugin gets it, and the answers it can give."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from attrs import frozen
from markupsafe import Markup
from werkzeug.wrappers import Request, Response

from crmcore.app import App
from crmcore.engine.reader import Reader
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput
from crmcore.i18n import _

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title}</title></head>
<body style="font-family: sans-serif; max-width: 34em; margin: 3em auto; padding: 0 1em">
<h1 style="font-size: 1.3em">{title}</h1>{body}</body></html>
"""


@frozen(kw_only=True, eq=False)
class Visit:
    """A request: `values` are the parts of the address that the rule names, `language` is `en` or `zh`.

    Messages are in that language while the page answers. `request` is Werkzeug's.
    """

    app: App
    plugin: str
    request: Request
    language: str
    values: Mapping[str, Any]

    def transaction(self, why: str) -> Transaction:
        """Return a transaction in the name of the system; its cause is the plugin, and `why`."""
        return self.app.transaction(cause=f"plugin {self.plugin}, {why}"[:200])

    def read(self) -> Reader:
        """Return a reader in the name of the system."""
        return self.app.read()

    @property
    def address(self) -> str:
        """The address on the net that the request came from."""
        return self.request.remote_addr or ""

    @property
    def wants_json(self) -> bool:
        """Whether answers are to be JSON: the path ends in `.json`."""
        return self.request.path.endswith(".json")

    def form(self) -> dict[str, str]:
        """Return the fields of a form that was posted, the first value of each."""
        return {name: values[0] for name, values in self.request.form.lists() if values}

    def data(self) -> dict[str, Any]:
        """Return the JSON object that was posted, of whatever type it says it is; raises `InvalidInput` for others."""
        try:
            found = json.loads(self.request.get_data())
        except (ValueError, RecursionError) as error:
            raise InvalidInput(_("This is no JSON in UTF-8: {why}").format(why=error)) from error
        if not isinstance(found, dict):
            raise InvalidInput(_("This is no JSON object."))
        return found

    def page(self, title: str, body: str | Markup = "", *, status: int = 200) -> Response:
        """Return a plain page without script; what is no `Markup` is text, and escaped."""
        text = _PAGE.format(language=escape(self.language), title=escape(title), body=Markup.escape(body))
        return Response(text, status=status, mimetype="text/html")

    def told(self, data: Any, *, status: int = 200) -> Response:
        """Return a JSON document."""
        text = json.dumps(data, ensure_ascii=False, default=str)
        return Response(text, status=status, mimetype="application/json")

    def refusal(self, reason: str, *, status: int = 422) -> Response:
        """Return the page, or the JSON document, that says why something is not done."""
        if self.wants_json:
            return self.told({"error": reason}, status=status)
        return self.page(_("This did not work"), Markup("<p>{}</p>").format(reason), status=status)
