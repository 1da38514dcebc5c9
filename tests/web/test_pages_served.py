"""Pages of plugins on a real socket: found, refused in plain words, limited, and gone with their plugin."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from types import SimpleNamespace

import pytest

from crmcore.errors import InvalidInput, NotFound, WorkspaceError
from crmcore.hooks.kinds import impl
from crmcore.hooks.pages import Page


def plugin(*pages: Page) -> SimpleNamespace:
    """A plugin that has pages."""

    @impl
    def crm_pages() -> list[Page]:
        return list(pages)

    return SimpleNamespace(crm_pages=crm_pages)


def raising(error: Exception) -> Callable:
    def answer(_visit):
        raise error

    return answer


def ask(site, method, path, body=None, **headers):
    connection = HTTPConnection(*site, timeout=60)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body=body, headers=given)
    answer = connection.getresponse()
    told = answer.status, answer.headers, answer.read().decode()
    connection.close()
    return told


def test_pages_answer_and_what_goes_wrong_is_said_without_a_detail(crm_app, crm_web):
    def greet(visit):
        with visit.transaction("greeting") as tx:
            cause = tx.cause
        return visit.page(f"<{visit.values['name']}>", f"{cause} & {visit.language} & {visit.address}")

    pages = [
        Page(rule="/hello/<name>", answer=greet),
        Page(rule="/echo.json", methods=("POST",), answer=lambda visit: visit.told({"got": visit.data()})),
        Page(rule="/bad", answer=raising(InvalidInput("Not so, 您好 <b>."))),
        Page(rule="/none.json", answer=raising(NotFound("No such thing."))),
        Page(rule="/broken", answer=raising(ZeroDivisionError("secret detail"))),
        Page(rule="/down.json", answer=raising(WorkspaceError("secret place of the database"))),
    ]
    app = crm_app(("one", plugin(*pages)), strict=False)
    with crm_web(app) as site:
        status, headers, text = ask(site, "GET", "/hello/%3Cscript%3E", Accept_Language="zh-CN,zh;q=0.9")
        assert (status, "&lt;&lt;script&gt;&gt;" in text, '<html lang="zh">' in text) == (200, True, True)
        assert "plugin one, greeting &amp; zh &amp; 127.0.0.1" in text
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert (headers["X-Frame-Options"], headers["Cache-Control"]) == ("DENY", "no-store")
        assert json.loads(ask(site, "POST", "/echo.json", '{"a": [1]}')[2]) == {"got": {"a": [1]}}
        for body in ("{", "[1]", b"\xff", "[" * 100_000):
            status, _headers, text = ask(site, "POST", "/echo.json", body)
            assert (status, "error" in json.loads(text)) == (422, True)
        assert ask(site, "POST", "/echo.json", b"x" * 300_000)[0] == 413
        status, _headers, text = ask(site, "GET", "/bad")
        assert (status, "Not so, 您好 &lt;b&gt;." in text) == (422, True)
        assert ask(site, "GET", "/none.json")[::2] == (404, '{"error": "No such thing."}')
        for path in ("/broken", "/down.json"):
            status, _headers, text = ask(site, "GET", path)
            assert (status, "secret" in text, "later" in text) == (500, False, True)
        for method, path, wanted in (("GET", "/", 404), ("POST", "/bad", 405), ("GET", "/%2e%2e/x", 404)):
            assert ask(site, method, path)[0] == wanted
    assert {(one.plugin, one.hook) for one in app.dispatcher.failures} == {("one", "crm_pages")}


def test_two_plugins_cannot_answer_one_address_and_a_rule_that_is_none_is_named(crm_app, crm_web):
    def said(word):
        return lambda visit: visit.page(word)

    one = plugin(Page(rule="/s/<token>", answer=said("first")))
    two = plugin(Page(rule="/t", answer=said("own")), Page(rule="/s/<key>", methods=("POST", "GET"), answer=said("x")))
    three = plugin(Page(rule="/odd/<nothing:x>", answer=said("odd")), Page(rule="/sound", answer=said("sound")))
    app = crm_app(("one", one), ("two", two), ("three", three), strict=False)
    with crm_web(app) as site:
        assert "first" in ask(site, "GET", "/s/1")[2]
        assert (ask(site, "GET", "/t")[0], ask(site, "GET", "/sound")[0], ask(site, "GET", "/odd/1")[0]) == (
            404,
            200,
            404,
        )
    told = {one.plugin: one.message for one in app.dispatcher.failures}
    assert "both one and two declare “GET /s/<>”" in told["two"]
    assert "/odd/<nothing:x>" in told["three"]
    with pytest.raises(ValueError, match="begins with"):
        Page(rule="x", answer=said(""))
    with pytest.raises(ValueError, match="methods"):
        Page(rule="/x", methods=("BREW",), answer=said(""))


def test_an_address_asks_so_often_and_others_still_can(crm_app, crm_web):
    app = crm_app(("one", plugin(Page(rule="/few", most=3, answer=lambda visit: visit.page(visit.address)))))
    with crm_web(app, proxy="127.0.0.1") as site:
        asked = [ask(site, "GET", "/few", X_Forwarded_For="2001:db8::1")[0] for _each in range(3)]
        neighbour = ask(site, "GET", "/few", X_Forwarded_For="2001:db8::2")
        assert (asked, neighbour[0], int(neighbour[1]["Retry-After"]) > 3500) == ([200] * 3, 429, True)
        assert ask(site, "GET", "/few", X_Forwarded_For="203.0.113.9")[0] == 200
    with crm_web(app) as site:  # without a proxy nobody's word is taken
        told = [ask(site, "GET", "/few", X_Forwarded_For=f"203.0.113.{one}") for one in range(4)]
        assert [one[0] for one in told] == [200, 200, 200, 429]
        assert "127.0.0.1" in told[0][2]


def test_the_command_serves_until_it_is_ended_and_lists_what_it_answers(crm_workspace, crm_run):
    crm_workspace.open("marketing")
    listed = {one["rule"]: one["plugin"] for one in crm_run("web", "pages", "--json").json}
    assert (listed["/u/<token>"], "/v" in crm_run("web", "pages").out) == ("marketing", True)
    command = [sys.executable, "-m", "crmcore.cli", "web", "serve", "--port", "0"]
    environment = {**os.environ, "CRM_DATABASE_URL": crm_workspace.url, "CRM_USER": "ann", "CRM_LANG": "en"}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        port = int(re.search(r"http://127.0.0.1:(\d+);", process.stderr.readline())[1])
        assert (ask(("127.0.0.1", port), "GET", "/u/x")[0], ask(("127.0.0.1", port), "GET", "/x")[0]) == (200, 404)
        taken = crm_run("web", "serve", "--port", port, code=1)
        assert taken.err.startswith(f"Error: It cannot listen at 127.0.0.1:{port}: ")
        process.terminate()
        assert process.communicate(timeout=20)[1] == ""
        assert process.returncode == 0
    finally:
        process.kill()


def test_the_doctor_says_where_links_that_a_plugin_makes_cannot_be(crm_workspace, crm_run, tmp_path):
    from crmcore.health.web import web

    page = Page(rule="/s/<token>", signed=True, answer=lambda visit: visit.page("x"))
    app = crm_workspace.open(("one", plugin(page)))

    def said():
        return [(one.severity, one.plugin) for one in web(None, app)]

    assert list(web(None, crm_workspace.open())) == []
    assert said() == [("warning", "one")]
    crm_run("web", "key", tmp_path / "key")
    assert said() == [("warning", "one")]
    crm_run("setting", "set", "web.url", "https://service.example/")
    assert said() == [("info", "")]
    (tmp_path / "key").unlink()
    assert said() == [("error", "one")]
    for wrong in ("ftp://x", "https://", "https://a:b@c", "https://a b"):
        assert crm_run("setting", "set", "web.url", wrong, code=1).err.startswith("Error: web.url: ")
