"""Reading a backup file: checked as a whole before anything is touched."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crmcore.backup.manifest import NAME, Manifest, parse
from crmcore.engine import migrate
from crmcore.errors import InvalidInput
from crmcore.exporting.tables import CORE_TABLES
from crmcore.i18n import _

_PIECE = 1 << 20


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a backup file; whatever is wrong with it as an archive becomes an `InvalidInput` with one sentence."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError as error:
        raise InvalidInput(_("There is no file {path}.").format(path=path)) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise InvalidInput(
            _("{path} is no backup of crmcore, or damaged; nothing was changed.").format(path=path)
        ) from error
    except OSError as error:
        raise InvalidInput(_("{path} cannot be read: {why}").format(path=path, why=error.strerror or error)) from error


def check(path: Path) -> Manifest:
    """Return what is in a backup file after reading all of it.

    Raises `InvalidInput` when it is no backup, damaged, cut off, or of a newer version of the schema.
    """
    with opened(path) as archive:
        there = set(archive.namelist())
        if NAME not in there:
            raise InvalidInput(_("{path} is no backup of crmcore: it has no manifest.").format(path=path))
        manifest = parse(archive.read(NAME), str(path))
        if manifest.revision != migrate.CORE_HEAD and manifest.revision not in migrate.revisions(migrate.CORE):
            raise InvalidInput(
                _("{path} holds a workspace of schema {theirs}, this crmcore works with {ours}.").format(
                    path=path, theirs=manifest.revision, ours=migrate.CORE_HEAD
                )
            )
        wanted = [part.table for part in manifest.parts]
        plugins = [table["name"] for one in manifest.plugins for table in one.tables]
        ours = [table.name for table in CORE_TABLES] if manifest.revision == migrate.CORE_HEAD else _older(manifest)
        if sorted(wanted) != sorted([*ours, *plugins]):
            raise InvalidInput(_("{path} does not hold the tables its manifest speaks of.").format(path=path))
        for part in manifest.parts:
            if part.file not in there or _digest(archive, part.file) != (part.sha256, part.rows):
                raise InvalidInput(
                    _("{path} is damaged: its part {part} is not as it was saved; nothing was changed.").format(
                        path=path, part=part.file
                    )
                )
    return manifest


def _older(manifest: Manifest) -> list[str]:
    """Return the tables of an older workspace: as its manifest has them, for they are not known here any more."""
    plugins = {table["name"] for one in manifest.plugins for table in one.tables}
    return [part.table for part in manifest.parts if part.table not in plugins]


def _digest(archive: zipfile.ZipFile, name: str) -> tuple[str, int]:
    digest, lines = hashlib.sha256(), 0
    with archive.open(name) as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            lines += piece.count(b"\n")
    return digest.hexdigest(), lines
