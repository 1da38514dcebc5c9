"""Scripts: their wording and questions, asking with back, skip and quit, and forms that others keep."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.model.outbound import CallScript
from crmcore_callcenter.scripts.interview import interview
from crmcore_callcenter.scripts.questions import Asked, asked, checked
from crmcore_callcenter.scripts.wording import filled
from hypothesis import given
from hypothesis import strategies as st

from crmcore.api import Form, Here, Interaction, InvalidInput, Question

HERE = Here(zone=ZoneInfo("Asia/Shanghai"), today=date(2026, 11, 24), region="CN")
FORM = Form(
    name="desk.wish",
    title="Wish",
    questions=(Question(name="what", label="What", required=True), Question(name="pieces", label="N", kind="number")),
    keep=lambda tx, answers: [],
)


def ask(questions, *typed, known=None):
    """Return what is said when an agent types these; then they hang up."""
    lines, shown = iter(typed), []

    def read(one, before, wrong):
        shown.append((one.ask, before, wrong))
        return next(lines, None)

    return interview(questions, known or {}, HERE, read), shown


def test_a_script_says_the_forms_questions_in_its_words_and_asks_its_own():
    script = CallScript(
        name="x",
        questions=checked([{"name": "colour", "kind": "choice", "choices": ["red", "blue"]},
                           {"name": "pieces", "ask": "How many, {name}?"}], FORM),
    )  # fmt: skip
    assert [(one.ask, one.question.kind, one.own) for one in asked(script, FORM)] == [
        ("colour", "choice", True), ("How many, {name}?", "number", False), ("What", "text", False)
    ]  # fmt: skip
    assert [one.question.kind for one in asked(script, None)] == ["choice", "text"]  # its owner is disabled
    for wrong, said in (
        ([{"ask": "?"}], r"Question 1 \(–\): it has no name"),
        ([{"name": "a"}, {"name": "a"}], "it is asked twice"),
        ([{"name": "a", "color": 1}], "nothing called color"),
        ([{"name": "pieces", "kind": "text"}], "its kind is the form's"),
        ([{"name": "a", "kind": "choice"}], "a choice has choices"),
        ([{"name": "a", "kind": "colour"}], "'kind' must be in"),
    ):
        with pytest.raises(InvalidInput, match=said):
            checked(wrong, FORM)


@given(st.text(max_size=20))
def test_whatever_somebody_is_called_is_not_looked_at_again(name):
    assert filled("Dear {name} of {customer}: {other}", {"name": name}) == f"Dear {name} of : {{other}}"


def test_asking_goes_back_skips_and_loses_nothing():
    questions = asked(CallScript(name="x"), FORM)
    said, shown = ask(questions, "skip", "pumps", "many", "back", "", "两百")
    assert (said.answers, said.finished) == ({"what": "pumps", "pieces": "200"}, True)
    assert shown[1] == ("What", "", "An answer is needed here.")
    assert shown[3][2].startswith("N: “many” is not a number")
    assert shown[4][1] == "pumps"  # offered again
    said, _shown = ask(questions, "", "", known={"what": "valves", "pieces": "3"})
    assert said.answers == {"what": "valves", "pieces": "3"}
    said, _shown = ask(questions, "valves", "-", known={"pieces": "3"})
    assert (said.answers, said.finished) == ({"what": "valves"}, True)
    for line in ("quit", "结束", None):
        said, _shown = ask(questions, "pumps", line)
        assert (said.answers, said.finished) == ({"what": "pumps"}, False)
    ends = (Asked(question=Question(name="no", label="No", kind="yes_no"), ask="No?", ends="yes"), *questions)
    said, shown = ask(ends, "no", "pumps", "back", "back", "y")
    assert (said.answers, said.finished) == ({"no": "yes"}, True)


def test_a_script_comes_from_a_file_and_its_answers_open_a_ticket_in_the_call(office_with_service, tmp_path):
    office = office_with_service
    person, sam = office.contacts[7], office.users["sam"]
    table, broken = tmp_path / "questions.csv", tmp_path / "broken.toml"
    table.write_text(
        "name,ask,kind,choices,required\ntext,What is the matter?,,,\nmood,How do they sound?,choice,calm|angry,yes\n"
    )
    broken.write_text("name = ")
    office.crm("callcenter", "script", "add", "Fault", "--form", "service.request", "--file", table, user="ann")
    shown = office.json("callcenter", "script", "show", "Fault")
    assert [(one["name"], one["kind"], one["required"]) for one in shown["questions"]] == [
        ("text", "text", True), ("mood", "choice", True)
    ]  # fmt: skip
    assert "service.request" in office.crm("callcenter", "script", "list", COLUMNS="160").out
    talk = Interaction(channel="call", direction="in", at=office.clock.now, contact_id=person, user_id=sam)
    office.insert(talk)
    with office.at(office.clock.now, user="sam") as tx:
        tx.add(Call(direction="in", started_at=tx.now, contact_id=person, owner_id=sam, interaction_id=talk.id))
    said = ("--answer", "text=The pump of line 3 leaks", "--answer", "mood=2")
    done = office.json("callcenter", "script", "run", "Fault", person, *said, user="sam")
    assert (done["result"], done["entity"], done["sentence"]) == (
        "opened",
        "service_ticket",
        f"ticket T{done['id']} opened",
    )
    thread = office.json("service", "ticket", "show", f"T{done['id']}", user="sam")
    assert "The pump of line 3 leaks" in str(thread)
    assert [each["name"] for each in office.json("trail", "script_run", done["run"])["trail"]][-1] == "ticket"
    for wrong, why in (
        (("run", "Fault", person, "--answer", "mood=1"), "An answer is missing: What is the matter"),
        (("run", "Fault", person, "--answer", "text=x", "--answer", "mood=glad"), "not one of calm, angry"),
        (("run", "Fault", person, "--answer", "colour=red"), "“colour” is not asked"),
        (("run", "Fault", person, "--answer", "red"), "not of the form NAME=TEXT"),
        (("run", "Ghost", person), "There is no script “Ghost”"),
        (("add", "Other", "--form", "sales.lead"), "there are: service.request"),
        (("add", "Fault"), "has the code “Fault” already"),
        (("add", "--file", broken), "broken.toml cannot be read"),
    ):
        assert why in office.crm("callcenter", "script", *wrong, user="mei", code=1).err
    office.crm("callcenter", "script", "edit", "Fault", "--question", "text=Tell me", "--inactive", user="ann")
    assert [one["ask"] for one in office.json("callcenter", "script", "show", "Fault")["questions"]] == ["Tell me"]
