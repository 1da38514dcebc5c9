"""With consent, 38 anonymous visits are tied to 11 contacts by form or link, in the timeline; without it, none is."""

from collections.abc import Iterator

import pytest
from crmcore_marketing.tables import message
from crmcore_marketing.web.answering import COOKIE
from sqlalchemy import insert

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "Accept-Language": "zh-CN,zh;q=0.9"}


@pytest.fixture
def site(office, crm_web) -> Iterator[tuple[str, int]]:
    """The endpoint, answering on loopback in threads of its own."""
    with crm_web(office.app) as address:
        yield address


def _ask(site, method, path, body=None, cookie="", **headers):
    from http.client import HTTPConnection

    connection = HTTPConnection(*site, timeout=60)
    given = {**BROWSER, **headers, **({"Cookie": f"{COOKIE}={cookie}"} if cookie else {})}
    if body is not None:
        given["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body=body, headers=given)
    answer = connection.getresponse()
    told = answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", "replace")
    connection.close()
    return told


def _agree(site) -> str:
    _status, headers, _body = _ask(site, "POST", "/v/consent", "")
    return headers["Set-Cookie"].split(";")[0].split("=")[1]


def _messages(office, contacts) -> list[str]:
    """Messages that were sent to contacts, each with a link; their secret names."""
    tokens = [f"token-of-the-message-{one}" for one in contacts]
    with office.at("2026-11-24T09:00+08:00", user="ann") as tx:
        campaign = office.json("marketing", "campaign", "list", user="ann")[0]["id"]
        tx.execute(
            insert(message),
            [
                {
                    "id": tx.new_id(), "kind": "mailing", "mailing_id": None, "campaign_id": campaign,
                    "registration_id": None, "template_id": None, "contact_id": one, "customer_id": None,
                    "address": "x@y.example", "purpose": "marketing", "status": "sent", "reason": "", "token": token,
                    "due_at": tx.now, "attempts": 1, "worker": "", "sent_at": tx.now, "interaction_id": None,
                    "details": {"links": ["https://firm.example/pumps?utm_campaign=C7&product=pumps"]},
                }
                for one, token in zip(contacts, tokens, strict=True)
            ],
        )  # fmt: skip
    return tokens


@pytest.mark.row("S1-V10")
def test_visits_become_known_only_by_agreement_and_a_form_or_link(office, site):
    office.crm("marketing", "campaign", "add", "Pumps", "--code", "C7", user="ann")
    office.crm(
        "marketing", "form", "add", "offer", "--field", "name:name!", "--field", "email:email!",
        "--field", "company:company", "--field", "news:consent=I want news by e-mail", "--campaign", "C7",
        "--product", "pumps", user="ann",
    )  # fmt: skip
    # Six people follow a link of a mail, five fill in a form: four that we know and one that we do not.
    people = office.contacts[:10]
    tokens = _messages(office, people[:6])
    cookies = [_agree(site) for _one in range(12)]
    pages = [3] * 5 + [4] * 4 + [3, 4]  # 38 visits of the eleven that will be known
    for cookie, count in zip(cookies, pages, strict=False):
        for nth in range(count):
            address = f"https://firm.example/pumps/{nth}" + ("?utm_campaign=C7" if nth == 0 else "")
            assert _ask(site, "GET", "/v", cookie=cookie, Referer=address)[0] == 200
    for _each in range(5):  # the twelfth agrees, and never says who it is; five more visits agree to nothing
        _ask(site, "GET", "/v", cookie=cookies[11], Referer="https://firm.example/valves")
        _ask(site, "GET", "/v", Referer="https://firm.example/valves")
    anonymous = office.json("marketing", "visit", "list", "--limit", 500, user="ann")
    assert (len(anonymous), sum(one["contact_id"] is not None for one in anonymous)) == (48, 0)

    for token, cookie in zip(tokens, cookies, strict=False):
        status, headers, _body = _ask(site, "GET", f"/c/{token}/0", cookie=cookie)
        assert (status, headers["Location"].split("?")[0]) == (302, "https://firm.example/pumps")
    for place, cookie in enumerate(cookies[6:11], 6):
        mail = f"p{place}@firm{place}.example" if place < 10 else "new@stranger.example"
        body = f"name=Somebody&email={mail}&news=on&submission_id=s{place}"
        status, _headers, text = _ask(site, "POST", "/f/offer", body, cookie=cookie)
        assert (status, "谢谢" in text or "Thank you" in text) == (200, True)

    tied = [
        one
        for one in office.json("marketing", "visit", "list", "--limit", 500, user="ann")
        if one["contact_id"] is not None
    ]
    assert (len(tied), len({one["contact_id"] for one in tied})) == (38, 11)
    assert {one["contact_id"] for one in tied} >= set(people)
    timeline = office.json("brief", people[0], "--timeline", user="ann")["entries"]
    assert sum("visit" in str(one).lower() and "/pumps/" in str(one) for one in timeline) == 3
    (by_campaign,) = office.json("marketing", "visit", "report", user="ann")
    assert (by_campaign["visits"], by_campaign["contacts"]) == (11, 11)

    # A link that is passed on makes nobody another; one who looks without agreeing is not tied; nor is a scanner.
    _ask(site, "GET", f"/c/{tokens[0]}/0", cookie=cookies[1])
    _ask(site, "GET", f"/c/{tokens[0]}/0")
    _ask(site, "GET", f"/c/{tokens[5]}/0", **{"User-Agent": "LinkScanner/2.0 (bot)"})
    assert len(office.json("marketing", "visit", "list", "--contact", people[1], user="ann")) == 3
    # Who takes the agreement back is forgotten; the visits stay as numbers.
    assert _ask(site, "POST", "/v/withdraw", "", cookie=cookies[0])[0] == 204
    assert office.json("marketing", "visit", "list", "--contact", people[0], user="ann") == []
    assert len(office.json("marketing", "visit", "list", "--limit", 500, user="ann")) == 48
