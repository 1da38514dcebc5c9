"""Rendering a new plugin: at most eight files, which pass every check of `crm plugin check`."""

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from string import Template

from crmcore.errors import InvalidInput
from crmcore.i18n import _

FILES: Mapping[str, str] = {
    "pyproject.toml": "pyproject.toml",
    "README.md": "README.md",
    "crmcore_$name/__init__.py": "init.py",
    "crmcore_$name/plugin.py": "plugin.py",
    "crmcore_$name/command.py": "command.py",
    "crmcore_$name/migrations/${name}_0001.py": "migration.py",
    "crmcore_$name/py.typed": "py.typed",
    "tests/test_$name.py": "test.py",
}
"""The files of a new plugin, by their path, and the template each is made from."""

LONGEST_NAME = 24
LONGEST_TITLE = 60
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def render(name: str, title: str, into: Path, taken: Mapping[str, str]) -> Path:
    """Write the plugin `name` to the folder `crmcore-NAME` in `into` and return that folder.

    `taken` maps names that are not free to what has them. Raises `InvalidInput` for a name or title that does not do,
    and for a folder that exists: nothing is ever overwritten.
    """
    _check_name(name, taken)
    folder = into / f"crmcore-{name}"
    if folder.exists():
        raise InvalidInput(_("{folder} exists already; nothing is overwritten.").format(folder=folder))
    given = {"name": name, "title": _checked_title(title or name.replace("_", " ").capitalize())}
    templates = files("crmcore.scaffold") / "template"
    for path, template in FILES.items():
        text = Template((templates / f"{template}.tmpl").read_text(encoding="utf-8")).substitute(given)
        file = folder / Template(path).substitute(given)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def _check_name(name: str, taken: Mapping[str, str]) -> None:
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise InvalidInput(
            _(
                "“{name}” does not do as a plugin's name: it has small letters, digits and _, begins with a letter, "
                "and is at most {most} long."
            ).format(name=name, most=LONGEST_NAME)
        )
    if name in taken:
        raise InvalidInput(
            _("“{name}” does not do as a plugin's name: {what} has it.").format(name=name, what=taken[name])
        )


def _checked_title(title: str) -> str:
    if len(title) > LONGEST_TITLE or not title.isprintable() or '"' in title or "\\" in title or title != title.strip():
        raise InvalidInput(
            _("The title is one line of at most {most} characters, without quotation marks or backslashes.").format(
                most=LONGEST_TITLE
            )
        )
    return title
