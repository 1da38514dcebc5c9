"""What the references of a chunk's records mean: looked up together, a few statements for each kind of record."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from crmcore.errors import InvalidInput, PluginError
from crmcore.i18n import _
from crmcore.importing import lookup
from crmcore.importing.context import Step
from crmcore.importing.relations import Waiting, waits
from crmcore.model.incoming import IncomingRecord, IncomingReference
from crmcore.model.names import name_key

USER, CONTACT, CUSTOMER = "user_account", "contact", "customer"
Found = Mapping[str, Sequence[int]]


class References:
    """Knows what the references of some records point at, as far as the actor may see it."""

    def __init__(self, step: Step, incoming: Iterable[IncomingRecord]) -> None:
        self._step = step
        self._ids: dict[str, dict[str, int]] = {}
        self._texts: dict[str, Sequence[Found]] = {}
        wanted: defaultdict[str, list[IncomingReference]] = defaultdict(list)
        for one in incoming:
            for reference in one.references.values():
                wanted[reference.entity].append(reference)
        for entity, references in wanted.items():
            self._look_up(entity, references)

    def _look_up(self, entity: str, references: Sequence[IncomingReference]) -> None:
        ids = {one.external_id for one in references} | {one.text for one in references}
        texts = {one.text for one in references if one.text}
        tx, scheme = self._step.tx, self._step.scheme
        if entity == USER:
            self._texts[entity] = [lookup.users_by_name(tx)] if texts else []
            return
        if entity in lookup.PARTIES:
            self._ids[entity] = lookup.by_external_id(tx, entity, scheme, ids - {""})
            self._texts[entity] = self._parties(entity, texts)
            return
        try:
            table = tx.entities.named(entity).table
        except KeyError:
            raise PluginError(_("A format names “{entity}”, no kind of record here.").format(entity=entity)) from None
        self._ids[entity] = lookup.by_external_id(tx, entity, scheme, ids - {""}, table)
        fields = dict.fromkeys(name for one in references for name in one.by)
        self._texts[entity] = [lookup.by_field(tx, table, name, texts) for name in fields] if texts else []

    def _parties(self, entity: str, texts: Iterable[str]) -> list[Found]:
        names = {name_key(text) for text in texts} - {""}
        if entity == CUSTOMER:
            return [lookup.customers_by_name(self._step.tx, names)]
        emails = {self._step.normal("email", text) for text in texts if "@" in text} - {""}
        return [
            lookup.contacts_by_point(self._step.tx, emails, ["email"]),
            lookup.contacts_by_name(self._step.tx, names),
        ]

    def learn(self, entity: str, external_id: str, record_id: int) -> None:
        """Know a record that was created just now, for those after it that point at it."""
        if entity in self._ids:
            self._ids[entity][external_id] = record_id

    def find(self, field: str, reference: IncomingReference) -> int | None:
        """Return the id of what a field points at; None where it may stay empty. Raises `InvalidInput`."""
        said = reference.text or reference.external_id
        ids = self._ids.get(reference.entity, {})
        for name in (reference.external_id, reference.text):
            if name in ids:
                return ids[name]
        found = self._called(reference) if reference.text else ()
        if len(found) == 1:
            return found[0]
        if reference.optional:
            return None
        if not said:
            raise InvalidInput(_("it needs a {field}").format(field=field))
        entity = _(reference.entity.replace("_", " "))
        if found:
            raise InvalidInput(
                _("{field}: “{text}” is {n} of {entity} ({ids}); say which by its id").format(
                    field=field, text=said, n=len(found), entity=entity, ids=", ".join(map(str, found[:5]))
                )
            )
        raise InvalidInput(_("{field}: there is no {entity} “{text}”").format(field=field, entity=entity, text=said))

    def missing(self, incoming: IncomingRecord) -> Iterator[tuple[str, str]]:
        """Yield the fields of a record that wait for what is not here yet, and the id by which it will be known."""
        for field, reference in incoming.references.items():
            if reference.external_id and reference.optional and self._is_waited_for(field, reference):
                yield field, reference.external_id

    def _is_waited_for(self, field: str, reference: IncomingReference) -> bool:
        return reference.entity != USER and self.find(field, reference) is None

    def _called(self, reference: IncomingReference) -> Sequence[int]:
        """Return what has such a name, address or value: by the first way that finds anything."""
        text, entity = reference.text, reference.entity
        if entity == USER and (user := self._step.user(text)) is not None:
            return (user,)
        keys: Iterable[str]
        if entity == USER:
            keys = (text.strip().casefold(),)
        elif entity == CUSTOMER:
            keys = (name_key(text),)
        elif entity == CONTACT:
            keys = (self._step.normal("email", text) if "@" in text else "", name_key(text))
        else:
            keys = (text,) * len(self._texts[entity])
        several = zip(self._texts[entity], keys, strict=True)
        return next((found for known, key in several if (found := known.get(key, ()))), ())


def waiting(step: Step, entity: str, incoming: Iterable[IncomingRecord]) -> Mapping[str, Waiting]:
    """Return, by field, what the records of a chunk wait for."""
    wanted: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for one in incoming:
        for field, reference in one.references.items():
            if reference.optional and reference.external_id and reference.entity != USER:
                wanted[field, reference.entity].add(reference.external_id)
    return {field: Waiting(step, waits(target, entity, field), ids) for (field, target), ids in wanted.items()}
