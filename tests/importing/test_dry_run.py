"""A dry run changes nothing, counts what the real run counts, and shows what would change, field by field."""

from typing import Any

from crmcore.importing.chunks import SIZE


def both(imported: Any, dump: Any, *arguments: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """A dry run, which must leave every table as it was, and the real run, which must count the same."""
    before = dump()
    dry = imported(*arguments, "--dry-run")
    assert dump() == before
    real = imported(*arguments)
    names = ("read", "created", "updated", "unchanged", "rejected", "duplicates", "met")
    assert [dry[name] for name in names] == [real[name] for name in names]
    assert dry["rejections"] == real["rejections"]
    return dry, real


def test_a_new_table(make: Any, imported: Any, dump: Any, listed: Any) -> None:
    dry, _real = both(imported, dump, make.people(150))
    assert (dry["created"], dry["rejected"], dry["dry_run"]) == (149, 1, True)
    names = {one["name"] for one in dry["effects"] if one["entity"] == "contact"}
    assert names == {one["name"] for one in listed("contact", "list")}


def test_more_rows_than_a_chunk_of_which_later_ones_speak_of_earlier_ones(make: Any, imported: Any, dump: Any) -> None:
    rows = [(f"K-{n:012}", f"Person {n}", f"p{n}@x.example") for n in range(SIZE + 50)]
    again = [(key, name, "new@" + email) for key, name, email in rows[:30]]
    dry, _real = both(imported, dump, make.csv("long.csv", "Id,Name,E-mail", [*rows, *again]))
    assert (dry["created"], dry["updated"]) == (SIZE + 50, 30)


def test_an_update_is_shown_field_by_field(make: Any, imported: Any, dump: Any, crm: Any) -> None:
    imported(make.csv("a.csv", "Id,Name,Company,Title,Birthday", [("K-1000000000001", "Li Wei", "Acme", "Buyer", "")]))
    path = make.csv("b.csv", "Id,Name,Company,Title,Birthday,E-mail",
                    [("K-1000000000001", "Li Wei Ming", "Acme", "Head", "1980-05-06", "li@x.example")])  # fmt: skip
    shown = crm("import", path, "--dry-run").stdout
    assert "Li Wei -> Li Wei Ming" in " ".join(shown.split())
    dry, _real = both(imported, dump, path)
    changes: dict[str, Any] = {}
    for effect in dry["effects"]:
        changes |= effect["changes"]
        assert (effect["action"], effect["source"]) == ("updated", "b.csv:2")
    assert changes["name"] == ["Li Wei", "Li Wei Ming"]
    assert changes["birthday"] == ["", "1980-05-06"]
    assert changes["title"] == ["Buyer", "Head"]
    assert changes["points"] == [None, ["li@x.example"]]


def test_mail_and_meetings_with_the_people_in_them(make: Any, imported: Any, dump: Any) -> None:
    path = make.mbox("a.mbox", [make.mail(n) for n in range(40)])
    dry, _real = both(imported, dump, path, "--people", "all")
    assert dry["created"] == 40
    event = "UID:e|DTSTART:20260302T020000Z|SUMMARY:Visit|ORGANIZER:mailto:ann@us.example|ATTENDEE:mailto:z@x.example"
    both(imported, dump, make.calendar("a.ics", event), "--people", "all")


def test_duplicates_are_shown_before_anything_is_stored(make: Any, imported: Any, dump: Any) -> None:
    heading = "Name,E-mail,Phone"
    imported(make.csv("a.csv", heading, [("Zhang Weiming", "zhang.wm@x.example", "+86 138 0013 8000")]))
    dry, _real = both(
        imported, dump, make.csv("b.csv", heading, [("Weiming Zhang", "zhang.wm@x.example", "13800138000")])
    )
    (pair,) = dry["proposals"]
    assert sorted(pair["names"]) == ["Weiming Zhang", "Zhang Weiming"]
    assert pair["evidence"]


def test_a_dry_run_of_what_cannot_be_read_says_so(make: Any, crm: Any, dump: Any) -> None:
    before = dump()
    path = make.text("a.csv", "no,headings,known", "1,2,3")
    assert "a.csv" in crm("import", path, "--dry-run", code=1).stderr
    assert dump() == before
