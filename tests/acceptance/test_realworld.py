"""All real cards, tables, mails and calendars into one workspace, and what was agreed of them out of it again.

The expectations are those of two or three independent mature parsers; see ../shared/realworld/README.md. What readers
make of each file is compared in tests/formats; here it is what a user sees after `crm import`.
"""

import importlib.util
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from click.testing import Result

from crmcore.formats.calendar.format import ICALENDAR
from crmcore.formats.vcard.collected import Card
from crmcore.formats.vcard.reader import read_cards
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingInteraction
from crmcore.model.points import normalise

KINDS = ("vcard", "csv", "email", "calendar")
COUNTS = ("read", "created", "updated", "unchanged", "rejected")
Check = tuple[str, bool, str]


def comparing(name: str) -> ModuleType:
    """The test module of a reader: how its expectations are meant is said once, there."""
    path = Path(__file__).resolve().parents[1] / "formats" / name
    spec = importlib.util.spec_from_file_location(path.stem + "_expectations", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def expectations(folder: Path) -> dict[str, dict[str, Any]]:
    listed = json.loads((folder / "expect.json").read_text("utf-8"))
    return {name: entry["expect"] for name, entry in listed.items()}


class Stored:
    """What the workspace lists."""

    def __init__(self, crm: Callable[..., Result]) -> None:
        def listed(entity: str) -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = []
            while page := json.loads(
                crm(entity, "list", "--limit", 1000, "--json", *(["--after", found[-1]["id"]] if found else [])).stdout
            ):
                found += page
            return found

        self.parties = [*listed("contact"), *listed("customer")]
        self.interactions = listed("interaction")
        self.by_source: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for one in [*self.parties, *self.interactions]:
            self.by_source[one["source"]].append(one)
        self.by_id = {one["external_id"]: one for one in self.interactions}

    def party(self, name: str, line: int, expected: dict[str, Any]) -> dict[str, Any]:
        """The record of a card: the one made of it, or the one it was found to be."""
        made = [one for one in self.by_source[f"{name}:{line}"] if "points" in one]
        same = [one for one in self.parties if one["name"] == expected.get("fn") and has(one, expected)]
        return next(iter([*[one for one in made if has(one, expected)], *same, *made]), {"name": "", "points": []})


def normals(party: dict[str, Any], *kinds: str) -> set[str]:
    return {normalise(p["kind"], p["value"], "CN") or p["value"] for p in party["points"] if p["kind"] in kinds}


def has(party: dict[str, Any], expected: dict[str, Any]) -> bool:
    return all(kept(party, field, expected[field]) for field in ("email", "tel") if field in expected)


def kept(party: dict[str, Any], field: str, values: list[str]) -> bool:
    """Whether every e-mail address or number is among the points; one that is written twice is one."""
    kind, kinds = ("email", ("email",)) if field == "email" else ("phone", ("phone", "fax"))
    wanted = [text.removeprefix("tel:") for text in values]
    written = {point["value"] for point in party["points"]}
    return all(text in written or (normalise(kind, text, "CN") or text) in normals(party, *kinds) for text in wanted)


def cards(folder: Path, stored: Stored) -> Iterator[Check]:
    for name, expect in expectations(folder).items():
        found = [card for card in read_cards(Source(path=folder / name)) if isinstance(card, Card)]
        hand = expect.get("hand_read", {})
        for place, (card, listed) in enumerate(zip(found, expect["card_list"], strict=True)):
            fields = listed["agreed"] | hand.get(f"card{place}", {})
            party = stored.party(Path(name).name, card.line, fields)
            for field in sorted(fields.keys() & {"fn", "email", "tel"}):
                right = party["name"] == fields[field] if field == "fn" else kept(party, field, fields[field])
                yield field, right, f"{name} #{place}: {fields[field]!r}"


def mails(folder: Path, stored: Stored) -> Iterator[Check]:
    theirs = comparing("mail/test_mail_realworld.py")
    for name, expect in expectations(folder).items():
        if expect["type"] != "rfc822":
            continue
        agreed = expect["agreed"]
        key = theirs.unbracketed(agreed.get("message_id"))
        made = [one for place in range(1, 5) for one in stored.by_source[f"{Path(name).name}:{place}"]]
        one = next((m for m in made if not key or m["external_id"] == key), None) or stored.by_id.get(key)
        senders = [p["address"].lower() for p in one["participants"] if p["role"] == "from"] if one else []
        for field, value in agreed.items():
            if field == "subject":
                subject = one["subject"] if one else ""
                yield field, theirs.squeezed(subject) == theirs.squeezed(value), f"{name}: {value!r} {subject!r}"
            elif field == "from":
                yield "senders", set(map(str.lower, value)) <= set(senders), f"{name}: {value!r} {senders!r}"
            elif field == "date_epoch":
                at = one["at"] if one else None
                right = at is not None and int(datetime.fromisoformat(at).timestamp()) == value
                yield "date", right, f"{name}: {value!r} {at!r}"


def events_of(path: Path) -> list[IncomingInteraction]:
    records = ICALENDAR.read(Source(path=path))
    return [one for one in records if isinstance(one, IncomingInteraction) and one.channel == "meeting"]


def revision(event: IncomingInteraction, order: int) -> tuple[int, str, int, int]:
    sequence = event.extra.get("sequence", "")
    return int(sequence) if sequence.isdecimal() else 0, event.extra.get("dtstamp", ""), order, event.line


def meetings(folder: Path, stored: Stored) -> Iterator[Check]:
    """Compare the latest revision of every event: of an earlier one (RFC 5546, 2.1.5) nothing is to be seen."""
    theirs = comparing("calendar/test_real_files.py")
    names = sorted(expectations(folder), key=lambda name: Path(name).parts)
    events = {name: events_of(folder / name) for name in names}
    latest: dict[str, tuple[int, str, int, int]] = {}
    for order, name in enumerate(names):
        for event in events[name]:
            latest[event.external_id] = max(latest.get(event.external_id, (0, "", 0, 0)), revision(event, order))
    for order, name in enumerate(names):
        expect, read = expectations(folder)[name], events[name]
        if len(read) != expect.get("events"):
            continue  # the reader's own test says which, and why
        for expected, event in zip(expect["event_list"], read, strict=False):
            one = stored.by_id[event.external_id]
            if revision(event, order) != latest[event.external_id]:
                continue
            if "summary" in expected:
                right = theirs.same_text(expected["summary"], one["subject"])
                yield "summary", right, f"{name}: {expected['summary']!r} {one['subject']!r}"
            if "dtstart" in expected:
                at, day = one["at"], one["day"]
                seen = IncomingInteraction(
                    line=event.line, channel="meeting", extra=one["details"],
                    at=datetime.fromisoformat(at) if at else None,
                    all_day=datetime.fromisoformat(day).date() if day else None,
                )  # fmt: skip
                right = theirs.start_agrees(expected["dtstart"], seen)
                yield "start", right, f"{name}: {expected['dtstart']!r} {at or day!r}"


def test_all_real_files_into_one_workspace(crm: Callable[..., Result], realworld: Path) -> None:
    lines = [f"{'kind':10}" + "".join(f"{name:>11}" for name in COUNTS)]
    for kind in KINDS:
        said = import_all(crm, realworld / kind)
        lines.append(f"{kind:10}" + "".join(f"{said[name]:>11}" for name in COUNTS))
        again = import_all(crm, realworld / kind)
        assert (again["read"], again["rejected"]) == (said["read"], said["rejected"])
        assert again["created"] == 0
    stored = Stored(crm)
    good: Counter[tuple[str, str]] = Counter()
    asked: Counter[tuple[str, str]] = Counter()
    misses: list[str] = []
    for kind, compare in (("vcard", cards), ("email", mails), ("calendar", meetings)):
        for field, right, told in compare(realworld / kind, stored):
            asked[kind, field] += 1
            good[kind, field] += right
            if not right:
                misses.append(f"{kind} {field} {told}")
    for kind in ("vcard", "email", "calendar"):
        fields = {key: count for key, count in asked.items() if key[0] == kind}
        right, total = sum(good[key] for key in fields), sum(fields.values())
        lines += [f"{kind:10}{field:12}{good[kind, field]:>6} of {count}" for (_kind, field), count in fields.items()]
        lines.append(f"{kind:10}{'all':12}{right:>6} of {total} ({right / total:.2%})")
    sys.stdout.write("\n".join(["", *lines, *misses, ""]))
    for kind in ("vcard", "email", "calendar"):
        fields = [key for key in asked if key[0] == kind]
        assert sum(good[key] for key in fields) >= 0.99 * sum(asked[key] for key in fields), misses


def import_all(crm: Callable[..., Result], folder: Path) -> dict[str, Any]:
    """Import a folder; files that cannot be read at all are rejections, and make the exit code 1."""
    refused = folder.name in {"csv", "email"}
    said: dict[str, Any] = json.loads(crm("import", folder, "--json", code=int(refused)).stdout)
    assert said["read"] == sum(said[name] for name in COUNTS[1:])
    for one in said["rejections"]:
        assert next(folder.rglob(one["file"]))
        assert one["reason"]
        assert one["line"] > 0 or one["file"] in one["reason"]
    return said


def test_malformed_files_are_told_with_their_place_and_their_good_records_kept(
    crm: Callable[..., Result], realworld: Path
) -> None:
    calendars = realworld / "calendar"
    for name, kept_, places in (
        ("ical4j_ical4j/13-MoonPhase.ics", 41, {1, 213}),
        ("u01jmg3_ics-parser/ICal.ics", 20, {22}),
        ("collective_icalendar/pr_480_summary_with_colon.ics", 2, {1}),
    ):
        said = json.loads(crm("import", calendars / name, "--json").stdout)
        assert (said["created"], {one["line"] for one in said["rejections"]}) == (kept_, places)
    said = json.loads(
        crm("import", realworld / "vcard" / "mangstadt_ez-vcard" / "John_Doe_ANDROID.vcf", "--json").stdout
    )
    assert said["read"] == 6
    assert said["created"] + said["unchanged"] + said["updated"] == 6 - said["rejected"]
