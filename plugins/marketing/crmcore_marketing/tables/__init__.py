"""The plugin's tables, by subject; all in one set of metadata."""

from crmcore_marketing.tables.audiences import audience
from crmcore_marketing.tables.base import metadata
from crmcore_marketing.tables.campaigns import campaign, member, spend, touch
from crmcore_marketing.tables.events import event, registration
from crmcore_marketing.tables.mailings import mailbox, mailing, message, pace, received, template
from crmcore_marketing.tables.materials import handout, material
from crmcore_marketing.tables.programmes import placement, programme, programme_play
from crmcore_marketing.tables.qualifications import qualification, score, score_model
from crmcore_marketing.tables.surveys import answer, survey
from crmcore_marketing.tables.web import form, submission, visit, visitor

__all__ = [
    "answer",
    "audience",
    "campaign",
    "event",
    "form",
    "handout",
    "mailbox",
    "mailing",
    "material",
    "member",
    "message",
    "metadata",
    "pace",
    "placement",
    "programme",
    "programme_play",
    "qualification",
    "received",
    "registration",
    "score",
    "score_model",
    "spend",
    "submission",
    "survey",
    "template",
    "touch",
    "visit",
    "visitor",
]
