"""Gold: somebody who never saw its source can use it and change it."""

import ast
from collections.abc import Iterator
from importlib.metadata import distribution

import click

from crmcore.conformance.subject import Subject
from crmcore.errors import CrmError
from crmcore.i18n import _

_SHORTEST = 200


def documented(subject: Subject) -> Iterator[str]:
    """Ask whether its README tells what it does and names its commands, and everything public has a docstring."""
    told = distribution(subject.distribution)
    readme = told.metadata["Description"] or ""
    if len(readme.strip()) < _SHORTEST:
        yield _(
            "Its README says less than {least} characters; say what it does, and what `readme` in pyproject is."
        ).format(least=_SHORTEST)
    else:
        for typed in commands(subject):
            if f"crm {typed}" not in readme:
                yield _("Its README does not name the command `crm {command}`.").format(command=typed)
        if f"crm plugin enable {subject.name}" not in readme:
            yield _("Its README does not say `crm plugin enable {name}`.").format(name=subject.name)
    for path in subject.sources():
        for line, name in _silent(ast.parse(path.read_text(encoding="utf-8"))):
            yield _("{file}, line {line}: {name} has no docstring.").format(
                file=path.relative_to(subject.package.parent), line=line, name=name
            )


def commands(subject: Subject) -> list[str]:
    """Return the commands it brings as they are typed, without `crm`; raises `CrmError` for one that does not load."""
    found: list[str] = []
    for entry in distribution(subject.distribution).entry_points.select(group="crmcore.commands"):
        try:
            found.extend(_leaves(entry.load(), (entry.name,)))
        except Exception as error:
            raise CrmError(
                _("The command {name} does not load: {error}").format(name=entry.name, error=error)
            ) from error
    return found


def _leaves(command: click.Command, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name, each in sorted(command.commands.items()):
            yield from _leaves(each, (*path, name))
    else:
        yield " ".join(path)


def _silent(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield what is public and has no docstring: the module, its functions and classes, and their methods."""
    if tree.body and ast.get_docstring(tree) is None:
        yield 1, _("the module")
    for node in tree.body:
        for each in (node, *(node.body if isinstance(node, ast.ClassDef) else ())):
            if not isinstance(each, ast.FunctionDef | ast.ClassDef) or each.name.startswith("_"):
                continue
            if ast.get_docstring(each) is None:
                yield each.lineno, each.name
