"""Service on the web: a queue, a key for links and one for other systems, and the pages on loopback."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import pytest
from crmcore_service.model.queue import TicketQueue

URL = "https://service.huaxin.example"
BEARER = {"Authorization": "Bearer a-key-of-a-chat-widget"}


class Site:
    """The pages of service, as a browser and another system see them."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        """Return the status and the text of what is answered."""
        connection = HTTPConnection(*self._address, timeout=60)
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if isinstance(body, str) else {}
        connection.request(method, path.removeprefix(URL), body=body, headers={**kind, **headers})
        answer = connection.getresponse()
        told = answer.status, answer.read().decode()
        connection.close()
        return told

    def post(self, path: str, language: str = "en", **fields: str) -> tuple[int, str]:
        """Send a form."""
        return self.ask("POST", path, urlencode(fields), **{"Accept-Language": language})

    def json(self, path: str, headers: dict[str, str] | None = None, **said: Any) -> tuple[int, Any]:
        """Send JSON with the key; return what is answered, read."""
        status, text = self.ask("POST", path, json.dumps(said).encode(), **(BEARER if headers is None else headers))
        return status, json.loads(text)


@pytest.fixture
def site(office, crm_web, tmp_path, monkeypatch) -> Iterator[Site]:
    monkeypatch.setenv("WIDGET_KEY", BEARER["Authorization"].removeprefix("Bearer "))
    for name, value in (("web.url", URL), ("service.web_key", "env:WIDGET_KEY")):
        office.crm("setting", "set", name, value, user="ann")
    office.crm("web", "key", tmp_path / "web.key", user="ann")
    with office.at(office.clock.now, user="ann") as tx:
        tx.add(TicketQueue(name="Repairs", code="repairs"))
    with crm_web(office.app) as address:
        yield Site(address)
