"""Files that appear whole or not at all."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from crmcore.errors import InvalidInput
from crmcore.i18n import _


def check_free(paths: Iterable[Path], *, force: bool) -> None:
    """Raise `InvalidInput` when a file is there already, unless it may be replaced (`force`)."""
    for path in paths:
        if path.is_dir():
            raise InvalidInput(_("{path} is a folder, not a file.").format(path=path))
        if path.exists() and not force:
            raise InvalidInput(_("{path} exists already; --force replaces it.").format(path=path))


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write to that takes its place as `path` when the block ends without an error.

    Until then it is a hidden file beside it, which only its owner may read. Raises `InvalidInput` when the folder or
    the disk does not allow it.
    """
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise InvalidInput(
            _("{path} cannot be written: {why}").format(path=path, why=error.strerror or error)
        ) from error
