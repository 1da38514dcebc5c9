"""Hearing of an event: judge the condition, cut off a loop, do the actions, note the run; all in one transaction."""

from collections.abc import Mapping
from typing import Any

from crmcore.automation import ledger
from crmcore.automation.chain import repeated
from crmcore.automation.facts import facts
from crmcore.automation.judging import judge, names_asked
from crmcore.automation.past import NOTHING, moments
from crmcore.automation.texts import filled
from crmcore.engine.journal import plain
from crmcore.engine.transaction import Transaction
from crmcore.i18n import _
from crmcore.model.change import Event
from crmcore.model.definitions import Automation

_TOLD = frozenset({"event", "data", "actor", "now", "today"})  # what is known without the record


def handle(automation: Automation, tx: Transaction, event: Event) -> None:
    """Run an automation for an event, if its condition holds; what it does and that it did are committed together.

    An action that fails raises: the delivery undoes what was done, tries again later, and sets it aside at last.
    """
    names = names_asked(automation)
    found = moments(tx.connection, tx.entities, [event], tx.told()) if names - _TOLD else {}
    given = facts(tx, tx.entities, names, [event], found).of(event, found.get(event.id, NOTHING))
    verdict = judge(automation, given)
    if verdict.failed:
        ledger.write(tx.connection, automation.name, event, ledger.FAILED, tx.now, reason=verdict.reason)
    if not verdict.holds:
        return
    loop = repeated(tx.connection, automation.name, event.id, event.subject_id) if event.depth else ""
    if loop:
        ledger.write(tx.connection, automation.name, event, ledger.CUT, tx.now, reason=loop)
        return
    _run(automation, tx, event, given)


def _run(automation: Automation, tx: Transaction, event: Event, given: Mapping[str, Any]) -> None:
    actions = {one.name: one for one in tx.dispatcher.declared("crm_actions")}
    missing = [str(one.get("do")) for one in automation.actions if one.get("do") not in actions]
    if missing:
        why = _("there is no action {names} now: the plugin that brings it is not enabled").format(
            names=", ".join(missing)
        )
        ledger.write(tx.connection, automation.name, event, ledger.FAILED, tx.now, reason=why)
        return
    made = []
    for one in automation.actions:
        arguments = arguments_of(one, given)
        record = actions[str(one["do"])].run(tx, event, arguments)
        made.append({"do": one["do"], **arguments, **_named(tx, record)})
    ledger.write(tx.connection, automation.name, event, ledger.DONE, tx.now, made=plainly(made))


def arguments_of(action: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return an action's arguments with the fields in its texts filled in."""
    return {name: filled(value, given) for name, value in action.items() if name != "do"}


def _named(tx: Transaction, record: Any) -> dict[str, Any]:
    """Return which record an action made or changed, if it says so."""
    if record is None:
        return {}
    return {"entity": tx.entities.of(type(record)).name, "id": record.id}


def plainly(value: Any) -> Any:
    """Return arguments as JSON can hold them."""
    match value:
        case Mapping():
            return {str(key): plainly(each) for key, each in value.items()}
        case list() | tuple():
            return [plainly(each) for each in value]
    return plain(value)
