"""The kinds of record that marketing keeps, in an order in which their rows can be inserted."""

from collections.abc import Iterable

from crmcore.api import EntityType, impl
from crmcore_marketing import tables
from crmcore_marketing.model.audience import Audience
from crmcore_marketing.model.campaign import Campaign, Member, Spend
from crmcore_marketing.model.event import Event, EventRegistration
from crmcore_marketing.model.form import Form, Submission
from crmcore_marketing.model.mailing import Mailing, Template
from crmcore_marketing.model.material import Handout, Material
from crmcore_marketing.model.programme import Placement, Programme, ProgrammePlay
from crmcore_marketing.model.qualification import Qualification, ScoreModel
from crmcore_marketing.model.survey import Answer, Survey

ENTITIES = (
    EntityType(cls=Programme, table=tables.programme),
    EntityType(cls=ProgrammePlay, table=tables.programme_play, parents=("programme_id",)),
    EntityType(cls=Placement, table=tables.placement, parents=("programme_id",)),
    EntityType(cls=Campaign, table=tables.campaign),
    EntityType(cls=Spend, table=tables.spend, parents=("campaign_id",)),
    EntityType(cls=Member, table=tables.member),
    EntityType(cls=Audience, table=tables.audience),
    EntityType(cls=Material, table=tables.material),
    EntityType(cls=Template, table=tables.template),
    EntityType(cls=Mailing, table=tables.mailing),
    EntityType(cls=Event, table=tables.event),
    EntityType(cls=EventRegistration, table=tables.registration),
    EntityType(cls=Handout, table=tables.handout),
    EntityType(cls=Form, table=tables.form),
    EntityType(cls=Submission, table=tables.submission),
    EntityType(cls=Qualification, table=tables.qualification),
    EntityType(cls=ScoreModel, table=tables.score_model),
    EntityType(cls=Survey, table=tables.survey),
    EntityType(cls=Answer, table=tables.answer),
)


@impl
def crm_entities() -> Iterable[EntityType]:
    """Declare them."""
    return ENTITIES
