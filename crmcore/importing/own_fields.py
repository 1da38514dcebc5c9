"""Fields of the workspace's own in a chunk: taken from the columns of their name, checked record by record."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import attrs

from crmcore.errors import InvalidInput
from crmcore.fields.completing import needed
from crmcore.fields.headings import apart
from crmcore.fields.unique import Claim, holders
from crmcore.fields.values import named
from crmcore.i18n import _
from crmcore.importing.context import Step
from crmcore.model.incoming import (
    IncomingContact,
    IncomingCustomer,
    IncomingInteraction,
    IncomingRecord,
    IncomingTask,
)

Known = TypeVar("Known", IncomingContact, IncomingCustomer, IncomingInteraction, IncomingTask, IncomingRecord)


class OwnFields:
    """Knows who has the values of unique fields that a chunk speaks of: one statement, where there are such fields.

    So what one record may not have rejects this record alone, not the whole chunk when it is saved.
    """

    def __init__(self, step: Step, entity: str, extras: Iterable[Mapping[str, str]]) -> None:
        self._step = step
        self._entity = entity
        self._fields = step.tx.definitions.fields_of(entity)
        self._unique = [one for one in self._fields if one.unique and not one.compute]
        self._holders: dict[tuple[str, str], int] = {}
        if self._unique:
            self._look_up(extras)

    def _look_up(self, extras: Iterable[Mapping[str, str]]) -> None:
        claims: list[Claim] = []
        for extra in extras:
            try:
                custom, _rest = self._apart(extra)
            except InvalidInput:
                continue  # told when its record's turn comes
            claims += [
                Claim(entity=self._entity, field=one, record_id=0, value=custom[one.name])
                for one in self._unique
                if one.name in custom
            ]
        for (_entity, name), found in holders(self._step.tx, claims).items():
            for value, ids in found.items():
                self._holders[name, value] = min(ids)

    def _apart(self, extra: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
        return apart(self._step.tx.definitions, self._entity, extra, self._step.region)

    def take(self, incoming: Known) -> tuple[Known, dict[str, Any]]:
        """Return a record without the columns that are fields of the workspace, and the values of these.

        Raises `InvalidInput` for a value that its field cannot have.
        """
        if not self._fields:
            return incoming, {}
        custom, rest = self._apart(incoming.extra)
        return attrs.evolve(incoming, extra=rest), custom

    def check(self, record_id: int | None, custom: Mapping[str, Any]) -> None:
        """Raise `InvalidInput` where a new record (None) lacks what is required, or a value is another record's."""
        for field in self._fields:
            value = custom.get(field.name)
            if value is None:
                if record_id is None and field.required and field.default is None:
                    raise InvalidInput(needed(field).rstrip("."))
                continue
            holder = self._holders.get((field.name, str(value)))
            if holder not in (None, record_id):
                raise InvalidInput(
                    _("{field}: “{value}” is that of {entity} {id} already").format(
                        field=named(field), value=value, entity=_(self._entity), id=holder
                    )
                )

    def keep(self, record_id: int, custom: Mapping[str, Any]) -> None:
        """Remember whose the values of unique fields are from here on."""
        for field in self._unique:
            if field.name in custom:
                self._holders[field.name, str(custom[field.name])] = record_id
