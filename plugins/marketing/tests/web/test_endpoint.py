"""The endpoint on a real socket: one-click unsubscribe, scanners, real browsers' posts, and nothing that breaks it."""

import socket
from collections.abc import Iterator

import pytest
from crmcore_marketing.tables import message
from sqlalchemy import insert, select

from crmcore.api import tables

TOKEN = "a-secret-name-of-a-message"  # noqa: S105 # of a test


@pytest.fixture
def app(crm_app):
    return crm_app("marketing")


@pytest.fixture
def site(app, crm_web) -> Iterator[tuple[str, int]]:
    with crm_web(app) as address:
        yield address


@pytest.fixture
def sent(app, make_contact):
    """A contact who got a message."""
    contact = make_contact("李伟", email="li@example.cn")
    with app.transaction() as tx:
        tx.execute(
            insert(message),
            [
                {
                    "id": tx.new_id(), "kind": "mailing", "contact_id": contact.id, "address": "li@example.cn",
                    "purpose": "marketing", "status": "sent", "reason": "", "token": TOKEN, "due_at": tx.now,
                    "attempts": 1, "worker": "", "sent_at": tx.now,
                    "details": {"links": ["https://firm.example/a?product=pumps"]},
                }
            ],
        )  # fmt: skip
    return contact


