"""What the engine declares through the hooks: the core's entities, and every column that points at a party."""

from collections.abc import Iterable

from crmcore.engine import tables as t
from crmcore.engine.mapping import CORE_ENTITIES
from crmcore.hooks.entities import EntityType
from crmcore.hooks.kinds import impl
from crmcore.hooks.references import Reference

_CONTACT = (t.position, t.contact_point, t.consent, t.preference, t.interaction, t.participant, t.task, t.process_item)
_CUSTOMER = (t.customer_role, *_CONTACT)


@impl
def crm_entities() -> Iterable[EntityType]:
    """Declare the core's entities."""
    return CORE_ENTITIES


@impl
def crm_references() -> Iterable[Reference]:
    """Declare the core's columns that point at a contact or customer."""
    for table in _CONTACT:
        yield Reference(table=table, column="contact_id", target="contact")
    for table in _CUSTOMER:
        yield Reference(table=table, column="customer_id", target="customer")
    yield Reference(table=t.customer, column="parent_id", target="customer")
    for kind in ("contact", "customer"):
        yield Reference(table=t.external_id, column="record_id", target=kind, where=("kind", kind))
        for end in ("from", "to"):
            yield Reference(table=t.link, column=f"{end}_id", target=kind, where=(f"{end}_entity", kind))
