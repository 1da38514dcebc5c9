"""`crm duplicates`, `crm contact merge` and `unmerge` at the command line, for both kinds and on both databases."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from attrs import frozen
from click.testing import CliRunner, Result

from crmcore.app import App
from crmcore.cli import crm as command
from crmcore.engine.tables import duplicate
from crmcore.model.interaction import Interaction
from crmcore.model.party import Contact, ContactPoint, Customer

Crm = Callable[..., Result]


@frozen(kw_only=True)
class Ids:
    """Two that are one for certain (twice), two that are probably one, and a stranger; customers likewise."""

    sure: tuple[int, int]
    also: tuple[int, int]
    maybe: tuple[int, int]
    stranger: int
    firms: tuple[int, int]


@pytest.fixture
def ids(app: App) -> Ids:
    with app.transaction() as tx:

        def person(name: str, email: str = "", phone: str = "", **more: Any) -> int:
            one = tx.add(Contact(name=name, **more))
            if email:
                tx.add(ContactPoint(contact_id=one.id, kind="email", value=email, normal=email))
            if phone:
                tx.add(ContactPoint(contact_id=one.id, kind="phone", value=phone, normal=phone))
            return one.id

        parts = {"given": "Ottilie", "family": "Zwiebelfeld"}
        ada = {"given": "Ada", "family": "Quintrell", "birthday": "1999-09-09"}
        found = Ids(
            sure=(
                person("Ottilie Zwiebelfeld", "ottilie@zwiebelfeld.de", birthday="1980-02-03", **parts),
                person("Zwiebelfeld, Ottilie", "ottilie@zwiebelfeld.de", "+4930123456", birthday="1980-02-03", **parts),
            ),
            also=(
                person(
                    "欧阳娜娜", "nana@ouyang.cn", "+8613800138000", given="娜娜", family="欧阳", birthday="2000-06-15"
                ),
                person(
                    "Ouyang Nana",
                    "nana@ouyang.cn",
                    "+8613800138000",
                    given="Nana",
                    family="Ouyang",
                    birthday="2000-06-15",
                ),
            ),
            maybe=(
                person("Ada Quintrell", "ada@q.uk", **ada),
                person("Ada Smith", "ada@q.uk", given="Ada", family="Smith", birthday="1999-09-09"),
            ),
            stranger=person("Bert Somebody", "bert@else.org"),
            firms=(tx.add(Customer(name="Zwiebelfeld GmbH")).id, tx.add(Customer(name="Zwiebelfeld")).id),
        )
        for firm in found.firms:
            for kind, value in (("url", "zwiebelfeld.de"), ("phone", "+4930999999")):
                tx.add(ContactPoint(customer_id=firm, kind=kind, value=value, normal=value))
        tx.add(Interaction(channel="call", contact_id=found.sure[0], subject="hello"))
    return found


def listed(crm: Crm, *options: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(crm("duplicates", "--json", *options).stdout)
    return found


def pairs(found: list[dict[str, Any]]) -> list[tuple[int, int]]:
    return [(one["a"], one["b"]) for one in found]


def test_pairs_are_listed_best_first_with_evidence(crm: Crm, ids: Ids) -> None:
    found = listed(crm)
    assert set(pairs(found)) == {ids.sure, ids.also, ids.maybe, ids.firms}
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    first = next(one for one in found if (one["a"], one["b"]) == ids.also)
    assert (first["kind"], first["names"], first["state"]) == ("contact", ["欧阳娜娜", "Ouyang Nana"], "open")
    assert {"email", "phone", "birthday"} <= {one["feature"] for one in first["evidence"]}
    assert pairs(listed(crm, "--kind", "customer")) == [ids.firms]
    best = max(one["score"] for one in found)
    assert len(listed(crm, "--min-score", best)) == sum(one["score"] == best for one in found)
    told = crm("duplicates", COLUMNS="80").stdout
    assert "Ouyang Nana" in told
    assert "email = nana@ouyang.cn" in " ".join(told.split())
    assert max(map(len, told.splitlines())) <= 80


def test_every_page_is_reached_without_scanning_again(crm: Crm, ids: Ids) -> None:
    whole = listed(crm)
    found: list[dict[str, Any]] = []
    while page := listed(crm, "--no-scan", "--limit", 1, *(["--after", found[-1]["cursor"]] if found else [])):
        found += page
    assert found == whole
    assert found[0]["cursor"] == f"{found[0]['a']}:{found[0]['b']}"
    for said in ("12", "1:2", "a:b"):
        assert "12:34" in crm("duplicates", "--after", said, code=1).stderr


def test_the_queue_follows_the_records(crm: Crm, app: App, ids: Ids) -> None:
    assert ids.maybe in pairs(listed(crm))
    with app.transaction() as tx:
        other = tx.get(Contact, ids.maybe[1])
        other.name, other.given, other.family = "Zacharias Müller", "Zacharias", "Müller"
        for point in tx.load(ContactPoint):
            if point.contact_id == other.id:
                tx.remove(point)
        tx.remove(tx.get(Contact, ids.also[1]))
    assert set(pairs(listed(crm))) == {ids.sure, ids.firms}
    with app.engine.connect() as connection:
        assert len(connection.execute(duplicate.select()).all()) == 2


def test_what_is_distinct_is_never_proposed_again(crm: Crm, ids: Ids) -> None:
    judged = json.loads(crm("duplicates", "distinct", ids.maybe[1], ids.maybe[0], "--json").stdout)
    assert (judged["a"], judged["b"], judged["state"]) == (*ids.maybe, "distinct")
    crm("duplicates", "distinct", *ids.firms)
    assert set(pairs(listed(crm))) == {ids.sure, ids.also}
    assert "There are no two" in crm("duplicates", "distinct", ids.maybe[0], ids.maybe[0], code=1).stderr
    assert "no contact" in crm("duplicates", "distinct", ids.maybe[0], ids.firms[0], code=1).stderr


def test_two_records_are_shown_side_by_side(crm: Crm, ids: Ids) -> None:
    shown = crm("duplicates", "show", ids.also[1], ids.also[0], COLUMNS="80").stdout
    for text in ("欧阳娜娜", "Ouyang Nana", "+8613800138000", "birthday", "weight"):
        assert text in shown
    pair = json.loads(crm("duplicates", "show", *ids.sure, "--json").stdout)
    assert pair["pair"]["state"] == ""  # compared now: nothing was scanned yet
    assert [one["id"] for one in pair["records"]] == list(ids.sure)
    assert pair["pair"]["score"] > 0.9
    assert json.loads(crm("duplicates", "show", ids.sure[0], ids.stranger, "--json").stdout)["pair"]["score"] < 0.1


def test_merge_and_unmerge_of_contacts(crm: Crm, ids: Ids) -> None:
    listed(crm)
    winner, loser = ids.sure[1], ids.sure[0]
    done = json.loads(crm("contact", "merge", winner, loser, "--json").stdout)
    assert done["moved"] == {"interaction": 1}
    assert done["kept"] == {"contact_point": 1}
    names = [one["id"] for one in json.loads(crm("contact", "list", "--json").stdout)]
    assert loser not in names
    assert ids.sure not in pairs(listed(crm))
    assert "merged into" in crm("contact", "merge", winner, loser, code=1).stderr
    assert "itself" in crm("contact", "merge", winner, winner, code=1).stderr
    assert "is a customer" in crm("contact", "merge", winner, ids.firms[0], code=1).stderr
    assert json.loads(crm("contact", "unmerge", loser, "--json").stdout) == {
        "merge": done["merge"], "winner": winner, "loser": loser,
    }  # fmt: skip
    assert loser in [one["id"] for one in json.loads(crm("contact", "list", "--json").stdout)]
    assert "taken back" in crm("contact", "unmerge", done["merge"], code=1).stderr
    assert "neither" in crm("contact", "unmerge", loser, code=1).stderr


def test_merge_and_unmerge_of_customers(crm: Crm, ids: Ids) -> None:
    told = crm("customer", "merge", *ids.firms).stdout
    assert f"{ids.firms[1]} is merged into {ids.firms[0]}: 0 rows moved, 2 equal ones kept aside" in told
    assert "neither" in crm("contact", "unmerge", ids.firms[1], code=1).stderr
    assert "of its own again" in crm("customer", "unmerge", ids.firms[1]).stdout


def test_certain_pairs_are_merged_without_asking(crm: Crm, ids: Ids) -> None:
    dry = json.loads(crm("duplicates", "merge", "--certain", "--dry-run", "--json").stdout)
    groups = {frozenset((one["winner"], *one["losers"])) for one in dry["groups"]}
    assert groups == {frozenset(ids.sure), frozenset(ids.also), frozenset(ids.firms)}
    assert dry["merged"] == []
    done = json.loads(crm("duplicates", "merge", "--certain", "--json").stdout)
    assert {(one["winner"], one["loser"]) for one in done["merged"]} == {
        (ids.sure[1], ids.sure[0]),
        ids.also,
        ids.firms,
    }
    # What was taken back is not merged again without asking, though it is proposed.
    crm("contact", "unmerge", ids.also[1])
    assert ids.also in pairs(listed(crm))
    again = json.loads(crm("duplicates", "merge", "--certain", "--json").stdout)
    assert (again["merged"], again["left"]) == ([], [list(ids.also)])
    crm("duplicates", "merge", code=2)


def test_a_group_is_merged_as_one_unless_two_of_it_are_distinct(crm: Crm, app: App, ids: Ids) -> None:
    with app.transaction() as tx:
        third = tx.add(
            Contact(name="Ottilie Zwiebelfeld", given="Ottilie", family="Zwiebelfeld", birthday="1980-02-03")
        )
        tx.add(ContactPoint(contact_id=third.id, kind="phone", value="+4930123456", normal="+4930123456"))
    group = sorted([*ids.sure, third.id])
    dry = json.loads(crm("duplicates", "merge", "--certain", "--dry-run", "--json").stdout)
    assert group in [sorted([one["winner"], *one["losers"]]) for one in dry["groups"]]
    crm("duplicates", "distinct", ids.sure[0], third.id)
    done = json.loads(crm("duplicates", "merge", "--certain", "--json").stdout)
    assert done["left"] == [group]
    assert {one["loser"] for one in done["merged"]} == {ids.also[1], ids.firms[1]}


def test_pairs_are_reviewed_one_by_one(crm: Crm, workspace: str, ids: Ids) -> None:
    order = pairs(listed(crm))
    environment = {"CRM_DATABASE_URL": workspace, "CRM_USER": "ann", "CRM_LANG": "en", "COLUMNS": "80"}

    def review(answers: str) -> str:
        result = CliRunner().invoke(command, ["duplicates", "review"], input=answers, env=environment)
        assert result.exit_code == 0, result.output
        return result.output

    told = review("what\nm\nd\ns\nq\n")
    assert "Answer m, d, s or q." in told
    assert "1 merged, 1 distinct, 1 skipped." in told
    assert set(pairs(listed(crm))) == set(order[2:])
    assert "0 merged, 0 distinct, 2 skipped." in review("s\ns\ns\n")  # asks no more than there are
    assert "0 merged, 0 distinct, 0 skipped." in review("")  # the input ends


def test_nobody_sees_pairs_with_what_is_private_to_others(crm: Crm, app: App, ids: Ids) -> None:
    crm("user", "add", "ben", "--role", "rep")
    owner = app.actor("ann").user_id
    with app.transaction() as tx:
        for each in ids.also:
            hidden = tx.get(Contact, each)
            hidden.private, hidden.owner_id = True, owner
    assert ids.also in pairs(listed(crm))
    as_ben = json.loads(crm("--user", "ben", "duplicates", "--json").stdout)
    assert set(pairs(as_ben)) == {ids.sure, ids.maybe, ids.firms}
    assert "no two" in crm("--user", "ben", "duplicates", "show", *ids.also, code=1).stderr
    assert ids.also in pairs(listed(crm, "--no-scan"))  # a scan by somebody who sees less takes nothing away
