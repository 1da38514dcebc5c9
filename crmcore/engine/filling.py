"""Filling in a form that somebody declares: one call for all answers; what is kept is linked to where it is from."""

from collections.abc import Mapping, Sequence
from typing import Any

from crmcore.engine import links
from crmcore.engine.bulk import Writer
from crmcore.errors import InvalidInput, NotFound, PluginError
from crmcore.hooks.forms import Answered, Form, Kept
from crmcore.i18n import _


def form_named(reader: Any, name: str) -> Form:
    """Return the form of that name; raises `NotFound` with those there are."""
    found: Mapping[str, Form] = {one.name: one for one in reader.declared("crm_forms")}
    if name in found:
        return found[name]
    if not found:
        raise NotFound(_("There is no form “{name}”: no plugin that has one is enabled.").format(name=name))
    raise NotFound(
        _("There is no form “{name}”; there are: {names}.").format(name=name, names=", ".join(sorted(found)))
    )


def fill_in(tx: Any, writer: Writer, name: str, answers: Sequence[Answered]) -> tuple[Kept, ...]:
    """Let the form of that name keep answers; return what became of each, in their order.

    Raises `NotFound` for a form that is not there, `InvalidInput` for an answer to what it does not ask, and
    `PluginError` for one that does not answer for each.
    """
    form = form_named(tx, name)
    if not answers:
        return ()
    asked = {one.name for one in form.questions}
    strange = sorted({each for one in answers for each in one.values} - asked)
    if strange:
        raise InvalidInput(
            _("{form} does not ask for {names}.").format(form=form.title or form.name, names=", ".join(strange))
        )
    kept = tuple(one for one in form.keep(tx, tuple(answers)) if isinstance(one, Kept))
    if len(kept) != len(answers):
        raise PluginError(
            _("{form} kept {n} of {wanted} answers.").format(form=form.name, n=len(kept), wanted=len(answers))
        )
    pairs = [
        (one.origin, (done.entity, done.id))
        for one, done in zip(answers, kept, strict=True)
        if one.origin is not None and done.entity
    ]
    links.keep(tx, writer, pairs, links.BECAME)
    return kept
