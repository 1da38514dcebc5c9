"""Broken files: good cards are kept, bad ones are named with their line, nothing else is raised."""

import time
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.errors import InvalidInput
from crmcore.formats.vcard.format import VCARD
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingContact, IncomingCustomer, Rejection

REAL = Path(__file__).resolve().parents[3] / ".." / "shared" / "realworld" / "vcard"
DATA = Path(__file__).resolve().parents[2] / "data" / "vcard"
Found = IncomingContact | IncomingCustomer | Rejection


def _read(path: Path, content: bytes | str) -> list[Found]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(VCARD.read(Source(path=path)))  # type: ignore[arg-type]


def _places(found: list[Found]) -> list[tuple[str, int]]:
    return [(type(record).__name__, record.line) for record in found]


GOOD = "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Lee\nEND:VCARD\n"


def test_missing_end_in_the_middle(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.vcf", GOOD + "BEGIN:VCARD\nVERSION:3.0\nFN:Lost\n" + GOOD)
    assert _places(found) == [("IncomingContact", 1), ("Rejection", 5), ("IncomingContact", 8)]
    assert isinstance(found[1], Rejection)
    assert "END:VCARD" in found[1].reason
    assert "FN:Lost" in found[1].raw


def test_cut_at_the_end_of_the_file(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.vcf", GOOD + "BEGIN:VCARD\nVERSION:3.0\nFN:Lo")
    assert _places(found) == [("IncomingContact", 1), ("Rejection", 5)]


def test_garbage_around_cards(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.vcf", "Here are\n\nmy cards:\n" + GOOD + "???\nmore\n\n" + GOOD + "bye\n")
    places = [("Rejection", 1), ("IncomingContact", 4), ("Rejection", 8), ("IncomingContact", 11), ("Rejection", 15)]
    assert _places(found) == places
    assert [record.raw for record in found if isinstance(record, Rejection)] == [
        "Here are\nmy cards:",
        "???\nmore",
        "bye",
    ]


def test_files_joined_without_a_line_end(tmp_path: Path) -> None:
    assert _places(_read(tmp_path / "a.vcf", GOOD.strip() + GOOD)) == [("IncomingContact", 1), ("IncomingContact", 4)]


def test_agent_of_vcard_21_stays_inside(tmp_path: Path) -> None:
    inner = "AGENT:\nBEGIN:VCARD\nVERSION:2.1\nFN:The Agent\nTEL:1\nEND:VCARD\n"
    found = _read(tmp_path / "a.vcf", f"BEGIN:VCARD\nVERSION:2.1\nFN:Boss\n{inner}TEL:2\nEND:VCARD\n")
    (boss,) = found
    assert isinstance(boss, IncomingContact)
    assert boss.name == "Boss"
    assert [point.value for point in boss.points] == ["2"]
    assert "FN:The Agent" in boss.extra["AGENT"]


def test_a_card_with_nothing_usable(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.vcf", "BEGIN:VCARD\nVERSION:3.0\nREV:20200101\nEND:VCARD\n" + GOOD)
    assert _places(found) == [("Rejection", 1), ("IncomingContact", 5)]
    assert isinstance(found[0], Rejection)
    assert "no name" in found[0].reason


def test_a_group_is_named_and_left_out(tmp_path: Path) -> None:
    group = "BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:Friends\nMEMBER:urn:uuid:1\nMEMBER:urn:uuid:2\nEND:VCARD\n"
    (found,) = _read(tmp_path / "a.vcf", group)
    assert isinstance(found, Rejection)
    assert "2 contacts (Friends)" in found.reason


def test_damaged_base64_is_told(tmp_path: Path) -> None:
    content = "BEGIN:VCARD\nVERSION:2.1\nFN:Ann\nPHOTO;JPEG;ENCODING=BASE64:\n /9j/4AAQSk\n ZJRgABA\n\nEND:VCARD\n"
    (found,) = _read(tmp_path / "a.vcf", content)
    assert isinstance(found, IncomingContact)
    assert [photo.size for photo in found.photos] == [12]
    assert "line 4" in found.extra["PHOTO"]


def test_base64_without_indent_and_with_blank_lines(tmp_path: Path) -> None:
    content = "BEGIN:VCARD\r\r\nVERSION:2.1\nPHOTO;BASE64:\n/9j/4AAQ\nSkZJRgAB\n\nTEL;CELL:1\nFN:Ann\nEND:VCARD"
    (found,) = _read(tmp_path / "a.vcf", content)
    assert isinstance(found, IncomingContact)
    assert [(photo.size, photo.media_type) for photo in found.photos] == [(12, "image/jpeg")]
    assert "PHOTO" not in found.extra


def test_lines_that_lost_their_indent_are_kept(tmp_path: Path) -> None:
    (found,) = _read(
        tmp_path / "a.vcf", "BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nNOTE:one\ntwo\nsee http://x\nTEL:1\nEND:VCARD\n"
    )
    assert isinstance(found, IncomingContact)
    assert found.note == "one\ntwo\nsee http://x"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    found = _read(tmp_path / "a.vcf", (GOOD + GOOD).replace("\n", end))
    assert _places(found) == [("IncomingContact", 1), ("IncomingContact", 5)]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b" \r\n\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 50, "binary"),
        (b"name,phone\nAnn,1\n", "no vCard"),
    ],
)
def test_not_a_vcard_file(tmp_path: Path, content: bytes, part: str) -> None:
    with pytest.raises(InvalidInput, match=part) as caught:
        _read(tmp_path / "a.vcf", content)
    assert "a.vcf" in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"none\.vcf cannot be read"):
        list(VCARD.read(Source(path=tmp_path / "none.vcf")))


@pytest.mark.parametrize("letter", [b'"', b"=", b"<", b"@", b";", b"\\", b"\xe4", b"^", b",", b"\n "])
@pytest.mark.parametrize(
    "start", [b"FN", b"FN:", b"N;X=", b"EMAIL:<", b"ADR;QUOTED-PRINTABLE:", b"PHOTO:data:", b"BDAY:"]
)
def test_long_nonsense_takes_no_long_time(tmp_path: Path, start: bytes, letter: bytes) -> None:
    began = time.process_time()
    found = _read(tmp_path / "a.vcf", GOOD.encode() + b"BEGIN:VCARD\n" + start + letter * 200_000 + b"\nEND:VCARD\n")
    assert len(found) == 2
    assert time.process_time() - began < 5


def test_memory_does_not_grow_with_the_number_of_cards(tmp_path: Path) -> None:
    peaks = []
    for copies in (500, 500, 5000):  # the first fills caches
        path = tmp_path / "a.vcf"
        path.write_text(GOOD * copies)
        tracemalloc.start()
        assert sum(1 for _card in VCARD.read(Source(path=path))) == copies
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.5 * peaks[1]


def _never_raises_but(content: bytes) -> list[Found]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.vcf"
        VCARD.sniff(content[:65536], path.name)
        try:
            found = _read(path, content)
        except InvalidInput:
            return []
        lines = content.count(b"\n") + content.count(b"\r") + 1
        assert all(1 <= record.line <= lines for record in found)
        assert all(record.name.strip() for record in found if not isinstance(record, Rejection))
        return found


FRAGMENTS = st.sampled_from(
    b"BEGIN:VCARD\r\n|END:VCARD\n|VERSION:2.1\n|FN|N|ADR|TEL|PHOTO|AGENT:\n|BDAY:|19850412|1604-02-30|KIND:org\n|ORG:A;B\n|"
    b';ENCODING=QUOTED-PRINTABLE|;BASE64|;CHARSET=SHIFT_JIS|;CHARSET=|:"|=\n|=C3=|data:,|:|;|\\|\n|\r|\n |\xff\xfe|'
    b'\x95\\|\xe5\xbc\xa0\xe4\xbc\x9f|\xd5\xc5\xce\xb0|\0|^|item1.|X-ABLabel:|EMAIL:<a@b>|;TYPE=|"'.split(b"|")
)


@settings(max_examples=400, deadline=None)
@given(st.lists(FRAGMENTS | st.binary(max_size=6), max_size=40).map(b"".join))
def test_random_pieces_never_raise(content: bytes) -> None:
    _never_raises_but(content)
    _never_raises_but(b"BEGIN:VCARD\nFN:A\n" + content + b"\nEND:VCARD\n")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_never_raise(content: bytes) -> None:
    _never_raises_but(content)


REAL_CONTENTS = [path.read_bytes()[:6000] for path in sorted(REAL.glob("*/*.vcf"))]
OWN_CONTENTS = [path.read_bytes() for path in sorted(DATA.glob("*.vcf"))]


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_mutated_cards_never_raise(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(OWN_CONTENTS + REAL_CONTENTS)))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content)))
        match data.draw(st.sampled_from(["cut", "insert", "drop", "change"])):
            case "cut":
                del content[place:]
            case "insert":
                content[place:place] = data.draw(FRAGMENTS | st.binary(min_size=1, max_size=4))
            case "drop":
                del content[place : place + data.draw(st.integers(1, 30))]
            case "change":
                content[place : place + 1] = data.draw(st.binary(min_size=1, max_size=1))
    _never_raises_but(bytes(content))
