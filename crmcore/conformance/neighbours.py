"""Gold: alone, or beside a plugin that crashes, it does the same."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from crmcore.app import App
from crmcore.conformance.filling import Filler
from crmcore.conformance.parties import everything
from crmcore.conformance.subject import Subject
from crmcore.hooks import SPECIFICATIONS
from crmcore.hooks.kinds import VETO, impl, kind_of
from crmcore.hooks.policy import Act
from crmcore.hooks.reading import Subject as Party
from crmcore.i18n import _

_ROWS = 5
_CRASHING = "conformance_crashing"


def unmoved(subject: Subject) -> Iterator[str]:
    """Ask whether it works without any plugin it does not require, and beside one that crashes in every hook."""
    with subject.workspace() as app:
        alone = _contributions(app, subject)
        for failure in app.dispatcher.failures:
            if failure.plugin == subject.name:
                yield _("With no other plugin enabled it fails in {hook}: {error}").format(
                    hook=failure.hook, error=failure.message
                )
    with subject.workspace((_CRASHING, crashing())) as app:
        beside = _contributions(app, subject)
    for hook in sorted(alone.keys() | beside.keys()):
        if alone.get(hook) != beside.get(hook):
            yield _(
                "Beside a plugin that crashes, {hook} answers {less} things, alone {more}; ask no other plugin."
            ).format(hook=hook, less=len(beside.get(hook, [])), more=len(alone.get(hook, [])))


def crashing() -> ModuleType:
    """Return a plugin that raises in every hook that may not refuse anything."""

    def crash() -> None:
        raise RuntimeError("a neighbour crashes")

    module = ModuleType(_CRASHING)
    for specifications in SPECIFICATIONS:
        for name, function in vars(specifications).items():
            if name.startswith("crm_") and kind_of(function) != VETO and name not in {"crm_apply", "crm_references"}:
                setattr(module, name, impl(lambda: crash(), specname=name))
    return module


def _contributions(app: App, subject: Subject) -> dict[str, list[str]]:
    """Return what it contributes, by hook, as words."""
    ids = everything(app)
    Filler(app, subject).fill(_ROWS, ids)
    contact, customer, now = ids["contact"][0], ids["customer"][0], datetime.now(UTC)
    party = Party(entity="contact", id=contact, name="One", contact_ids=(contact,), customer_ids=(customer,))
    given: dict[str, dict[str, Any]] = {
        "crm_brief": {"subject": party, "now": now},
        "crm_timeline": {"subject": party, "before": None, "limit": 10},
        "crm_quality": {},
        "crm_health": {},
    }
    found: dict[str, list[str]] = {}
    with app.read() as reader:
        for hook, arguments in given.items():
            answers = app.dispatcher.collect_by_plugin(hook, **arguments, reader=reader)
            found[hook] = [_words(one) for plugin, one in answers if plugin == subject.name]
    act = Act(kind="contact", at=now, channel="call", purpose="sales", contact_id=contact)
    with app.transaction() as tx:
        objections = app.dispatcher.objections("crm_objections", acts=[act], tx=tx)
    found["crm_objections"] = [_words(one) for plugin, one in objections if plugin == subject.name]
    return found


def _words(answer: Any) -> str:
    """Return what an answer says; its numbers may be those of records, which are others in the other workspace."""
    said = getattr(answer, "title", "") or getattr(answer, "reason", "") or getattr(answer, "text", "")
    return re.sub(r"\d+", "0", str(said))
