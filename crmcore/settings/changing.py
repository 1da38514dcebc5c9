"""Setting and unsetting: by an administrator, checked, journalled, and seen at once by programs that are running."""

from typing import Any

from sqlalchemy import delete, insert, select

from crmcore.engine.settings import Known, meant, named
from crmcore.engine.tables import setting
from crmcore.engine.transaction import Transaction
from crmcore.errors import Denied, InvalidInput
from crmcore.fields.values import read
from crmcore.i18n import _
from crmcore.lifecycle import generation
from crmcore.model.definitions import NO_DEFINITIONS, Field
from crmcore.settings.secrets import must_be_elsewhere


def change(tx: Transaction, name: str, said: object) -> Any:
    """Set a setting to what is said, as typed or of its type; None takes it back. Return what holds now.

    Raises `NotFound` for a name that nobody declares, `Denied` for who is no administrator, and `InvalidInput` for
    what the setting cannot be.
    """
    known = named(tx.dispatcher, name)
    if not tx.scope.manages and tx.actor.user_id:
        raise Denied(
            _("Only an administrator changes settings; {login} is {role}.").format(
                login=tx.actor.login, role=tx.actor.role
            )
        )
    wanted = None if said is None else checked(known, said)
    tx.begin()
    kept = tx.connection.execute(select(setting.c.value).where(setting.c.name == known.kept)).scalar()
    if kept != wanted:
        tx.connection.execute(delete(setting).where(setting.c.name == known.kept))
        if wanted is not None:
            tx.connection.execute(insert(setting).values(name=known.kept, value=wanted))
        generation.advance(tx.connection)
        tx.record("setting.changed", "setting", 0, {name: [kept, wanted]})
    return meant(known, wanted)


def checked(known: Known, said: object) -> Any:
    """Return the value that is said, of the setting's type; raises `InvalidInput` with what is wrong with it."""
    one = known.setting
    if one.secret:
        return must_be_elsewhere(known.name, str(said))
    found = read(_as_field(known), said, NO_DEFINITIONS)
    if found is None:
        raise InvalidInput(
            _("{name}: nothing is said; `crm setting unset` takes a setting back.").format(name=known.name)
        )
    if one.whole and not isinstance(found, int):
        raise InvalidInput(_("{name}: {value} is not a whole number.").format(name=known.name, value=found))
    wrong = one.check(found) if one.check else ""
    if wrong:
        raise InvalidInput(_("{name}: {wrong}").format(name=known.name, wrong=wrong))
    return found


def _as_field(known: Known) -> Field:
    one = known.setting
    return Field(
        entity="setting", name=known.name, type=one.kind, choices=one.choices, minimum=one.minimum, maximum=one.maximum
    )
