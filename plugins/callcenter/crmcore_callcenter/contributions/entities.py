"""The kinds of record that the call centre keeps, in an order in which their rows can be inserted."""

from collections.abc import Iterable

from crmcore.api import EntityType, impl
from crmcore_callcenter import tables
from crmcore_callcenter.model.agent import CallAgent, Callback, CallQueue, QueueMember, WrapCode
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.model.line import PhoneLine
from crmcore_callcenter.model.outbound import CallingList, CallScript, ListEntry, ScriptRun
from crmcore_callcenter.model.waiting import waited

ENTITIES = (
    EntityType(cls=PhoneLine, table=tables.line),
    EntityType(cls=CallQueue, table=tables.queue),
    EntityType(cls=CallAgent, table=tables.agent),
    EntityType(cls=QueueMember, table=tables.member, parents=("queue_id",)),
    EntityType(cls=WrapCode, table=tables.wrap_code),
    EntityType(cls=Call, table=tables.call, derive=waited),
    EntityType(cls=Callback, table=tables.callback),
    EntityType(cls=CallScript, table=tables.script),
    EntityType(cls=CallingList, table=tables.calling_list),
    EntityType(cls=ListEntry, table=tables.entry, parents=("list_id",)),
    EntityType(cls=ScriptRun, table=tables.script_run),
)


@impl
def crm_entities() -> Iterable[EntityType]:
    """Declare them."""
    return ENTITIES
