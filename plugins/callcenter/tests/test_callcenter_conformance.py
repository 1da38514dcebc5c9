"""What `crm plugin check callcenter` asks of the database holds on PostgreSQL, too; the core's tests ask on SQLite."""

from crmcore.conformance.rules import rules
from crmcore.conformance.subject import Subject

ASKED = ("schema", "reversible", "declared", "purged", "merging", "erasing", "idempotent")


def test_it_keeps_the_rules_on_postgresql(crm_databases, tmp_path):
    subject = Subject("callcenter", lambda: crm_databases.new("postgresql", tmp_path))
    asked = [one for one in rules("gold") if one.name in ASKED]
    assert {one.name: list(one.check(subject)) for one in asked} == {name: [] for name in ASKED}
