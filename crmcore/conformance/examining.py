"""Examining a plugin: each rule asked once, and what came of it."""

from attrs import frozen

from crmcore.conformance.rules import RULES, Rule
from crmcore.conformance.subject import Subject
from crmcore.i18n import _

_BY_NAME = {rule.name: rule for rule in RULES}


@frozen(kw_only=True)
class Result:
    """What came of a rule: the `problems` found, or why it was not asked."""

    rule: Rule
    problems: tuple[str, ...] = ()
    unasked: str = ""

    @property
    def state(self) -> str:
        """One word: held, violated, or unasked."""
        return "unasked" if self.unasked else "violated" if self.problems else "held"


class Examination:
    """Asks the rules about one plugin, each at most once and after those it needs."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._results: dict[str, Result] = {}

    def result(self, rule: Rule) -> Result:
        """Return what came of a rule."""
        if rule.name not in self._results:
            self._results[rule.name] = self._ask(rule)
        return self._results[rule.name]

    def _ask(self, rule: Rule) -> Result:
        broken = [name for name in rule.needs if self.result(_BY_NAME[name]).state != "held"]
        if broken:
            return Result(rule=rule, unasked=_("not asked: “{rule}” is not held").format(rule=broken[0]))
        try:
            return Result(rule=rule, problems=tuple(rule.check(self.subject)))
        except Exception as error:  # noqa: BLE001 # a plugin may raise anything, anywhere
            lines = str(error).strip().splitlines() or [""]
            return Result(rule=rule, problems=(f"{type(error).__name__}: {lines[0]}",))
