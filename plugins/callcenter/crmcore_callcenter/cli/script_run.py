"""`crm callcenter script run`: at the telephone, question after question, or all answers at once."""

from typing import TYPE_CHECKING

import click

from crmcore.command import as_json
from crmcore_callcenter.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Here, Session
    from crmcore_callcenter.model.outbound import CallScript
    from crmcore_callcenter.scripts.interview import Interview
    from crmcore_callcenter.scripts.keeping import Done, Said
    from crmcore_callcenter.scripts.questions import Asked


@click.command()
@click.argument("script_", metavar="SCRIPT")
@click.argument("contact")
@click.option(
    "--call", "call_", metavar="CALL", help="The call in which it is asked; default: your last one with them."
)
@click.option("--about", default="", metavar="TEXT", help="What it is for, such as a campaign; default: the list's.")
@click.option("--answer", "answers", multiple=True, metavar="NAME=TEXT", help="An answer; with any, nothing is asked.")
@click.option("--agent", metavar="LOGIN", help="Who asks; default: you.")
@as_json
def run(
    script_: str, contact: str, call_: str | None, about: str, answers: tuple[str, ...], agent: str | None, json_: bool
) -> None:
    """Ask somebody by a script, and keep what they answer; it fills in the script's form.

    Enter takes what is known already; “back” goes back, “skip” leaves a question open, “quit” ends: what was said until
    then is kept, and offered the next time.
    """
    from crmcore.api import here, owner_named, party_id, print_json, session, tables
    from crmcore_callcenter.scripts.editing import script_named
    from crmcore_callcenter.scripts.keeping import Said
    from crmcore_callcenter.scripts.knowing import called, known, last_call
    from crmcore_callcenter.scripts.questions import asked, form_of
    from crmcore_callcenter.scripts.views import script_read

    with session() as s:
        with s.read() as reader:
            script = script_read(reader, script_named(reader, script_))
            contact_id, place = party_id(reader, tables.contact, contact), here(reader)
            user_id = owner_named(reader, agent) if agent else s.actor.user_id or None
            call_id = last_call(reader, contact_id, user_id, call_ or "")
            questions = asked(script, form_of(reader, script))
            offered = {} if answers else known(reader, script, contact_id)
            words = called(reader, contact_id, user_id)
        finished, texts = True, {}
        if answers:
            texts = _given(questions, answers)
        else:
            told = _ask(script, questions, offered, place, words)
            finished, texts = told.finished, told.answers
        said = Said(
            contact_id=contact_id, texts=texts, finished=finished, call_id=call_id, about=about, user_id=user_id
        )  # fmt: skip
        done = _keep(s, script, said)
    if json_:
        print_json(
            {"run": done.run_id, "contact": contact_id, "finished": finished, "answers": texts, "result": done.result,
             "sentence": done.sentence, "entity": done.entity, "id": done.record_id}
        )  # fmt: skip
    else:
        click.echo(_told(script, done, finished=finished))


def _given(questions: "tuple[Asked, ...]", answers: tuple[str, ...]) -> dict[str, str]:
    """Return the answers of options, by question; a question may be named by its label."""
    from crmcore.api import InvalidInput

    labels = {one.question.label.casefold(): one.question.name for one in questions}
    texts = {}
    for each in answers:
        name, equals, text = each.partition("=")
        if not equals:
            raise InvalidInput(_("“{text}” is not of the form NAME=TEXT.").format(text=each))
        texts[labels.get(name.strip().casefold(), name.strip())] = text.strip()
    return texts


def _ask(
    script: "CallScript", questions: "tuple[Asked, ...]", offered: dict[str, str], place: "Here", words: dict[str, str]
) -> "Interview":
    from crmcore.api import tell
    from crmcore_callcenter.scripts.interview import interview
    from crmcore_callcenter.scripts.wording import filled

    def read(one: "Asked", before: str, wrong: str) -> str | None:
        if wrong:
            tell(wrong)
        text = filled(one.ask, words)
        if one.question.choices:
            text += " (" + ", ".join(f"{n} {each}" for n, each in enumerate(one.question.choices, 1)) + ")"
        try:
            return str(click.prompt(text, default=before, show_default=bool(before), prompt_suffix=" ", err=True))
        except click.Abort:
            return None

    if script.opening:
        click.echo(filled(script.opening, words), err=True)
    tell(_("Enter takes what is known; back, skip, quit."))
    told = interview(questions, offered, place, read)
    if script.closing and told.finished:
        click.echo(filled(script.closing, words), err=True)
    return told


def _keep(s: "Session", script: "CallScript", said: "Said") -> "Done":
    """Keep what was said; where it cannot be kept as it is, it is kept unfinished, and the reason is raised."""
    from attrs import evolve

    from crmcore.api import CrmError, InvalidInput
    from crmcore_callcenter.outbound.answering import answer

    try:
        with s.write() as tx:
            (done,) = answer(tx, script, [said])
        if not done.problem:
            return done
        problem: CrmError = InvalidInput(done.problem)
    except CrmError as error:
        problem = error
    with s.write() as tx:
        (kept,) = answer(tx, script, [evolve(said, finished=False)])
    raise InvalidInput(
        problem if kept.problem else _("{why} The answers are kept, and offered again.").format(why=problem)
    )


def _told(script: "CallScript", done: "Done", *, finished: bool) -> str:
    if not finished:
        return _("Kept what was said; `crm callcenter script run {script} {contact}` goes on.").format(
            script=script.code, contact=done.said.contact_id
        )
    if done.sentence:
        return done.sentence
    if script.form and not done.entity:
        return _("Kept here; the form {form} was not filled in.").format(form=script.form)
    return _("Kept.")
