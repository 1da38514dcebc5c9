"""Checking fields: their entity, name, constraints and formula."""

from collections import Counter
from collections.abc import Iterator

from crmcore.configuring.expressions import Problem, expression, samples
from crmcore.configuring.known import Known
from crmcore.definitions.expression import RESERVED
from crmcore.definitions.reading import near
from crmcore.errors import InvalidInput
from crmcore.fields.values import matches, read
from crmcore.i18n import _
from crmcore.model.definitions import WORDS, Definitions, Field


def field_problems(field: Field, definitions: Definitions, known: Known) -> Iterator[Problem]:
    """Yield what is wrong with a field of the workspace."""
    if field.entity not in known.entities:
        yield (
            (),
            _("there is no entity {entity}").format(entity=field.entity) + near(field.entity, sorted(known.extensible)),
        )
        return
    if field.entity not in known.extensible:
        yield (
            (),
            _("{entity} takes no fields of your own").format(entity=field.entity)
            + near(field.entity, sorted(known.extensible)),
        )
        return
    if field.name in known.entities[field.entity] or field.name in known.facts[field.entity]:
        yield (), _("{entity} has a field of its own called {name}").format(entity=field.entity, name=field.name)
    called = Counter(one.label.casefold() for one in definitions.fields_of(field.entity) if one.label)
    if field.label and called[field.label.casefold()] > 1:
        yield (
            ("label",),
            _("two fields of {entity} cannot both be called “{label}”").format(entity=field.entity, label=field.label),
        )
    yield from constraints(field, definitions)
    if field.compute:
        names = {**known.entities[field.entity], **samples(definitions.fields_of(field.entity))}
        yield from expression(field.compute, names, ("compute",))


def constraints(field: Field, definitions: Definitions) -> Iterator[Problem]:
    """Yield what is wrong with a field by itself."""
    if not field.name.isascii() or not field.name.isidentifier() or field.name != field.name.lower():
        yield (), _("a field's name is of small letters a-z, digits and _; its label may be anything")
    elif field.name in RESERVED:
        yield (), _("“{name}” is a word of the expression language").format(name=field.name)
    for key, types in _FITTING.items():
        if getattr(field, key) and field.type not in types:
            yield (key,), _("{key} is for fields of type {types}").format(key=key, types=", ".join(types))
    for key in ("minimum", "maximum"):
        if getattr(field, key) is not None and field.type not in _NUMBERS:
            yield (key,), _("{key} is for fields of type {types}").format(key=key, types=", ".join(_NUMBERS))
    if field.type == "choice" and not field.choices:
        yield (), _("the key {key} is missing").format(key="choices")
    if len({one.casefold() for one in field.choices}) < len(field.choices) or "" in field.choices:
        yield ("choices",), _("each choice must be said once, and none be empty")
    if field.type == "money" and not (
        len(field.currency) == 3 and field.currency.isalpha() and field.currency.isupper()
    ):
        yield ("currency",), _("a money field needs the currency of its amounts, such as CNY")
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        yield (
            ("minimum",),
            _("{minimum} is more than the maximum {maximum}").format(minimum=field.minimum, maximum=field.maximum),
        )
    for key in ("required", "default"):
        if field.compute and getattr(field, key):
            yield (key,), _("a computed field cannot have {key}").format(key=key)
    if field.unique and (field.default is not None or field.type == "boolean"):
        yield ("unique",), _("what every record has alike cannot be unique")
    yield from _pattern_and_default(field, definitions)


_NUMBERS = ("number", "money")
_WORDED = tuple(sorted(WORDS - {"choice", "term"}))
_FITTING = {"choices": ("choice",), "currency": ("money",), "pattern": _WORDED}


def _pattern_and_default(field: Field, definitions: Definitions) -> Iterator[Problem]:
    if field.pattern:
        try:
            matches(field.pattern, "")
        except InvalidInput:
            yield ("pattern",), _("“{pattern}” is not a pattern (RE2)").format(pattern=field.pattern)
            return
    if field.default is not None:
        try:
            read(field, field.default, definitions)
        except InvalidInput as error:
            yield ("default",), str(error)
