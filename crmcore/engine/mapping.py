"""The core's entity types, and the register of all of them."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Table

from crmcore.engine import tables
from crmcore.engine.derive import interaction_columns, party_columns, process_item_columns
from crmcore.engine.owners import owners
from crmcore.hooks.entities import EntityType
from crmcore.model.interaction import Interaction, Participant, Task
from crmcore.model.party import Contact, ContactPoint, Customer, CustomerRole, ExternalId, Position
from crmcore.model.permission import Consent, Preference
from crmcore.model.process_item import ProcessItem
from crmcore.model.user import User

PARTY = ("contact_id", "customer_id")

# In an order in which rows can be inserted: what is referred to comes first.
CORE_ENTITIES: tuple[EntityType, ...] = (
    EntityType(cls=User, table=tables.user_account),
    EntityType(cls=Customer, table=tables.customer, derive=party_columns),
    EntityType(cls=Contact, table=tables.contact, derive=party_columns),
    EntityType(cls=CustomerRole, table=tables.customer_role, parents=("customer_id",)),
    EntityType(cls=Position, table=tables.position, parents=("contact_id",)),
    EntityType(cls=ContactPoint, table=tables.contact_point, parents=PARTY),
    EntityType(cls=ExternalId, table=tables.external_id, parents=("record_id",)),
    EntityType(cls=Consent, table=tables.consent, parents=PARTY),
    EntityType(cls=Interaction, table=tables.interaction, derive=interaction_columns),
    EntityType(cls=Preference, table=tables.preference, parents=PARTY),
    EntityType(cls=Participant, table=tables.participant, parents=("interaction_id",)),
    EntityType(cls=Task, table=tables.task),
    EntityType(cls=ProcessItem, table=tables.process_item, derive=process_item_columns),
)


class Entities:
    """All entity types of a workspace, in the order in which rows can be inserted."""

    def __init__(self, types: Iterable[EntityType]) -> None:
        self._order = tuple(types)
        self._by_class = {entity.cls: entity for entity in self._order}
        self._by_name = {entity.name: entity for entity in self._order}
        self.owned = tuple(one for one in self._order if owners(one.table) and one.table is not tables.interaction)
        """The entity types whose records are somebody's, and another's when that one leaves; not what has happened."""
        brought = (one for one in self._order if one.table.metadata is not tables.metadata)
        self.of_plugins = tuple(one.table for one in brought if owners(one.table) or not one.parents)
        """The tables of the entity types that plugins brought, parts of others left out."""

    @property
    def declared_by_plugins(self) -> tuple[Table, ...]:
        """All tables that plugins declared beside those of their entity types, in their metadata."""
        known = {table.metadata: None for table in self.of_plugins}
        return tuple(table for metadata in known for table in metadata.tables.values() if table.metadata is metadata)

    def __iter__(self) -> Iterator[EntityType]:
        return iter(self._order)

    @property
    def tables(self) -> dict[str, Table]:
        """The tables of the entity types, by name."""
        return {entity.name: entity.table for entity in self._order}

    def of(self, cls: type) -> EntityType:
        """Return the entity type of a class; KeyError for a class that is none."""
        return self._by_class[cls]

    def named(self, name: str) -> EntityType:
        """Return the entity type of that name; KeyError when there is none."""
        return self._by_name[name]
