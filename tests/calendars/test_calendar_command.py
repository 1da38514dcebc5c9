"""`crm calendar`: defined in TOML, holidays from a file, and what is due, explained."""

import json

import pytest

OFFICE = """
[calendar.office]
zone = "Asia/Shanghai"
hours = { mon-fri = "09:00-12:00 13:30-18:00", sat = "10:00-14:00" }
holidays = ["2026-10-01/2026-10-07"]
workdays = { 2026-10-11 = "09:00-18:00" }
"""
HOLIDAYS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//y//EN
BEGIN:VEVENT
UID:1
SUMMARY:New Year
DTSTART;VALUE=DATE:20260101
RRULE:FREQ=YEARLY
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Spring Festival
DTSTART;VALUE=DATE:20270205
DTEND;VALUE=DATE:20270213
END:VEVENT
BEGIN:VEVENT
UID:3
SUMMARY:Party
DTSTART:20261224T170000Z
END:VEVENT
BEGIN:VEVENT
UID:4
SUMMARY:Called off
STATUS:CANCELLED
DTSTART;VALUE=DATE:20261110
END:VEVENT
END:VCALENDAR
"""


def applied(crm, tmp_path, text, code=0):
    file = tmp_path / "office.toml"
    file.write_text(text, encoding="utf-8")
    return crm("config", "apply", file, code=code)


def test_a_calendar_is_defined_shown_and_reckoned_by(crm, tmp_path, monkeypatch):
    monkeypatch.setenv("CRM_NOW", "2026-11-22T10:00+08:00")
    crm("setting", "set", "zone", "Asia/Shanghai")
    applied(crm, tmp_path, OFFICE)
    own, office, always = json.loads(crm("calendar", "list", "--json").stdout)
    assert (own["name"], own["zone"], own["hours"]) == ("", "Asia/Shanghai", {"mon-fri": "09:00-18:00"})
    assert (office["open"], office["opens_at"]) == (False, "2026-11-23T01:00:00+00:00")  # a Sunday
    assert (always["name"], always["open"]) == ("always", True)
    told = json.loads(
        crm("calendar", "due", "office", "--from", "2026-09-30T17:30", "--minutes", "60", "--json").stdout
    )
    assert told["due"] == "2026-10-08T01:30:00+00:00", "behind seven holidays"
    assert [one["minutes"] for one in told["counted"]] == [30, 30]
    shown = crm("calendar", "due", "office", "--from", "2026-10-09T17:00", "--days", "2").stdout
    assert "Due 2026-10-11 17:00 (Asia/Shanghai)" in shown, "Saturday, and the Sunday that is worked"
    assert "10:00–14:00" in shown
    crm("setting", "set", "calendar", "office")
    assert json.loads(crm("calendar", "show", "--json").stdout)["calendar"] == "office"
    refused = applied(crm, tmp_path, "[calendar.office]\nremove = true\n", code=1).stderr
    assert "calendar.office: the setting calendar names it; set another calendar first." in refused.replace("\n", " ")
    crm("setting", "set", "calendar", "offfice")
    assert "There is no calendar “offfice”" in crm("calendar", "show", code=1).stderr
    told = json.loads(
        crm("calendar", "due", "office@Europe/Berlin", "--from", "2026-09-30T18:00", "--minutes", "60", "--json").stdout
    )
    assert told["due"] == "2026-09-30T12:30:00+00:00", "half past one to half past two in Berlin"
    assert "no time zone" in crm("calendar", "show", "office@Berlin", code=1).stderr
    exported = crm("config", "export").stdout
    (tmp_path / "again.toml").write_text(exported, encoding="utf-8")
    assert "Nothing changes" in crm("config", "apply", tmp_path / "again.toml").stderr


def test_holidays_come_from_a_file_and_can_be_taken_back(crm, tmp_path, monkeypatch):
    monkeypatch.setenv("CRM_NOW", "2026-11-22T10:00+08:00")
    applied(crm, tmp_path, OFFICE)
    file = tmp_path / "holidays.ics"
    file.write_text(HOLIDAYS, encoding="utf-8")
    done = json.loads(crm("calendar", "import", "office", file, "--json").stdout)
    assert (len(done["added"]), done["left_out"]) == (11, 1), "three New Years, eight days of Spring Festival"
    days = ["2026-01-01", "2026-10-01/2026-10-07", "2027-01-01", "2027-02-05/2027-02-12", "2028-01-01"]
    assert json.loads(crm("calendar", "show", "office", "--json").stdout)["holidays"] == days
    assert json.loads(crm("calendar", "import", "office", file, "--json").stdout)["added"] == []
    crm("config", "revert", done["id"])
    assert json.loads(crm("calendar", "show", "office", "--json").stdout)["holidays"] == ["2026-10-01/2026-10-07"]
    assert "no calendar “home”" in crm("calendar", "import", "home", file, code=1).stderr
    file.write_text("no calendar at all", encoding="utf-8")
    assert "is not iCalendar" in crm("calendar", "import", "office", file, code=1).stderr


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('hours = { mon-fri = "9-18" }', "line 2, calendar.x.hours.mon-fri: “9-18” are no hours"),
        ('hours = { mon-fri = "09:00-18:00", fri = "09:00-12:00" }', "has a day that has hours already"),
        ('hours = {}', "say when is worked"),
        ('hours = { monday = "09:00-18:00" }', "“monday” is no day of the week"),
        ('hours = { mon = "22:00-06:00" }', "ends before it begins"),
        ('hours = { mon = 9 }', "this must be a table of texts"),
        ('zone = "Shanghai"\nhours = { mon = "09:00-18:00" }', "“Shanghai” is no time zone"),
        ('hours = { mon = "09:00-18:00" }\nholidays = ["soon"]', "“soon” is no day"),
        ('hours = { mon = "09:00-18:00" }\nworkdays = { soon = "09:00-18:00" }', "“soon” is no day"),
    ],
)  # fmt: skip
def test_mistakes_are_told(crm, tmp_path, said, told):
    assert told in applied(crm, tmp_path, f"[calendar.x]\n{said}\n", code=1).stderr.replace("\n", " ")


def test_always_is_not_defined_otherwise(crm, tmp_path):
    said = '[calendar.always]\nhours = { mon = "09:00-18:00" }\n'
    assert "cannot be defined otherwise" in applied(crm, tmp_path, said, code=1).stderr
