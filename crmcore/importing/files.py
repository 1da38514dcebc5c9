"""Which files to read, and in which format."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from crmcore.errors import InvalidInput, NotFound
from crmcore.formats.table.rows import headings
from crmcore.hooks.formats import Format, Source
from crmcore.i18n import _

_HEAD = 65536
_TABLES = frozenset({"csv", "xlsx"})
_CERTAIN = 50
NO_OPTIONS: Mapping[str, str] = {}


@frozen(kw_only=True)
class InputFile:
    """A file (or maildir) to read, its format, and a fingerprint that tells whether it is still the same."""

    path: Path
    format: Format
    fingerprint: str

    @property
    def name(self) -> str:
        """The name that sources and rejections show."""
        return self.path.name


def find_files(
    paths: Iterable[Path], formats: Sequence[Format], wanted: str = "", reading: Mapping[str, str] = NO_OPTIONS
) -> tuple[list[InputFile], list[str]]:
    """Return the files to read under `paths`, and a sentence for each file of a folder that no format reads.

    In their order, but those of formats that are late come last. `wanted` names the format to read all of them in,
    `reading` is what the user said about them. Raises `NotFound` for
    a path that does not exist and `InvalidInput` for a named file that no format reads; nothing is read before all of
    that is known.
    """
    chosen = _named(formats, wanted) if wanted else None
    files: list[InputFile] = []
    passed: list[str] = []
    for path in paths:
        if not path.exists():
            raise NotFound(_("{path}: there is no such file.").format(path=path))
        for one in _expand(path, formats):
            form = chosen or detect(one, formats, reading)
            if form is not None:
                files.append(InputFile(path=one, format=form, fingerprint=_fingerprint(one)))
            elif one == path:
                names = ", ".join(each.name for each in formats)
                raise InvalidInput(
                    _("{path}: not a file of a known format ({names}); `--format` names one.").format(
                        path=path, names=names
                    )
                )
            else:
                passed.append(_("{path}: not of a known format, passed over").format(path=one))
    return sorted(files, key=lambda one: one.format.late), passed


def _named(formats: Sequence[Format], wanted: str) -> Format:
    for form in formats:
        if form.name == wanted:
            return form
    names = ", ".join(form.name for form in formats)
    raise InvalidInput(_("There is no format “{name}”; there are {names}.").format(name=wanted, names=names))


def detect(path: Path, formats: Sequence[Format], reading: Mapping[str, str] = NO_OPTIONS) -> Format | None:
    """Return the format that is most certain of a file; None when none claims it.

    Of a table the formats are asked that know tables by their headings, unless the user says what its rows are.
    """
    if path.is_dir():
        head, name = b"", f"{path}/"  # a folder is recognised by what is in it
    else:
        try:
            with path.open("rb") as stream:
                head, name = stream.read(_HEAD), path.name
        except OSError as error:
            raise InvalidInput(_("{path}: cannot be read: {why}.").format(path=path, why=error.strerror)) from error
    best = max(formats, key=lambda form: form.sniff(head, name), default=None)
    if best is None or best.sniff(head, name) <= 0:
        return None
    if best.name not in _TABLES or "entity" in reading:
        return best
    return _by_headings(Source(path=path, options=reading), formats) or best


def _by_headings(source: Source, formats: Sequence[Format]) -> Format | None:
    """Return the format that is most certain of a table with such headings, if one is."""
    knowing = [(form, form.headings) for form in formats if form.headings is not None]
    if not knowing:
        return None
    try:
        there = headings(source)
    except InvalidInput:
        return None  # whoever reads it says why it cannot be read
    found, answer = max(((form, asked(there)) for form, asked in knowing), key=lambda one: one[1])
    return found if answer > _CERTAIN else None


def _expand(path: Path, formats: Sequence[Format]) -> Iterator[Path]:
    """Yield the files of a folder in the order of their names; a folder that a format reads, as a maildir, is one."""
    if not path.is_dir() or detect(path, formats) is not None:
        yield path
        return
    for child in sorted(path.iterdir()):
        if not child.name.startswith("."):
            yield from _expand(child, formats)


def _fingerprint(path: Path) -> str:
    """Return a fingerprint that tells whether a resumed import reads the same: name, size, time of change, beginning.

    Of a folder, the names of what is in it.
    """
    digest = hashlib.sha256(str(path.resolve()).encode())
    if path.is_file():
        known = path.stat()
        digest.update(f"{known.st_size} {known.st_mtime_ns}".encode())
        with path.open("rb") as stream:
            digest.update(stream.read(_HEAD))
    else:
        for child in sorted(path.rglob("*")):
            digest.update(os.fsencode(child.relative_to(path)))
    return digest.hexdigest()[:32]
