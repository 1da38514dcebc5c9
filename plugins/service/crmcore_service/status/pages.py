"""The status page of a ticket, behind its customer's own link."""

from secrets import token_urlsafe

from markupsafe import Markup
from werkzeug.wrappers import Response

from crmcore.web.visit import Visit
from crmcore_service.i18n import _
from crmcore_service.status.acting import LONGEST, act
from crmcore_service.status.standing import MESSAGE, REOPEN, SOLVED, Standing, standing
from crmcore_service.tickets.linking import status_link, ticket_of

_LINE = Markup("<p>{}</p>")
_FORM = Markup(
    '<form method="post"><input type="hidden" name="once" value="{once}">'
    '<p><textarea name="text" rows="6" maxlength="{longest}" style="width: 100%" placeholder="{hint}"></textarea></p>'
    "{buttons}</form>"
)
_BUTTON = Markup(
    '<button name="do" value="{}" style="font-size: 1em; padding: .5em 1em; margin-right: .5em">{}</button>'
)
_ELSEWHERE = Markup('<p>{}</p><p><a href="{}">{}</a></p>')


def show(visit: Visit) -> Response:
    """Show how a ticket stands."""
    with visit.read() as reader:
        now = standing(reader, ticket_of(reader, visit.values["token"]))
    return _page(visit, now)


def take(visit: Visit) -> Response:
    """Do what the customer asks for, and show how the ticket stands then."""
    form = visit.form()
    with visit.transaction("status page") as tx:
        ticket_id = ticket_of(tx, visit.values["token"])
        received = act(tx, ticket_id, form.get("do", MESSAGE), form.get("text", ""), form.get("once", ""))
        tx.flush()
        now = standing(tx, ticket_id)
        followed = received is not None and received.ticket_id != now.main
        link = status_link(tx, received.ticket_id) if received is not None and followed else None
    if received is None or not followed:
        return _page(visit, now, _("Thank you, we have got it."))
    number = f"T{received.ticket_id}"
    said = _("That was too long ago to go on with, so your message has a number of its own: {number}.")
    if link is None:
        return visit.page(_("Thank you"), _LINE.format(said.format(number=number)))
    return visit.page(_("Thank you"), _ELSEWHERE.format(said.format(number=number), link, _("How it stands")))


def _page(visit: Visit, now: Standing, first: str = "") -> Response:
    lines = [each for each in (first, now.status, now.promise, *now.visits) if each]
    names = {MESSAGE: _("Send a message"), SOLVED: _("It is solved"), REOPEN: _("It is not solved")}
    buttons = Markup("").join(_BUTTON.format(one, names[one]) for one in now.can)
    form = _FORM.format(once=token_urlsafe(12), longest=LONGEST, hint=_("Your message"), buttons=buttons)
    title = _("{number}: {subject}").format(number=now.number, subject=now.subject)
    return visit.page(title, Markup("").join(_LINE.format(each) for each in lines) + form)
