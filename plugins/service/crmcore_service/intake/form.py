"""The form page of a queue: what is asked first gets answers that helped others, and else a number and a link."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from secrets import token_urlsafe

from markupsafe import Markup
from werkzeug.wrappers import Response

from crmcore.api import InvalidInput, NotFound, Transaction, storable
from crmcore.web.visit import Visit
from crmcore_service.answers.offering import became_ticket, confirm, offer
from crmcore_service.answers.suggesting import Answer
from crmcore_service.i18n import _
from crmcore_service.intake.asking import FORM, Asking, Taken, asked, queue_open, take, wrong
from crmcore_service.intake.callers import known
from crmcore_service.status.standing import standing

TRAP = "website_url"
"""A field that people do not see; who fills it in is a machine."""
FIELDS = ("name", "email", "phone", "company", "subject", "product", "text")
_HIDDEN = Markup('<input type="hidden" name="{}" value="{}">')
_LINE = Markup("<p>{}</p>")
_STYLE = "font-size: 1em; padding: .4em; width: 100%"
_INPUT = Markup(
    '<p><label>{label}<br><input name="{name}" type="{kind}" value="{value}" maxlength="200" style="{style}">'
    "</label></p>"
)
_TEXT = Markup(
    '<p><label>{label}<br><textarea name="text" rows="8" maxlength="20000" style="{style}" required>'
    "{value}</textarea></label></p>"
)
_TRAP = Markup('<p style="position: absolute; left: -99em" aria-hidden="true"><input name="{}" tabindex="-1"></p>')
_BUTTON = Markup('<button name="do" value="{}" style="font-size: 1em; padding: .5em 1em">{}</button>')
_ANSWER = Markup("<h2 style='font-size: 1.1em'>{}</h2><p style='white-space: pre-line'>{}</p><p>{}</p>")
_LINK = Markup('<p><a href="{}">{}</a></p>')


def show(visit: Visit) -> Response:
    """Show the form of a queue."""
    with visit.read() as reader:
        _queue_id, name = queue_open(reader, visit.values["key"])
    typed = {field: visit.request.args.get(field, "") for field in ("product", "subject")}
    return _form(visit, name, typed)


def take_form(visit: Visit) -> Response:
    """Take what was typed: offer answers once, and make a ticket of it where they do not help."""
    said = visit.form()
    what, token = said.get("do", ""), said.get("token", "")
    if said.get(TRAP):
        return visit.page(_("Thank you"), _LINE.format(_("We have got it.")))
    if what.startswith("solved ") and token:
        return _solved(visit, token, what)
    asking = asked(said, external_id=storable(f"web {said['once'][:64]}") if said.get("once") else None)
    with visit.transaction("form") as tx:
        queue_id, name = queue_open(tx, visit.values["key"])
        reason = wrong(tx, asking)
        if not reason and what != "send":
            answers, token = _offered(tx, asking)
            if answers:
                return _suggestions(visit, said, answers, token)
    if reason:
        return _form(visit, name, said, reason)
    try:
        with visit.transaction("request") as tx:
            done = take(tx, asking, queue_id, f"web, {name}")
            if token:
                with suppress(NotFound):  # an old page's token; a request is never turned away for that
                    became_ticket(tx, token, done.ticket_id)
            promise = standing(tx, done.ticket_id).promise if done.opened else ""
    except InvalidInput as error:
        return _form(visit, name, said, str(error))
    return _thanks(visit, done, promise)


def _offered(tx: Transaction, asking: Asking) -> tuple[Sequence[Answer], str]:
    """Return what helped others who asked the like, and the token by which one says whether it did; none without."""
    found = offer(
        tx, f"{asking.subject}\n{asking.text}".strip(), channel=FORM,
        contact_id=known(tx, asking.caller), source="web",
    )  # fmt: skip
    return (found.answers, found.token) if found.token else ((), "")


def _solved(visit: Visit, token: str, what: str) -> Response:
    place = what.removeprefix("solved ")
    with visit.transaction("answer helped") as tx:
        confirm(tx, token, int(place) if place.isascii() and place.isdigit() and len(place) < 3 else 0)
    return visit.page(_("Thank you"), _LINE.format(_("We are glad that it helped. Nothing was sent.")))


def _form(visit: Visit, name: str, typed: Mapping[str, str], reason: str = "") -> Response:
    labels = {
        "name": _("Your name"), "email": _("E-mail"), "phone": _("Phone"), "company": _("Company"),
        "subject": _("Subject"), "product": _("Product, or its serial number"),
    }  # fmt: skip
    kinds = {"email": "email", "phone": "tel"}
    inputs = Markup("").join(
        _INPUT.format(label=label, name=field, kind=kinds.get(field, "text"), value=typed.get(field, ""), style=_STYLE)
        for field, label in labels.items()
    )
    text = _TEXT.format(label=_("What is it about?"), value=typed.get("text", ""), style=_STYLE)
    once = _HIDDEN.format("once", typed.get("once") or token_urlsafe(16))
    said = _LINE.format(reason) if reason else Markup("")
    hint = _LINE.format(_("Please leave an e-mail address or a phone number, so that we can answer."))
    body = Markup('{}{}<form method="post">{}{}{}{}{}</form>').format(
        said, hint, inputs, text, _TRAP.format(TRAP), once, _BUTTON.format("ask", _("Send"))
    )
    return visit.page(_("Your request: {queue}").format(queue=name), body, status=422 if reason else 200)


def _suggestions(visit: Visit, said: Mapping[str, str], answers: Sequence[Answer], token: str) -> Response:
    """Show what helped others; the request goes along unseen, and is sent only when none of it helps."""
    helps = Markup("").join(
        _ANSWER.format(one.title, one.text, _BUTTON.format(f"solved {one.place}", _("This solved it")))
        + (_LINK.format(one.url, _("More about it")) if one.url else Markup(""))
        for one in answers
    )
    kept = {**{field: said.get(field, "") for field in (*FIELDS, "once")}, "token": token}
    hidden = Markup("").join(_HIDDEN.format(field, value) for field, value in kept.items())
    send = _BUTTON.format("send", _("None of this helps: send my request"))
    body = Markup('<form method="post">{}{}<hr><p>{}</p></form>').format(hidden, helps, send)
    return visit.page(_("Does one of these help?"), body)


def _thanks(visit: Visit, done: Taken, promise: str) -> Response:
    """Tell the number. The link is shown only to who opened the ticket: anybody can type the address of another."""
    if not done.opened:
        said = _("We have put it to your request {number}.").format(number=done.number)
        return visit.page(_("Thank you"), _LINE.format(said))
    lines = [_("Your request has the number {number}.").format(number=done.number), promise]
    body = Markup("").join(_LINE.format(each) for each in lines if each)
    if done.link:
        body += _LINK.format(done.link, _("How it stands"))
    return visit.page(_("Thank you"), body)
