"""The one import surface for authors of plugins and programs; what is not here may change without notice."""

from crmcore.app import App, open_workspace
from crmcore.calendars.calendar import Calendar
from crmcore.calendars.named import calendar_named
from crmcore.capture.noting import note, wishes
from crmcore.cli.converting import convert_all, show_tagged
from crmcore.cli.output import print_json, print_table, tell
from crmcore.cli.session import Session, session
from crmcore.delivery.jobs import run_job
from crmcore.delivery.run import deliver
from crmcore.delivery.workers import is_alive, own_name
from crmcore.directory.currency import currency
from crmcore.directory.finding import logins, names, owner_named, party_id, user_named
from crmcore.directory.handover import Handover, deactivate, owned
from crmcore.directory.many import Meant, party_ids
from crmcore.directory.moments import Here, day_said, here, moment_said
from crmcore.directory.outcomes import bought, outcomes, products, worth
from crmcore.directory.rates import latest_rates, rate_on
from crmcore.engine import shared_columns, tables
from crmcore.engine.borrowed import ApplyTransaction, PluginReader, PluginTransaction
from crmcore.engine.figures import BASE, NOW, TODAY, share, times, total
from crmcore.engine.lent import NotifyTransaction
from crmcore.engine.reader import Reader
from crmcore.engine.transaction import Transaction
from crmcore.engine.types import Amount, Fixed, Id, Instant, Json
from crmcore.errors import Conflict, CrmError, Denied, InvalidInput, NotFound, PluginError, Refused, WorkspaceError
from crmcore.exporting.elsewhere import outside_names
from crmcore.exporting.files import whole
from crmcore.exporting.sheet import write_csv
from crmcore.fields.columns import column as field_column
from crmcore.fields.values import meant_by
from crmcore.filling.forms import answers_known, form_named, forms
from crmcore.filling.said import answer_said, answer_shown, answers_said
from crmcore.formats.mail.mailbox import maildir_files, split_mbox
from crmcore.formats.mail.message import read_message
from crmcore.formats.mail.mime import leaves as mail_leaves
from crmcore.formats.mail.mime import parse as parse_mail
from crmcore.formats.mail.mime import text as mail_text
from crmcore.formats.table.columns import normalise as heading_key
from crmcore.formats.table.numbers import Sum
from crmcore.formats.table.people import table_people
from crmcore.formats.table.places import Places, first_rows
from crmcore.formats.table.places import mapping_of as table_mapping
from crmcore.formats.table.recognising import TableKind, table_formats
from crmcore.formats.table.rows import TableRow, table_records, table_rows
from crmcore.formats.table.salesforce_tree import tree_rows
from crmcore.hooks.background import Action, Desk, Job, Schedule
from crmcore.hooks.entities import EntityType, Fact
from crmcore.hooks.formats import Format, Ledger, Source
from crmcore.hooks.forms import Answered, Form, Kept, Question
from crmcore.hooks.handing import Prospect, Taker
from crmcore.hooks.kinds import impl
from crmcore.hooks.metrics import Metric
from crmcore.hooks.outcomes import Lines, Outcome, Products
from crmcore.hooks.pages import Page
from crmcore.hooks.policy import Act, Decision, Objection
from crmcore.hooks.reading import Block, Entry, Quality, Subject, Trouble
from crmcore.hooks.references import Reference, references_in
from crmcore.hooks.selecting import Trait
from crmcore.hooks.settings import Setting
from crmcore.importing.clean import clean as storable
from crmcore.importing.taking import take_in
from crmcore.language.money import money_said
from crmcore.model.change import Change, Event
from crmcore.model.definitions import CREATED, Definitions, Field, Process, State, Transition
from crmcore.model.entity import currency_code, entity, not_negative, one_of, required
from crmcore.model.incoming import (
    Address,
    Attachment,
    Incoming,
    IncomingContact,
    IncomingCustomer,
    IncomingInteraction,
    IncomingOwn,
    IncomingParticipant,
    IncomingRecord,
    IncomingReference,
    IncomingTask,
    Point,
    Rejection,
)
from crmcore.model.interaction import Interaction, Participant, Task
from crmcore.model.party import Contact, ContactPoint, Customer, CustomerRole, ExternalId, Position
from crmcore.model.permission import Consent, Preference
from crmcore.model.points import normalise as point_key
from crmcore.model.points import problem as point_problem
from crmcore.model.process_item import ProcessItem
from crmcore.model.user import SYSTEM, Actor, User
from crmcore.plugins.manifest import Plugin
from crmcore.policy.permit import permit, permit_all
from crmcore.search.holders import Holder, holders
from crmcore.search.privacy import task_seen
from crmcore.selecting.knowing import Known, known
from crmcore.selecting.names import Askable
from crmcore.selecting.selection import Counted, LeftOut, Part, Selection, askable, counted, selection
from crmcore.settings.addresses import address_problem
from crmcore.settings.secrets import must_be_elsewhere, secret, secret_at
from crmcore.timeline.brief import Brief, brief
from crmcore.trails.naming import entity_named, record_named
from crmcore.workflow.items import onward
from crmcore.workflow.moving import assign, move, start
from crmcore.workflow.said import values_said
from crmcore.workflow.tagged import Tagged, made_into, tagged, texts_of

