"""What a backup file says of itself: from which version, which parts, how many rows, and their SHA-256."""

import json
from typing import Any

import attrs
from attrs import field, frozen

from crmcore.errors import InvalidInput
from crmcore.i18n import _

NAME = "manifest.json"
KIND = "crmcore backup"
FORMAT = 1


@frozen(kw_only=True)
class Part:
    """The rows of one table: a file of JSON lines in the archive, its number of rows and its SHA-256."""

    table: str
    file: str
    rows: int
    sha256: str


@frozen(kw_only=True)
class PluginPart:
    """A plugin's tables, described so that they can be made again without the plugin (see `schema`)."""

    name: str
    revision: str
    tables: list[dict[str, Any]] = field(factory=list)


@frozen(kw_only=True)
class Manifest:
    """What is in a backup. `revision` is the core's schema; `next_id` is where ids go on."""

    crmcore: str
    revision: str
    made_at: str
    database: str
    next_id: int
    parts: list[Part]
    plugins: list[PluginPart]

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows by table."""
        return {part.table: part.rows for part in self.parts}


def dump(manifest: Manifest) -> bytes:
    """Return a manifest as JSON."""
    told = {"kind": KIND, "format": FORMAT, **attrs.asdict(manifest)}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def parse(data: bytes, file: str) -> Manifest:
    """Read a manifest; raises `InvalidInput`, naming the backup `file`, for anything else or a newer format."""
    try:
        told = json.loads(data)
        if told["kind"] != KIND:
            raise KeyError("kind")
        if told["format"] > FORMAT:
            raise InvalidInput(
                _("{file} was made by a newer crmcore ({version}); upgrade crmcore first.").format(
                    file=file, version=told["crmcore"]
                )
            )
        names = [one.name for one in attrs.fields(Manifest) if one.name not in ("parts", "plugins")]
        return Manifest(
            parts=[Part(**one) for one in told["parts"]],
            plugins=[PluginPart(**one) for one in told["plugins"]],
            **{name: told[name] for name in names},
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(_("{file} is no backup of crmcore, or damaged: its manifest cannot be read.").format(
            file=file)) from error  # fmt: skip
