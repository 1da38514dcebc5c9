"""Filling in templates: Jinja in its sandbox, where a value that is missing keeps a message from leaving half done."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen
from jinja2 import TemplateSyntaxError, Undefined, meta, nodes
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crmcore.api import InvalidInput
from crmcore_marketing.i18n import _

KNOWN: Mapping[str, frozenset[str]] = {
    "contact": frozenset({"id", "name", "given", "family", "prefix", "suffix", "title", "email", "language", "custom"}),
    "customer": frozenset({"id", "name", "custom"}),
    "owner": frozenset({"name", "login"}),
    "campaign": frozenset({"name", "code", "place"}),
}
"""What is known of everybody, by name; of what others bring only the name is known."""
BROUGHT = frozenset({"event", "registration", "survey", "material", "form"})
WORDS = frozenset({"unsubscribe_url", "today"})


class Names(dict[str, Any]):
    """Values by name, of which one thing has those that are not empty; `said` is what a template calls it."""

    def __init__(self, said: str, values: Mapping[str, Any]) -> None:
        super().__init__(
            (name, Names(f"{said}.{name}", value) if isinstance(value, Mapping) else value)
            for name, value in values.items()
            if value not in (None, "")
        )
        self.said = said


@frozen(kw_only=True)
class Texts:
    """A template: a subject, a text, and an HTML part if there is one."""

    subject: str
    text: str
    html: str = ""

    def parts(self) -> Iterator[tuple[str, str]]:
        """Yield each part that is there, with its name."""
        for name in ("subject", "text", "html"):
            if getattr(self, name):
                yield name, getattr(self, name)

    @property
    def names_unsubscribing(self) -> bool:
        """Return whether the text says where to unsubscribe."""
        return "unsubscribe_url" in self.text


@frozen(kw_only=True)
class Filled:
    """A template filled in for one person; `missing` names what it needs and the person has not: then it is no mail."""

    subject: str
    text: str
    html: str
    missing: tuple[str, ...] = ()


class Renderer:
    """Fills in templates. Each text is compiled once."""

    def __init__(self) -> None:
        self._missing: list[str] = []
        missing = self._missing

        class Missing(Undefined):
            """What is not there: false in conditions, for which `default` and `or` stand in; told when it is shown."""

            def __str__(self) -> str:
                of = getattr(self._undefined_obj, "said", "")
                missing.append(f"{of}.{self._undefined_name}" if of else str(self._undefined_name))
                return ""

        self._plain = ImmutableSandboxedEnvironment(undefined=Missing, autoescape=False, keep_trailing_newline=True)
        self._html = self._plain.overlay(autoescape=True)
        self._compiled: dict[tuple[str, str], Any] = {}

    def fill(self, texts: Texts, given: Mapping[str, Any]) -> Filled:
        """Fill in a template; raises `InvalidInput` for one that fails, whoever it is for."""
        self._missing.clear()
        nothing: dict[str, Any] = {name: {} for name in (*KNOWN, *BROUGHT)}
        names = {
            key: Names(key, value) if isinstance(value, Mapping) else value
            for key, value in {**nothing, **given}.items()
            if value not in (None, "")
        }
        filled = {part: self._rendered(part, source, names) for part, source in texts.parts()}
        return Filled(
            subject=" ".join(filled["subject"].split()),
            text=filled["text"],
            html=filled.get("html", ""),
            missing=tuple(dict.fromkeys(self._missing)),
        )

    def _rendered(self, part: str, source: str, names: Mapping[str, Any]) -> str:
        try:
            template = self._compiled.get((part, source))
            if template is None:
                environment = self._html if part == "html" else self._plain
                template = self._compiled[part, source] = environment.from_string(source)
            return str(template.render(names))
        except TemplateSyntaxError as error:
            raise _wrong(part, error) from error
        except (TemplateRuntimeError, SecurityError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise InvalidInput(_("The {part} of the template fails: {why}").format(part=part, why=error)) from error

    def check(self, texts: Texts) -> None:
        """Raise `InvalidInput` for a template that cannot be read, or names what nobody has; part and line are told."""
        for part, source in texts.parts():
            try:
                tree = self._plain.parse(source)
            except TemplateSyntaxError as error:
                raise _wrong(part, error) from error
            for problem in _unknown(tree):
                raise InvalidInput(f"{part}: {problem}")


def _wrong(part: str, error: TemplateSyntaxError) -> InvalidInput:
    said = _("The {part} of the template cannot be read in line {line}: {why}")
    return InvalidInput(said.format(part=part, line=error.lineno, why=error.message))


def _unknown(tree: nodes.Template) -> Iterator[str]:
    known = {*KNOWN, *BROUGHT, *WORDS}
    for name in sorted(meta.find_undeclared_variables(tree) - known):
        yield _("“{name}” is no name that templates know; these are: {known}").format(name=name, known=_listed(known))
    for one in tree.find_all(nodes.Getattr):
        of = one.node.name if isinstance(one.node, nodes.Name) else ""
        if of in KNOWN and one.attr not in KNOWN[of]:
            yield _("line {line}: {of} has no “{name}”; it has {known}").format(
                line=one.lineno, of=of, name=one.attr, known=_listed(KNOWN[of])
            )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
