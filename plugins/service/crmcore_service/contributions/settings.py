"""What a workspace can set about service."""

from collections.abc import Iterable

from crmcore.api import Setting, impl
from crmcore_service.i18n import _
from crmcore_service.levels.promised import USUALLY
from crmcore_service.tickets.senders import sender_problem


@impl
def crm_settings() -> Iterable[Setting]:
    """Declare it."""
    yield Setting(
        name="peace", kind="choice", choices=("customer", "contact", "nobody"), default="customer",
        title=_("Whom an open ticket gives peace from marketing: all people of the customer, the person, or nobody"),
    )  # fmt: skip
    yield Setting(name="peace_except", title=_("Categories of tickets, by comma, that give nobody peace"))
    yield Setting(name="from", title=_("Whom replies come from: Support <support@example.com>"), check=sender_problem)
    yield Setting(name="acknowledge", kind="boolean", default=False, title=_("Whether new tickets are acknowledged"))
    for language in ("en", "zh"):
        title = _("What an acknowledgement says ({language}): the subject in the first line, then the text")
        yield Setting(name=f"acknowledge_{language}", title=title.format(language=language), check=_text)
    yield Setting(name="level", title=_("Service level of tickets for which none is said"))
    yield Setting(
        name="escalate", kind="boolean", default=True,
        title=_("Whether the owner, or who answers for him, is told of what is late where no level says who"),
    )  # fmt: skip
    yield Setting(
        name="assign", kind="choice", choices=("", "automatic"), default="",
        title=_("Whether new tickets are given to somebody at once, where their queue does not say: automatic"),
    )  # fmt: skip
    yield Setting(name="queue", title=_("Queue of requests of which nothing else is known"))
    yield Setting(name="web_queues", title=_("Queues that take requests from the web, by comma; all without"))
    yield Setting(name="web_key", title=_("Key by which other systems hand in requests"), secret=True)
    yield Setting(name="survey", kind="boolean", default=True, title=_("Whether customers are asked if content"))
    yield Setting(name="hour_rate", kind="number", minimum=0, title=_("What an hour of service costs"))
    yield Setting(
        name="confirms", default="manager, admin", title=_("Roles, by comma, of those who may let a gain count")
    )
    yield Setting(name="km_rate", kind="number", minimum=0, title=_("What a kilometre of a visit costs"))
    for name, default, least, title in (
        ("acknowledge_most", 5, 0, _("Automatic mails that an address gets in a day, at most")),
        ("gain_days", 365, 1, _("Days after a ticket in which a renewal or sale may have come of it")),
        ("link_days", 90, 0, _("Days for which a customer's link to a ticket holds; 0: no links are made")),
        ("flood_mails", 20, 1, _("Mails of one sender that become tickets without answering one, at most, …")),
        ("flood_minutes", 60, 1, _("… within so many minutes; a machine writes more")),
        ("visit_days", 5, 0, _("Working days in which somebody comes, where the level promises no visit; 0: none")),
        ("visit_minutes", 120, 5, _("Minutes of an appointment of which no end is said")),
        ("offer_days", 60, 0, _("Days before its end in which a warranty or contract is handed to sales; 0: never")),
        ("asset_years", 0, 0, _("Years after which an installed product is handed to sales; 0: never")),
        ("peace_days", 3, 0, _("Days of peace after a ticket is resolved")),
        ("join_days", 30, 0, _("Days in which what a person says of the same matter joins the ticket")),
        ("reopen_days", 14, 0, _("Days after which what was resolved is not opened again: a new ticket follows it")),
        ("answer_days", 30, 1, _("Days for which a customer may say whether an offered answer helped")),
        ("survey_days", 30, 0, _("Days in which nobody is asked again how content they are")),
        ("recover_score", 2, 0, _("Score up to which an answer opens a task to make good; 0: none does")),
        ("recover_days", 2, 0, _("Working days in which that is to be done")),
        ("close_days", 7, 0, _("Days after which a resolved ticket is closed")),
    ):
        yield Setting(name=name, kind="number", whole=True, minimum=least, default=default, title=title)
    for name, title in (
        ("owner_minutes", _("Working minutes until a ticket without a level has an owner; 0: nothing is promised")),
        ("response_minutes", _("Working minutes until one has its first answer; 0: nothing is promised")),
        ("resolution_days", _("Working days until one is resolved; 0: nothing is promised")),
    ):
        yield Setting(name=name, kind="number", whole=True, minimum=0, default=USUALLY[f"service.{name}"], title=title)


def _text(value: str) -> str:
    from crmcore_service.replying.wording import FIELDS, unknown_fields

    subject, _line, text = value.partition("\n")
    if not subject.strip() or not text.strip():
        return _("The subject is wanted in the first line, and a text below.")
    unknown = ", ".join(unknown_fields(value))
    known = ", ".join(FIELDS)
    return _("Nobody fills in {unknown}; there are {known}.").format(unknown=unknown, known=known) if unknown else ""
