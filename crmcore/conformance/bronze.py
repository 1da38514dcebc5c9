"""Bronze: it loads, says what it is, joins in where there are hooks, keeps to the public surface, and is quick."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from crmcore.conformance.subject import Subject
from crmcore.errors import PluginError
from crmcore.i18n import _
from crmcore.plugins.discovery import load
from crmcore.plugins.dispatch import Dispatcher
from crmcore.plugins.resolve import acquaint

PUBLIC = (
    "crmcore.api", "crmcore.command", "crmcore.hooks", "crmcore.mail", "crmcore.reports", "crmcore.testing",
    "crmcore.web",
)  # fmt: skip
"""What authors may import: all else may change without notice."""

MOST_MILLISECONDS = 150
_RUNS = 3
_WAITED = 5 * MOST_MILLISECONDS
"""Up to here what counts is the processor's time: other programs may have had it meanwhile."""
_HEARD = re.compile(r"(\*|[a-z][a-z0-9_]*)\.(\*|[a-z][a-z0-9_]*)")
_IMPORT = """
import time, click, crmcore.api
begun, worked = time.perf_counter(), time.process_time()
import {module}
print(time.process_time() - worked, time.perf_counter() - begun)
"""
_HELP = """
import sys
from importlib.metadata import entry_points
command = next(each for each in entry_points(group="crmcore.commands") if each.value == {value!r}).load()
command.main(["--help"], standalone_mode=False)
print("sqlalchemy" in sys.modules, file=sys.stderr)
"""


def loads(subject: Subject) -> Iterator[str]:
    """Ask whether it is found, fits this crmcore, and loads."""
    if subject.found is None:
        yield _("No plugin {name} is installed; name its folder, or `pip install --editable` it.").format(
            name=subject.name
        )
        return
    try:
        load(subject.found)
    except PluginError as error:
        yield str(error)


def manifest(subject: Subject) -> Iterator[str]:
    """Ask what it tells of itself, in its package's metadata and in `PLUGIN`."""
    told = distribution(subject.distribution)
    if canonicalize_name(told.name) != canonicalize_name(f"crmcore-{subject.name}"):
        yield _("The distribution is called {name}; call it crmcore-{plugin}.").format(
            name=told.name, plugin=subject.name
        )
    if not told.metadata["Summary"]:
        yield _("pyproject.toml has no description; `crm --help` and `crm plugin list` show it.")
    if not subject.plugin.title.strip():
        yield _("PLUGIN has no title; say in a few words what the plugin is for.")
    yield from _requirements(subject, told)
    if subject.plugin.hears and not hasattr(subject.module, "crm_on_event"):
        yield _("PLUGIN hears events, but there is no crm_on_event.")
    for kind in subject.plugin.hears:
        if not _HEARD.fullmatch(kind):
            yield _("PLUGIN hears “{kind}”, which is no type of event; write contact.created or contact.*.").format(
                kind=kind
            )


def _requirements(subject: Subject, told: Distribution) -> Iterator[str]:
    wanted = {canonicalize_name(each.name): each for each in map(Requirement, told.requires or ())}
    core = wanted.get(canonicalize_name("crmcore"))
    if core is None:
        yield _("pyproject.toml does not require crmcore; add crmcore>=0.1,<1 to its dependencies.")
    elif not {"<", "<=", "~=", "=="} & {each.operator for each in core.specifier}:
        yield _("It requires {wanted}, without an upper end; the next major crmcore may break it: add <1.").format(
            wanted=str(core)
        )
    for name in subject.plugin.requires:
        if canonicalize_name(f"crmcore-{name}") not in wanted:
            yield _(
                "PLUGIN requires {name}, but pyproject.toml does not; add crmcore-{name} to its dependencies."
            ).format(name=name)


def hooks(subject: Subject) -> Iterator[str]:
    """Ask whether its hooks exist, and have no other arguments."""
    try:
        alone = Dispatcher()
        acquaint(alone, subject.name)
        alone.register(subject.name, subject.module)
    except PluginError as error:
        yield str(error)


def surface(subject: Subject) -> Iterator[str]:
    """Ask whether it imports only what is public."""
    for path in subject.sources():
        for line, name in _imported(path):
            if name.split(".")[0] == "crmcore" and not any(f"{name}.".startswith(f"{each}.") for each in PUBLIC):
                yield _("{file}, line {line}: {module} is private and may change; import from crmcore.api.").format(
                    file=path.relative_to(subject.package.parent), line=line, module=name
                )


def _imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            if node.module == "crmcore":
                yield from ((node.lineno, f"crmcore.{each.name}") for each in node.names)
            else:
                yield node.lineno, node.module or ""


def quick(subject: Subject) -> Iterator[str]:
    """Ask what loading it costs, beside what crmcore costs anyhow."""
    code = _IMPORT.format(module=subject.module.__name__)
    for _each in range(_RUNS):  # a busy machine is not the plugin's fault
        worked, took = (float(each) * 1000 for each in _python(subject, code).stdout.split())
        if took <= _WAITED:
            took = worked
        if took <= MOST_MILLISECONDS:
            break
    else:
        yield _("Importing it takes {took:.0f} ms, more than {most}; import what is heavy where it is used.").format(
            took=took, most=MOST_MILLISECONDS
        )
    for entry in distribution(subject.distribution).entry_points.select(group="crmcore.commands"):
        done = _python(subject, _HELP.format(value=entry.value))
        if done.returncode:
            yield _("`crm {command} --help` fails: {error}").format(
                command=entry.name, error=done.stderr.strip().splitlines()[-1]
            )
        elif done.stderr.endswith("True\n"):
            yield _("`crm {command} --help` imports SQLAlchemy; import crmcore.api within the commands.").format(
                command=entry.name
            )


def _python(subject: Subject, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 # this Python, on our own lines
        [sys.executable, "-c", code], env=subject.environment, capture_output=True, text=True, check=False
    )
