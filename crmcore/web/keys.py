"""Making the key that links are signed with: a file of its own, which only its owner reads."""

import os
from pathlib import Path
from secrets import token_urlsafe

from crmcore.errors import InvalidInput
from crmcore.i18n import _

_BYTES = 48


def make_key(path: Path) -> Path:
    """Write a new key of 384 random bits into a file that is not there yet, mode 0600; return its whole path.

    Raises `InvalidInput` for a file that is there, so that no key is lost, and for one that cannot be written.
    """
    whole = path.absolute()
    try:
        descriptor = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{token_urlsafe(_BYTES)}\n")
    except FileExistsError as error:
        raise InvalidInput(
            _("{path} is there already; the key in it may be in use. Name another file.").format(path=whole)
        ) from error
    except OSError as error:
        raise InvalidInput(_("{path} cannot be written: {why}").format(path=whole, why=error.strerror)) from error
    return whole
