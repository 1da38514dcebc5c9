"""Gold: its types are said, agree with those of the hooks, and are checked."""

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import crmcore
from crmcore.conformance.subject import Subject, folder_of
from crmcore.hooks import SPECIFICATIONS
from crmcore.hooks.kinds import specifications
from crmcore.i18n import _
from crmcore.plugins.resolve import resolve

_MOST = 5
_CONTAINERS = {"Iterable", "Iterator", "Sequence", "Collection", "Generator", "list", "tuple", "List", "Tuple"}


def typed(subject: Subject) -> Iterator[str]:
    """Ask whether it has py.typed, its hooks have the types of the specifications, and mypy finds nothing."""
    if not (subject.package / "py.typed").is_file():
        yield _("There is no file {file}; without it nobody's type checker reads its types.").format(
            file=f"{subject.package.name}/py.typed"
        )
    owned = (each for _found, plugin in resolve(subject.name) for each in plugin.hooks)
    for module in (*SPECIFICATIONS, *owned):
        for name, specification in specifications(module).items():
            ours = vars(subject.module).get(name)
            if ours is not None and ours is not specification:
                yield from _disagreeing(name, specification, ours)
    if find_spec("mypy") is not None:
        yield from _found_by_mypy(subject)


def _disagreeing(name: str, specification: Callable[..., Any], ours: Callable[..., Any]) -> Iterator[str]:
    wanted, given = inspect.signature(specification), inspect.signature(ours)
    pairs = [
        (each.name, wanted.parameters[each.name].annotation, each.annotation) for each in given.parameters.values()
    ]
    for argument, theirs, said in (*pairs, ("return", wanted.return_annotation, given.return_annotation)):
        if said is inspect.Signature.empty:
            yield _("{hook} does not say the type of {argument}; it is {type}.").format(
                hook=name, argument=argument, type=inspect.formatannotation(theirs)
            )
        elif theirs is not Any and _words(theirs) != _words(said):
            yield _("{hook} says {said} for {argument}; it is {type}.").format(
                hook=name, argument=argument, said=inspect.formatannotation(said), type=inspect.formatannotation(theirs)
            )


def _words(annotation: Any) -> set[str]:
    """Return the names of the types in an annotation, however the sequence around them is called."""
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return {each.rpartition(".")[2] for each in re.findall(r"[\w.]+", text)} - _CONTAINERS


def _found_by_mypy(subject: Subject) -> Iterator[str]:
    environment = subject.environment
    stands_on = [Path(crmcore.__file__).parents[1], *(folder_of(each).parent for each in subject.required.values())]
    editable = [str(each) for each in stands_on if each.name != "site-packages"]  # mypy does not follow those by itself
    environment["MYPYPATH"] = os.pathsep.join(filter(None, [*editable, environment.get("MYPYPATH", "")]))
    done = subprocess.run(  # noqa: S603 # mypy, on the plugin's own package
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", subject.package.name],
        env=environment, cwd=subject.package.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.stderr:
        yield _("mypy --strict: {error}").format(error=done.stderr.strip().splitlines()[-1])
    ours = [line for line in done.stdout.splitlines() if line.startswith(f"{subject.package.name}{os.sep}")]
    yield from (_("mypy --strict: {error}").format(error=line) for line in ours[:_MOST])
