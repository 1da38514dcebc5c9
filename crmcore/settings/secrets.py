"""Secrets: passwords and keys that the workspace does not hold; it says where they lie, and they are read there."""

import os
import re
from pathlib import Path, PurePath

from crmcore.engine.borrowed import PluginReader
from crmcore.engine.reader import Reader
from crmcore.errors import InvalidInput
from crmcore.i18n import _

ENVIRONMENT, FILE = "env:", "file:"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def must_be_elsewhere(name: str, said: str) -> str:
    """Return where a secret lies, as it is said; raises `InvalidInput`, which does not repeat it, for anything else."""
    place = said.strip()
    variable, path = place.removeprefix(ENVIRONMENT), PurePath(place.removeprefix(FILE))
    if place.startswith(ENVIRONMENT) and _VARIABLE.fullmatch(variable):
        return place
    if place.startswith(FILE) and path.is_absolute():
        return place
    raise InvalidInput(
        _(
            "{name} is a secret, which the workspace does not keep; say where it is: env:VARIABLE, or file:/PATH with"
            " the whole path."
        ).format(name=name)
    )


def secret(reader: Reader | PluginReader, name: str) -> str:
    """Return a secret that a setting names, read from where it lies; an empty text where the setting is not set.

    A file's last line end is not part of it. Raises `InvalidInput` when the variable is not set here, or the file
    cannot be read, and for a setting that is no secret.
    """
    return secret_at(str(reader.setting(name)), name)


def secret_at(place: str, name: str) -> str:
    """Return a secret, called `name`, read from where it lies; an empty text for no place.

    A place is env:VARIABLE or file:/PATH (`must_be_elsewhere`). Raises `InvalidInput` as `secret` does.
    """
    if not place:
        return ""
    if place.startswith(ENVIRONMENT):
        found = os.environ.get(variable := place.removeprefix(ENVIRONMENT))
        if found is None:
            raise InvalidInput(
                _("The environment variable {variable}, which {name} names, is not set here.").format(
                    variable=variable, name=name
                )
            )
        return found
    if not place.startswith(FILE):
        raise InvalidInput(_("The setting {name} is no secret.").format(name=name))
    path = Path(place.removeprefix(FILE))
    try:
        return path.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else _("it is no text in UTF-8")
        raise InvalidInput(
            _("The file {path}, which {name} names, cannot be read: {why}").format(path=path, name=name, why=why)
        ) from error
