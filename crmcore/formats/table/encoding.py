"""Which characters the bytes of a text file are.

Decided before the first record is made, from a byte-order mark, the places of NUL bytes, and one pass over the whole
file in blocks (memory does not grow with the file): a table is never half imported in one encoding and half in another.
A byte-order mark is believed only when the text behind it fits. Nothing is replaced by question marks: bytes that fit
no encoding stay visible as surrogates, and the rows that hold them are rejected.
"""

import codecs
import logging
from pathlib import Path

from attrs import frozen

from crmcore.errors import InvalidInput
from crmcore.i18n import _

HEAD = 64 * 1024
BLOCK = 1024 * 1024
SAMPLE = 64 * 1024
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
WIDE = ("utf-32-be", "utf-32-le", "utf-16-be", "utf-16-le")

log = logging.getLogger(__name__)


@frozen(kw_only=True)
class Encoding:
    """How to decode a file: `codec` (a Python codec), after `skip` bytes of byte-order mark.

    `guessed`: neither Unicode nor declared, so the user should look at the names. `damaged`: some bytes do not fit and
    decode to surrogates. `nul`: the text holds NUL characters.
    """

    codec: str
    skip: int = 0
    guessed: bool = False
    damaged: bool = False
    nul: bool = False


def detect_encoding(path: Path, declared: str = "") -> Encoding:
    """Return how to decode the file at `path`; `declared` is what the user said, if anything.

    What had to be guessed, or contradicts the file's byte-order mark, is logged as a warning. Raises `InvalidInput`
    when the text fits no encoding, or not the declared one.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    mark, marked = next(((len(mark), codec) for mark, codec in MARKS if head.startswith(mark)), (0, ""))
    if declared:
        return _declared(path, declared, mark, marked)
    wide = _wide(head[mark:]) if b"\0" in head else ""
    if wide:
        if marked and marked != wide:
            log.warning(
                _("{file}: the byte-order mark says {said}, the text is {real}").format(
                    file=path.name, said=marked, real=wide
                )
            )
        return _checked(path, wide, mark)
    if marked in WIDE:
        log.warning(_("{file}: the byte-order mark says {said}, the text is not").format(file=path.name, said=marked))
    elif marked == "gb18030":
        return _checked(path, marked, mark)
    valid, nul = _survey(path, "utf-8", mark)
    if valid:
        return Encoding(codec="utf-8", skip=mark, nul=nul)
    return _legacy(path, mark, nul)


def _declared(path: Path, declared: str, mark: int, marked: str) -> Encoding:
    try:
        codec = codecs.lookup(declared).name.removesuffix("-sig")
    except LookupError:
        raise InvalidInput(_("{file}: encoding {name} is not known").format(file=path.name, name=declared)) from None
    if codec in {"utf-16", "utf-32"}:
        codec = marked if marked.startswith(codec) else codec + "-le"
    elif codec in {"gb2312", "gbk"}:
        codec = "gb18030"  # the later standard, which reads all that the earlier ones wrote
    return _checked(path, codec, mark if codec == marked else 0)


def _checked(path: Path, codec: str, skip: int) -> Encoding:
    valid, nul = _survey(path, codec, skip)
    if not valid:
        raise InvalidInput(
            _("{file}: the text is not {encoding}, byte for byte; give the true encoding").format(
                file=path.name, encoding=codec
            )
        )
    return Encoding(codec=codec, skip=skip, nul=nul)


def _wide(body: bytes) -> str:
    """Return the form of UTF-16 or UTF-32 in which `body` reads as a table: much ASCII, no NUL; or nothing."""
    body = body[: len(body) // 4 * 4]
    best, most = "", len(body) // 64
    for codec in WIDE:
        text = codecs.getincrementaldecoder(codec)("replace").decode(body)
        ascii_count = sum(character < "\x80" for character in text)
        if ascii_count > most and "\0" not in text and "\ufffd" not in text:
            best, most = codec, ascii_count
    return best


def _survey(path: Path, codec: str, skip: int) -> tuple[bool, bool]:
    """Return whether all of the file decodes, and whether it holds a NUL character."""
    decoder = codecs.getincrementaldecoder(codec)()
    nul = False
    with path.open("rb") as file:
        file.seek(skip)
        try:
            while block := file.read(BLOCK):
                nul = "\0" in decoder.decode(block) or nul
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False, b"\0" in block or nul
    return True, nul


def _legacy(path: Path, skip: int, nul: bool) -> Encoding:
    sample, utf8_lines, other_lines = _lines_above_ascii(path, skip)
    if utf8_lines > 3 * other_lines:
        log.warning(_("{file}: UTF-8, but {n} lines are not").format(file=path.name, n=other_lines))
        return Encoding(codec="utf-8", skip=skip, damaged=True, nul=True)
    from crmcore.formats.table.legacy import guess_legacy  # statistics of languages: most files need none

    codec = guess_legacy(sample)
    if codec is None:
        raise InvalidInput(
            _("{file}: the encoding of the text cannot be told; give it, for example --encoding gb18030").format(
                file=path.name
            )
        )
    log.warning(
        _("{file}: read as {encoding} (guessed; give --encoding if names look wrong)").format(
            file=path.name, encoding=codec
        )
    )
    valid, nul = _survey(path, codec, skip)
    return Encoding(codec=codec, skip=skip, guessed=True, damaged=not valid, nul=nul or not valid)


def _lines_above_ascii(path: Path, skip: int) -> tuple[bytes, int, int]:
    """Return a sample of the lines that are not UTF-8, and how many lines above ASCII are, and are not."""
    sample: list[bytes] = []
    size = valid = invalid = 0
    with path.open("rb") as file:
        file.seek(skip)
        while line := file.readline(BLOCK):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                invalid += 1
                if size < SAMPLE:
                    sample.append(line)
                    size += len(line)
            else:
                valid += 1
    return b"".join(sample)[:BLOCK], valid, invalid
