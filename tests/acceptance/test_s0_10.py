import csv
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import text

from crmcore.engine.database import connect

ACCOUNTS, CARDS, CALLS, STRANGERS, TWICE = 800, 4700, 1200, 430, 640


def names(count: int) -> list[tuple[str, str]]:
    """People of all sorts of names, given and family name, that are not like each other by chance."""
    chance = random.Random(10)  # noqa: S311 # the same every time

    def word(syllables: int) -> str:
        return "".join(chance.choice("bdfghklmnprstvwz") + chance.choice("aeiou") for _ in range(syllables)).title()

    return [(word(3), word(4)) for _ in range(count)]


def digits(n: int) -> str:
    """Seven digits that look like nobody else's."""
    return f"{n * 7368787 % 10**7:07}"


def card(given: str, family: str, points: list[str], account: int) -> str:
    lines = ["VERSION:3.0", f"N:{family};{given};;;", f"FN:{given} {family}", f"ORG:Konto {account}", *points]
    return "\r\n".join(["BEGIN:VCARD", *lines, "END:VCARD", ""])


def files(folder: Path) -> dict[str, Path]:
    """Three silos: accounts of the marketing database, everybody's cards, and the call centre's rows."""
    folder.mkdir()
    paths = {name: folder / name for name in ("accounts.csv", "cards.vcf", "calls.csv")}
    with paths["accounts.csv"].open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Account Name", "Account Number", "Industry", "Website", "Phone"])
        writer.writerows(
            (f"Konto {n}", f"A-{n}", "pumps", f"http://konto{n}.example", f"+49 30 7{n:06}") for n in range(ACCOUNTS)
        )
    persons = names(CARDS - TWICE)
    cards = [
        card(
            given,
            family,
            [f"EMAIL:{given.lower()}.{family.lower()}@konto{n % ACCOUNTS}.example", f"TEL:+49 171 {digits(n)}"],
            n % ACCOUNTS,
        )
        for n, (given, family) in enumerate(persons)
    ]
    # 640 of them are on somebody else's list too: the names the other way round, the number written at home.
    cards += [
        card(family, given, [f"TEL:0049171{digits(n)}"], n % ACCOUNTS)
        for n, (given, family) in enumerate(persons[:TWICE])
    ]
    paths["cards.vcf"].write_text("".join(cards), encoding="utf-8")
    with paths["calls.csv"].open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Call ID", "Call Time", "From", "To", "Direction", "Duration", "Notes"])
        for n in range(CALLS):
            # 430 numbers nobody has a card of, each once; the others are of people we know.
            number = f"+49 160 {digits(n)}" if n < STRANGERS else f"+49 171 {digits(n + TWICE)}"
            writer.writerow([f"call-{n}", f"2026-{1 + n % 9:02}-{1 + n % 28:02}T{8 + n % 9:02}:00:00Z", number, "100",
                             "inbound", 30 + n % 600, f"asked about pump {n}"])  # fmt: skip
    return paths


@pytest.mark.row("S0-10")
def test_three_silos_become_one_base(crm: Callable[..., Result], workspace: str, tmp_path: Path) -> None:
    """1,200 call rows, 4,700 cards, 800 accounts: 5,130 people, 640 proposed merges, 0 rows lost, all sources shown."""
    crm("user", "edit", "ann", "--phone", "100")
    paths = files(tmp_path / "silos")
    said: dict[str, dict[str, Any]] = {}
    for name, path in paths.items():
        said[name] = json.loads(crm("import", path, "--people", "all", "--json").stdout)
        assert said[name]["rejected"] == 0
    assert [one["read"] for one in said.values()] == [ACCOUNTS, CARDS, CALLS]
    assert [one["created"] for one in said.values()] == [ACCOUNTS, CARDS, CALLS]
    assert sum(one["duplicates"] for one in said.values()) == TWICE

    def counted(statement: str) -> int:
        engine = connect(workspace)
        with engine.connect() as connection:
            found = int(connection.execute(text(statement)).scalar_one())
        engine.dispose()
        return found

    assert counted("SELECT count(*) FROM contact") == CARDS + STRANGERS == 5130
    assert counted("SELECT count(*) FROM customer") == ACCOUNTS
    assert counted("SELECT count(*) FROM interaction WHERE contact_id IS NOT NULL") == CALLS
    pairs = json.loads(crm("duplicates", "--limit", 10_000, "--json").stdout)
    assert len(pairs) == TWICE
    for entity in ("contact", "customer", "contact_point", "position", "interaction"):
        assert counted(f"SELECT count(*) FROM {entity} WHERE source = ''") == 0, entity

    # A value that two silos say keeps both; each tells where it comes from.
    first = json.loads(crm("contact", "show", pairs[0]["a"], "--json").stdout)
    assert first["source"].startswith("cards.vcf:")
    assert all(point["source"].startswith("cards.vcf:") for point in first["points"])
    assert all(held["source"].startswith("cards.vcf:") for held in first["positions"])
    account = json.loads(crm("customer", "show", "Konto 7", "--json").stdout)
    assert account["source"] == "accounts.csv:9"
    stranger = json.loads(crm("contact", "list", "--limit", 1, "--json", "160").stdout or "[]")
    assert all(one["source"].startswith("calls.csv:") for one in stranger)
