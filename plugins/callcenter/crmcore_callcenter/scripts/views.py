"""Scripts as people and programs see them."""

from collections.abc import Sequence

from attrs import frozen
from sqlalchemy import select

from crmcore.api import NotFound, PluginReader, Reader
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.outbound import CallScript
from crmcore_callcenter.scripts.questions import asked, form_of
from crmcore_callcenter.tables import script


@frozen(kw_only=True)
class QuestionView:
    """A question as it is asked."""

    name: str
    ask: str
    kind: str
    choices: Sequence[str]
    required: bool
    ends: str
    own: bool


@frozen(kw_only=True)
class ScriptView:
    """A script with all that it asks; `form_there` says whether somebody keeps its form."""

    id: int
    code: str
    name: str
    opening: str
    closing: str
    form: str
    form_there: bool
    active: bool
    questions: Sequence[QuestionView]


def script_read(reader: Reader | PluginReader, script_id: int) -> CallScript:
    """Return a script as it is, for reading; raises `NotFound`."""
    row = reader.first(select(script).where(script.c.id == script_id))
    if row is None:
        raise NotFound(_("There is no script {id}.").format(id=script_id))
    return CallScript(**row._mapping)


def view(reader: Reader | PluginReader, script_id: int) -> ScriptView:
    """Return a script with what it asks: one statement. Raises `NotFound`."""
    one = script_read(reader, script_id)
    form = form_of(reader, one)
    return ScriptView(
        id=one.id, code=one.code, name=one.name, opening=one.opening, closing=one.closing, form=one.form,
        form_there=form is not None, active=one.active,
        questions=[
            QuestionView(
                name=each.question.name, ask=each.ask, kind=each.question.kind, choices=each.question.choices,
                required=each.question.required, ends=each.ends, own=each.own,
            )
            for each in asked(one, form)
        ],
    )  # fmt: skip
