"""The rules of conformance as tests: one for each rule, plugin and database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from crmcore.conformance.examining import Examination
from crmcore.conformance.placing import placed
from crmcore.conformance.rules import Rule, rules
from crmcore.conformance.subject import Subject
from crmcore.testing.databases import Databases


class BrokenRuleError(Exception):
    """A rule that a plugin does not hold to; the message has a sentence for each thing that is wrong."""


class RuleItem(pytest.Item):
    """A rule, as a test."""

    def __init__(self, *, examination: Examination, rule: Rule, **given: Any) -> None:
        super().__init__(**given)
        self._examination = examination
        self._rule = rule

    def runtest(self) -> None:
        """Ask the rule; it is skipped when one that it needs is broken."""
        result = self._examination.result(self._rule)
        if result.unasked:
            pytest.skip(result.unasked)
        if result.problems:
            raise BrokenRuleError("\n".join(result.problems))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """Tell what is wrong without a traceback."""
        if isinstance(excinfo.value, BrokenRuleError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo, style))

    def reportinfo(self) -> tuple[Path, None, str]:
        """Name the rule by what it asks."""
        return self.path, None, f"{self.name}: {self._rule.title}"


def items(session: pytest.Session, wanted: list[str], level: str, kinds: list[str]) -> Iterator[RuleItem]:
    """Yield the tests for plugins by name, or by the folder of one that is not installed."""
    stack = ExitStack()
    session.config.add_cleanup(stack.close)
    databases = Databases()
    stack.callback(databases.close)
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="crm-check-")))
    for name in wanted:
        places: tuple[str, ...] = ()
        if Path(name).is_dir():
            name, places = stack.enter_context(placed(Path(name).resolve()))
        for kind in kinds:
            examination = Examination(Subject(name, _maker(databases, kind, folder), places))
            for rule in rules(level):
                shown = f"{name}-{rule.name}" + (f"[{kind}]" if len(kinds) > 1 else "")
                yield RuleItem.from_parent(session, name=shown, examination=examination, rule=rule)


def _maker(databases: Databases, kind: str, folder: Path) -> Callable[[], str]:
    return lambda: databases.new(kind, folder)
