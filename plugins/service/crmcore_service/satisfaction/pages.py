"""The page on which a customer says how content he is: once, behind his own link; looking at it changes nothing."""

from markupsafe import Markup
from werkzeug.wrappers import Response

from crmcore.api import InvalidInput
from crmcore.web.visit import Visit
from crmcore_service.i18n import _
from crmcore_service.satisfaction.taking import answer, rating_of, standing

_LINE = Markup("<p>{}</p>")
_FORM = Markup(
    '<p>{about}</p><form method="post"><fieldset style="border: 0; padding: 0">{scores}</fieldset>'
    '<p><textarea name="comment" rows="5" maxlength="4000" style="width: 100%" placeholder="{hint}"></textarea></p>'
    '<button style="font-size: 1em; padding: .5em 1em">{send}</button></form>'
)
_SCORE = Markup(
    '<label style="display: block; margin: .3em 0"><input type="radio" name="score" value="{n}" required> {n} – {word}'
    "</label>"
)


def show(visit: Visit) -> Response:
    """Ask for a score and a word."""
    with visit.read() as reader:
        number, done = standing(reader, visit.values["token"])
    if done:
        return visit.page(_("Thank you"), _LINE.format(_("We have got your answer.")))
    words = (_("not at all"), _("little"), _("neither"), _("content"), _("very content"))
    scores = Markup("").join(_SCORE.format(n=n, word=word) for n, word in enumerate(words, 1))
    about = _("We have dealt with your request {number}. How content are you with it?").format(number=number)
    form = _FORM.format(about=about, scores=scores, hint=_("What was good, what was not?"), send=_("Send"))
    return visit.page(_("How content are you?"), form)


def take(visit: Visit) -> Response:
    """Note the answer; a second one changes nothing."""
    form = visit.form()
    said = form.get("score", "")
    if said not in ("1", "2", "3", "4", "5"):
        raise InvalidInput(_("Please choose a number from 1 to 5."))
    with visit.transaction("rating") as tx:
        new = answer(tx, rating_of(tx, visit.values["token"]), int(said), form.get("comment", ""), "form")
    thanks = _("We have got your answer.") if new else _("We have got your first answer; that one counts.")
    return visit.page(_("Thank you"), _LINE.format(thanks))
