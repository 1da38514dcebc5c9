"""S2-19: remove false data before mining.

4,102 contacts: 88% valid mail, 9% stale, 212 duplicates; a fix queue; failing rows shown as excluded from the figures.
"""

import csv
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result

from crmcore.app import App
from crmcore.model.party import Contact, ContactPoint
from crmcore.model.points import normalise

CONTACTS, WRONG_MAIL, STALE, TWICE, WRONG_AND_STALE = 4102, 492, 369, 212, 57
WRONG = ("nobody(at)example.cn", "dana@", "two@@example.cn", "ada@example", "wei@exa mple.cn")


def people() -> list[tuple[str, str, str]]:
    """Name, address and number of every contact; the first 492 addresses are none, the last 212 are there already."""
    chance = random.Random(219)  # noqa: S311 # the same people every time

    def word() -> str:
        return "".join(chance.choice("bdfghklmnprstvz") + chance.choice("aeiou") for _syllable in range(4)).title()

    made = []
    for number in range(CONTACTS - TWICE):
        wrong = WRONG[number % len(WRONG)]
        mail = wrong if number < WRONG_MAIL else f"{word()}@{word()}.cn".lower()
        made.append((f"{word()} {word()}", mail, f"+86 139 {chance.randrange(10**8):08}"))
    for name, _mail, phone in made[-TWICE:]:
        given, family = name.split()
        made.append((f"{given} {family[:-1]}", f"{given}.{family}@{word()}.cn".lower(), phone))
    return made


def load(crm: Callable[..., Result], workspace: str, folder: Path) -> None:
    """Enter what has lain there for three years, and import the rest from a table today."""
    everybody = people()
    old = slice(WRONG_MAIL - WRONG_AND_STALE, WRONG_MAIL - WRONG_AND_STALE + STALE)
    then = datetime.now(UTC) - timedelta(days=3 * 365)
    app = App(workspace)
    with app.transaction() as tx:
        for name, mail, phone in everybody[old]:
            one = tx.add(Contact(name=name, source="old system", created_at=then, updated_at=then))
            for kind, value in (("email", mail), ("phone", phone)):
                tx.add(ContactPoint(kind=kind, value=value, normal=normalise(kind, value), contact_id=one.id))
    table = folder / "people.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Name", "E-mail", "Phone"])
        writer.writerows(everybody[: old.start] + everybody[old.stop :])
    app.close()
    report = json.loads(crm("import", table, "--json").stdout)
    assert (report["created"], len(report["proposals"])) == (CONTACTS - STALE, TWICE)


@pytest.mark.row("S2-19")
def test_false_data_is_measured_queued_and_left_out(crm: Callable[..., Result], workspace: str, tmp_path: Path) -> None:
    load(crm, workspace, tmp_path)
    measured = json.loads(crm("quality", "--json").stdout)
    figures = {one["title"]: one for one in measured["figures"]}

    mail = figures["Contacts with a valid e-mail address"]
    assert (mail["total"], mail["bad"], round(mail["score"])) == (CONTACTS, WRONG_MAIL, 88)
    stale = figures["Contacts that are not stale"]
    assert (stale["bad"], round(100 - stale["score"])) == (STALE, 9)
    assert figures["Contacts without an open duplicate"]["bad"] == TWICE
    failing = WRONG_MAIL + STALE - WRONG_AND_STALE + TWICE
    assert (measured["contacts"], measured["excluded"]) == (CONTACTS, failing)
    shown = crm("quality")
    assert "88.0%" in shown.stdout
    assert f"{failing} contacts fail and are excluded from figures" in shown.stderr

    queue, after = [], 0
    while page := json.loads(crm("quality", "--fix-queue", "--json", "--limit", 1000, "--after", after).stdout):
        queue += page
        after = page[-1]["contact"]
    by_figure = {title: [one for one in queue if one["figure"] == title] for title in figures}
    assert len(by_figure["Contacts with a valid e-mail address"]) == WRONG_MAIL
    assert len(by_figure["Contacts that are not stale"]) == STALE
    assert len(by_figure["Contacts without an open duplicate"]) == TWICE
    assert {one["name"] for one in by_figure["E-mail addresses that are valid"]} == {
        n for n, _m, _p in people()[:WRONG_MAIL]
    }
    assert all(one["wrong"] and one["command"].startswith("crm ") for one in queue)

    confirmed = [one["contact"] for one in by_figure["Contacts that are not stale"][:100]]
    crm("quality", "mark", *confirmed, "ok")
    again = {one["title"]: one for one in json.loads(crm("quality", "--json").stdout)["figures"]}
    assert again["Contacts that are not stale"]["bad"] == STALE - 100
