import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.errors import InvalidInput
from crmcore.formats.table.format import CSV, SALESFORCE_TREE, XLSX
from crmcore.hooks.formats import Format, Source

DATA = Path(__file__).resolve().parents[3] / "tests" / "data"
HEADS = [b"", b"name,email,birthday\n", b"Subject,Due Date\n", "姓名;电话\n".encode("gb18030"), b"\xff\xfe"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [("csv/outlook.csv", CSV), ("csv/chinese_gb18030.csv", CSV), ("xlsx/contacts.xlsx", XLSX)],
)
def test_each_file_is_claimed_by_its_format_alone(path: str, kind: Format) -> None:
    head = (DATA / path).read_bytes()[:65536]
    answers = {other.name: other.sniff(head, Path(path).name) for other in (CSV, XLSX, SALESFORCE_TREE)}
    assert max(answers, key=lambda name: answers[name]) == kind.name
    assert [name for name, answer in answers.items() if answer] == [kind.name]


def test_a_tree_is_told_from_other_json() -> None:
    tree = b'{\n "records": [{"attributes": {"type": "Contact"}}]}'
    assert SALESFORCE_TREE.sniff(tree, "a.json") > 50
    assert SALESFORCE_TREE.sniff(b'{"name": "x"}', "a.json") == 0
    assert CSV.sniff(tree, "a.json") == 0
    assert CSV.sniff(b"a\tb\tc\n1\t2\t3\n", "list.txt") > 0


def test_naming_the_formats_imports_nothing_heavy() -> None:
    code = (
        "import sys, crmcore.formats.table.format; "
        "print([m for m in ('openpyxl', 'charset_normalizer', 'csv', 'rapidfuzz') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@given(head=st.sampled_from(HEADS), data=st.binary(max_size=300))
def test_any_bytes_give_records_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any_table.csv"
    path.write_bytes(head + data)
    try:
        records = list(CSV.read(Source(path=path)))
        fine = all(record.line > 0 for record in records) and repr(records).encode("utf-8") != b""
    except InvalidInput as error:
        fine = "any_table.csv" in str(error)
    assert fine


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["attributes", "type", "records", "Name", "LastName", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(st.one_of(st.binary(max_size=50), JSON.map(lambda tree: json.dumps(tree).encode())))
def test_any_json_gives_records_or_a_refusal(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_bytes(data)
    try:
        fine = isinstance(list(SALESFORCE_TREE.read(Source(path=path))), list)
    except InvalidInput as error:
        fine = "any.json" in str(error)
    assert fine


def test_children_in_a_tree_belong_to_their_account(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(
        '{"records": [\n {"attributes": {"type": "Account", "referenceId": "A1"}, "Name": "Acme", "Contacts":\n'
        '  {"records": [{"attributes": {"type": "Contact", "referenceId": "C1"}, "LastName": "Lee"}]}},\n'
        ' {"attributes": {"type": "Opportunity"}, "Name": "Big", "StageName": "Won", "Amount": 5}]}',
        encoding="utf-8",
    )
    account, contact, refused = list(SALESFORCE_TREE.read(Source(path=path)))
    assert (account.name, contact.name, contact.organisation_key, contact.external_id) == ("Acme", "Lee", "A1", "C1")
    assert (refused.line, "opportunities" in refused.reason) == (4, True)