__all__ = [
    "BASE", "CREATED", "NOW", "SYSTEM", "TODAY", "Act", "Action", "Actor", "Address", "Amount", "Answered", "App",
    "ApplyTransaction", "Askable", "Attachment", "Block", "Brief", "Calendar", "Change", "Conflict", "Consent",
    "Contact", "ContactPoint", "Counted", "CrmError", "Customer", "CustomerRole", "Decision", "Definitions", "Denied",
    "Desk", "EntityType", "Entry", "Event", "ExternalId", "Fact", "Field", "Fixed", "Form", "Format", "Handover",
    "Here", "Holder", "Id", "Incoming", "IncomingContact", "IncomingCustomer", "IncomingInteraction", "IncomingOwn",
    "IncomingParticipant", "IncomingRecord", "IncomingReference", "IncomingTask", "Instant", "Interaction",
    "InvalidInput", "Job", "Json", "Kept", "Known", "Ledger", "LeftOut", "Lines", "Meant", "Metric", "NotFound",
    "NotifyTransaction", "Objection", "Outcome", "Page", "Part", "Participant", "Places", "Plugin", "PluginError",
    "PluginReader", "PluginTransaction", "Point", "Position", "Preference", "Process", "ProcessItem", "Products",
    "Prospect", "Quality", "Question", "Reader", "Reference", "Refused", "Rejection", "Schedule", "Selection",
    "Session", "Setting", "Source", "State", "Subject", "Sum", "TableKind", "TableRow", "Tagged", "Taker", "Task",
    "Trait", "Transaction", "Transition", "Trouble", "User", "WorkspaceError", "address_problem", "answer_said",
    "answer_shown", "answers_known", "answers_said", "askable", "assign", "bought", "brief", "calendar_named",
    "convert_all", "counted", "currency", "currency_code", "day_said", "deactivate", "deliver", "entity",
    "entity_named", "field_column", "first_rows", "form_named", "forms", "heading_key", "here", "holders", "impl",
    "is_alive", "known", "latest_rates", "logins", "made_into", "mail_leaves", "mail_text", "maildir_files", "meant_by",
    "moment_said", "money_said", "move", "must_be_elsewhere", "names", "not_negative", "note", "one_of", "onward",
    "open_workspace", "outcomes", "outside_names", "own_name", "owned", "owner_named", "parse_mail", "party_id",
    "party_ids", "permit", "permit_all", "point_key", "point_problem", "print_json", "print_table", "products",
    "rate_on", "read_message", "record_named", "references_in", "required", "run_job", "secret", "secret_at",
    "selection", "session", "share", "shared_columns", "show_tagged", "split_mbox", "start", "storable",
    "table_formats", "table_mapping", "table_people", "table_records", "table_rows", "tables", "tagged", "take_in",
    "task_seen", "tell", "texts_of", "times", "total", "tree_rows", "user_named", "values_said", "whole", "wishes",
    "worth", "write_csv",
]  # fmt: skip