def _raw(site, head: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
    """Send bytes as they are; return the status and all that came back."""
    given = {"Host": "localhost", "Connection": "close", "Content-Length": str(len(body)), **headers}
    lines = "\r\n".join([head, *(f"{name.replace('_', '-')}: {value}" for name, value in given.items()), "", ""])
    with socket.create_connection(site, timeout=60) as wire:
        wire.sendall(lines.encode() + body)
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    return int(answer.split(b" ", 2)[1]), answer.decode("utf-8", "replace")


def _denied(app) -> list:
    with app.read() as reader:
        c = tables.consent.c
        return list(reader.rows(select(c.contact_id, c.channel, c.purpose, c.state, c.evidence)))


def test_looking_changes_nothing_and_one_click_unsubscribes_once(app, site, sent, make_contact):
    twice = make_contact("Li Wei", email="LI@example.cn")  # the same person, stored a second time
    status, page = _raw(site, f"GET /u/{TOKEN} HTTP/1.1", Accept_Language="zh-CN")
    assert (status, "<form method=" in page, _denied(app)) == (200, True, [])
    for _again in range(2):
        body = b"List-Unsubscribe=One-Click"
        status, _page = _raw(
            site, f"POST /u/{TOKEN} HTTP/1.1", body, Content_Type="application/x-www-form-urlencoded"
        )  # fmt: skip
        assert status == 200
    denied = _denied(app)
    assert {(one.contact_id, one.channel, one.purpose, one.state) for one in denied} == {
        (key, "email", "marketing", "denied") for key in (sent.id, twice.id)
    }
    assert all("message" in one.evidence for one in denied)
    # An unknown name is answered alike.
    assert _raw(site, "POST /u/another-secret-name-x HTTP/1.1", b"")[0] == 200
    assert len(_denied(app)) == 2


def test_what_is_not_there_is_said_so_and_nothing_breaks(site, sent):
    asked = [
        (f"GET /c/{TOKEN}/1", 404), (f"GET /c/{TOKEN}/99999999999999999999", 404),
        ("GET /c/unknown-secret-name/0", 404),
        ("GET /../../etc/passwd", 404), ("POST /f/nothing", 404), ("POST /f/%00", 404), ("GET /f/offer", 405),
        ("GET /", 404), ("GET /v?page=http://[::1", 200), (f"GET /v?page={'x' * 5000}", 200),
        ("GET /v?page=https://firm.example/%FF%FE?utm_campaign=%00x", 200),
        ("POST /u/%00%00", 200),
    ]  # fmt: skip
    for head, status in asked:
        answered, page = _raw(site, f"{head} HTTP/1.1", User_Agent="Mozilla/5.0", Referer="https://firm.example/")
        assert (head, answered) == (head, status)
        assert "Traceback" not in page


def test_a_link_leads_only_where_the_message_did_and_counts_once(app, site, sent):
    from crmcore_marketing.tables import touch

    for _again in range(2):
        status, answer = _raw(site, f"GET /c/{TOKEN}/0 HTTP/1.1", User_Agent="Mozilla/5.0")
        assert (status, "Location: https://firm.example/a?product=pumps" in answer) == (302, True)
    assert _raw(site, f"HEAD /c/{TOKEN}/0 HTTP/1.1", User_Agent="Mozilla/5.0")[0] in (302, 405)
    with app.read() as reader:
        (row,) = reader.rows(select(touch.c.kind, touch.c.product, touch.c.engaging, touch.c.contact_id))
    assert tuple(row) == ("click", "pumps", True, sent.id)


def test_a_disabled_plugin_s_pages_are_gone_at_once_and_back_with_it(crm_run, app, site):
    assert _raw(site, "GET /v HTTP/1.1")[0] == 200
    for action, status in (("disable", 404), ("enable", 200)):
        crm_run("plugin", action, "marketing")  # elsewhere, while the server runs
        assert _raw(site, "GET /v HTTP/1.1")[0] == status


def test_forms_are_taken_or_refused_with_a_sentence_and_kept_either_way(crm_run, app, site):
    crm_run(
        "marketing", "form", "add", "ask", "--field", "name:name", "--field", "email:email!=E-mail", "--field",
        "n:number=Quantity", "--product", "valves",
    )  # fmt: skip
    kind = {"Content_Type": "application/x-www-form-urlencoded"}
    cases = [
        (b"name=Wang&email=wang%40example.cn&n=20&utm_campaign=C1", 200, "Thank you"),
        ("name=王芳&email=not-an-address".encode(), 422, ""),
        (b"name=Nobody", 422, "Please fill in: E-mail."),
        (b"email=a%40b.example&n=many", 422, "is no number"),
        (b"email=robot%40b.example&website_url=x", 200, "Thank you"),
    ]
    for body, status, sentence in cases:
        answered, page = _raw(site, "POST /f/ask HTTP/1.1", body, **kind)
        assert (answered, sentence in page) == (status, True), page
    assert _raw(site, "POST /f/ask HTTP/1.1", b"x=" + b"y" * 300_000, **kind)[0] == 413
    told = crm_run("marketing", "form", "show", "ask", "--json").json
    assert (told["form"]["taken"], told["form"]["rejected"]) == (1, 4)
    assert told["submissions"][-1]["utm"] == {"utm_campaign": "C1"}
    assert crm_run("contact", "list", "--json").json[0]["name"] == "Wang"


def test_real_browsers_posts_never_break_it(crm_run, site, realworld):
    crm_run("marketing", "form", "add", "up", "--field", "email:email", "--field", "text:text")
    sent = 0
    for file in sorted([*(realworld / "web").glob("werkzeug/*/request.http"), *(realworld / "web").rglob("http/*.http"),
                        *(realworld / "web").glob("python-multipart/*.http")]):  # fmt: skip
        body = file.read_bytes()
        boundary = body.split(b"\r\n")[0].lstrip(b"-").decode("latin-1") or "x"
        status, page = _raw(
            site, "POST /f/up HTTP/1.1", body, Content_Type=f"multipart/form-data; boundary={boundary}"
        )  # fmt: skip
        assert status in (200, 400, 413, 422), (file, page)
        assert "Traceback" not in page
        sent += 1
    assert sent >= 15


def test_a_real_access_log_is_counted_as_its_readme_says(crm_run, app, realworld, tmp_path):
    log = realworld / "web" / "elastic_examples" / "access_first5000.log"
    told = crm_run("marketing", "visit", "import", log, "--json").json
    assert (told["read"], told["tagged"], told["rejected"]) == (5000, 87, 0)
    assert told["read"] == told["taken"] + told["known"] + told["passed_over"] + told["rejected"]
    (by_tag,) = crm_run("marketing", "visit", "report", "--json").json
    assert by_tag["name"] == "Feed: semicomplete/main (semicomplete.com - Jordan Sissel)"
    assert (by_tag["visits"], by_tag["machines"]) == (87, 49)
    again = crm_run("marketing", "visit", "import", log, "--json").json
    assert (again["taken"], again["known"]) == (0, told["taken"])
    bad = tmp_path / "bad.log"
    bad.write_text('x\n1.2.3.4 - - [99/May/2015:11:05:10 +0000] "GET / HTTP/1.1" 200 1 "-" "-"\n')
    said = crm_run("marketing", "visit", "import", bad)
    assert "line 1: is no line of a log" in said.err
    assert "line 2" in said.err
    crm_run("marketing", "visit", "report", "--by", "day")
    crm_run("marketing", "visit", "report", "--by", "path")
