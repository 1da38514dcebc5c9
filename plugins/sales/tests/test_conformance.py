"""`crm plugin check sales --level gold` holds, as far as tests can tell.

How long it takes to load, and its types, are asked by the command and by `make check`: the one means nothing beside
other tests, the other takes a minute.
"""

import pytest

from crmcore.conformance.rules import rules
from crmcore.conformance.subject import Subject

ASKED_ELSEWHERE = {"quick", "typed"}
ON_POSTGRESQL = ("schema", "reversible", "declared", "purged", "merging", "erasing", "idempotent")
"""Those that ask the database."""


@pytest.mark.parametrize(
    "rule", [one for one in rules("gold") if one.name not in ASKED_ELSEWHERE], ids=lambda one: one.name
)
def test_it_keeps_the_rule(rule, crm_databases, tmp_path):
    assert list(rule.check(Subject("sales", lambda: crm_databases.new("sqlite", tmp_path)))) == []


def test_it_keeps_the_rules_on_postgresql(crm_databases, tmp_path):
    subject = Subject("sales", lambda: crm_databases.new("postgresql", tmp_path))
    asked = [one for one in rules("gold") if one.name in ON_POSTGRESQL]
    assert {one.name: list(one.check(subject)) for one in asked} == {name: [] for name in ON_POSTGRESQL}
