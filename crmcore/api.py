"""The one import surface for authors of plugins and programs; what is not here may change without notice."""

from crmcore.app import App, open_workspace
from crmcore.engine.reader import Reader
from crmcore.engine.transaction import Transaction
from crmcore.errors import Conflict, CrmError, Denied, InvalidInput, NotFound, PluginError, Refused, WorkspaceError
from crmcore.hooks.entities import EntityType
from crmcore.hooks.formats import Format, Source
from crmcore.hooks.kinds import impl
from crmcore.hooks.policy import Act, Objection
from crmcore.hooks.reading import Block, Quality, Subject
from crmcore.hooks.references import Reference
from crmcore.model.change import Change, Event
from crmcore.model.interaction import Interaction, Participant, Task
from crmcore.model.party import Contact, ContactPoint, Customer, CustomerRole, ExternalId, Position
from crmcore.model.permission import Consent, Preference
from crmcore.model.user import SYSTEM, Actor, User
from crmcore.plugins.manifest import Plugin
from crmcore.policy.permit import Decision, permit

__all__ = [
    "SYSTEM", "Act", "Actor", "App", "Block", "Change", "Conflict", "Consent", "Contact", "ContactPoint", "CrmError",
    "Customer", "CustomerRole", "Decision", "Denied", "EntityType", "Event", "ExternalId", "Format", "Interaction",
    "InvalidInput", "NotFound", "Objection", "Participant", "Plugin", "PluginError", "Position", "Preference",
    "Quality", "Reader", "Reference", "Refused", "Source", "Subject", "Task", "Transaction", "User", "WorkspaceError",
    "impl", "open_workspace", "permit",
]  # fmt: skip
