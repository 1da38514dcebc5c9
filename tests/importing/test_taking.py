"""A few records taken in within a transaction: matched as an import matches them, refused by themselves."""

from sqlalchemy import func, select

from crmcore.engine import tables
from crmcore.importing.taking import take_in
from crmcore.model.incoming import IncomingContact, Point


def test_who_is_known_is_not_made_twice_and_a_bad_one_spoils_nothing(app):
    li = IncomingContact(line=1, name="李伟", points=(Point(kind="email", value="li@example.cn"),))
    nobody = IncomingContact(line=2, name=" ")
    with app.transaction() as tx:
        told = take_in(tx, [li, nobody], source="form demo")
    assert (told.created, told.rejected) == (1, 1)
    assert told.rejections[0].line == 2
    with app.transaction() as tx:
        again = take_in(tx, [li], source="form demo")
    assert (again.created, again.unchanged) == (0, 1)
    with app.read() as reader:
        assert reader.value(select(func.count()).select_from(tables.contact)) == 1
        assert reader.value(select(tables.contact.c.source)) == "form demo:1"
