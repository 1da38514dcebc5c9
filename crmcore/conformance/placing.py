"""Examining a plugin that is not installed: its folder, put where Python and package metadata find it."""

import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import invalidate_caches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.plugins.discovery import GROUP, installed


@contextmanager
def placed(folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Make the plugin whose pyproject.toml lies in `folder` known while the block runs.

    Gives its name, and the places to put on the path of processes that are to find it. Raises `InvalidInput` for a
    folder that holds no plugin, or more than one.
    """
    told = _project(folder)
    (name,) = told["entry-points"][GROUP]
    with TemporaryDirectory(prefix="crm-check-") as site:
        _write_metadata(Path(site), folder, told)
        places = (site, str(folder))
        sys.path[:0] = places
        _forget(told)
        try:
            yield name, places
        finally:
            for place in places:
                sys.path.remove(place)
            _forget(told)


def _project(folder: Path) -> dict[str, Any]:
    file = folder / "pyproject.toml"
    if not file.is_file():
        raise InvalidInput(
            _("{file} is not there; name a plugin's folder, or a plugin that is installed.").format(file=file)
        )
    try:
        told: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(_("{file} cannot be read: {error}").format(file=file, error=error)) from error
    if len(told.get("entry-points", {}).get(GROUP, {})) != 1 or not told.get("name"):
        raise InvalidInput(_("{file} names no plugin in the entry points “{group}”.").format(file=file, group=GROUP))
    return told


def _write_metadata(site: Path, folder: Path, told: dict[str, Any]) -> None:
    """Write what installing would: the distribution's metadata and entry points."""
    version = told.get("version", "0")
    info = site / f"{told['name'].replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    head = ["Metadata-Version: 2.1", f"Name: {told['name']}", f"Version: {version}"]
    head += [f"Summary: {told['description']}"] if told.get("description") else []
    head += [f"Requires-Dist: {each}" for each in told.get("dependencies", ())]
    readme = folder / str(told.get("readme", ""))
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    (info / "METADATA").write_text("\n".join(head) + "\n\n" + text, encoding="utf-8")
    groups = [
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in entries.items())
        for group, entries in told["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n".join(groups), encoding="utf-8")


def _forget(told: dict[str, Any]) -> None:
    """Let the next look find what is there now."""
    tops = {
        value.partition(":")[0].partition(".")[0] for each in told["entry-points"].values() for value in each.values()
    }
    for module in [name for name in sys.modules if name.partition(".")[0] in tops]:
        del sys.modules[module]
    installed.cache_clear()
    invalidate_caches()
