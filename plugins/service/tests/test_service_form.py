"""Service's form as others fill it in, such as an agent after a call: it opens a ticket or joins one."""

from sqlalchemy import select

from crmcore.api import Answered, Interaction, form_named, tables


def test_a_request_on_the_telephone_opens_a_ticket_and_the_next_one_joins_it(office):
    person, sam = office.contacts[7], office.users["sam"]
    call = Interaction(channel="call", direction="in", at=office.clock.now, contact_id=person, user_id=sam)
    office.insert(call)

    def ask(talk=None, **values):
        with office.at("2026-11-24T10:00+08:00", user="sam") as tx:
            assert form_named(tx, "service.request").title == "A request"
            (kept,) = tx.fill_in("service.request", [
                Answered(contact_id=person, at=tx.now, values=values, user_id=sam, interaction_id=talk)
            ])  # fmt: skip
        return kept

    first = ask(text="The pump of line 3 leaks at the seal", priority="P1", talk=call.id)
    assert (first.entity, first.result, first.sentence) == ("service_ticket", "opened", f"ticket T{first.id} opened")
    shown = office.json("service", "ticket", "show", f"T{first.id}", user="sam")
    assert (shown["subject"], shown["priority"]) == ("The pump of line 3 leaks at the seal", "P1")
    again = ask(text="The pump of line 3 still leaks at the seal")
    assert (again.id, again.result) == (first.id, "joined")
    assert again.sentence.startswith(f"joined ticket T{first.id}: ")
    assert ask(text="The pump of line 3 still leaks at the seal", new=True).result == "opened"
    with office.app.read() as reader:
        body = reader.value(select(tables.interaction.c.body).where(tables.interaction.c.id == call.id))
    assert body == "The pump of line 3 leaks at the seal"  # the talk had no words before
