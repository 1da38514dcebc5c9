"""All real mails that there are: each is in exactly one ticket, or on the list with its reason, however often read."""

import mailbox
from collections import Counter

from crmcore_service.tables import post, received
from sqlalchemy import func, select

from crmcore.api import split_mbox, tables

# What a person finds in the folder. Unreadable: Outlook's own files, parts of mails. Repeated: one mail of a program's
# tests in several encodings. Nobody: test data without a sender. The 10 others that are there are the same bytes again.
FOUND = {
    "ticket": 171, "unreadable": 39, "list": 20, "bounce": 14, "repeated": 14, "nobody": 10, "spam": 2, "automatic": 1,
}  # fmt: skip
MAILS = 281


def mails(folder):
    """Yield each real mail; a mailbox has several."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix in {".md", ".json", ".html"} or path.name == "LICENSE":
            continue
        if "mbox" in path.name:
            with path.open("rb") as file:
                yield from (raw for _line, raw in split_mbox(file))
        else:
            yield path.read_bytes()


def test_every_real_mail_is_in_one_ticket_or_on_the_list(office, realworld, tmp_path):
    raws = list(mails(realworld / "email"))
    boxes = [mailbox.Maildir(tmp_path / name, create=True) for name in ("Help", "Copies")]
    for box in boxes:
        for raw in raws:
            box.add(raw)
    for name in ("Help", "Copies"):
        office.crm("service", "mailbox", "add", name, "--address", f"maildir:{tmp_path / name}", user="ann")

    done = office.json("service", "mailbox", "read", "Help", user="ann")
    assert (done["read"], done["before"]) == (MAILS, MAILS - sum(FOUND.values())) == (281, 10)
    assert done["kinds"] == FOUND
    again = office.json("service", "mailbox", "read", "Copies", user="ann")
    assert (again["before"], again["kinds"]) == (MAILS, {}), "the same mails in another mailbox"
    shown = {one["name"]: one for one in office.json("service", "mailbox", "list", user="ann")}
    assert (shown["Help"]["mails"], shown["Help"]["lost"], shown["Copies"]["mails"]) == (271, 0, 0)
    assert shown["Help"]["waiting"] == 271 - FOUND["ticket"]

    with office.app.read() as reader:
        rows = reader.rows(select(received.c.kind, received.c.reason, received.c.ticket_id, received.c.interaction_id))
        posts = {
            row.interaction_id: row.ticket_id for row in reader.rows(select(post.c.interaction_id, post.c.ticket_id))
        }
        kept = reader.value(select(func.count()).where(received.c.content.is_not(None)))
        doubled = reader.rows(
            select(tables.contact_point.c.value)
            .where(tables.contact_point.c.kind == "email")
            .group_by(tables.contact_point.c.value)
            .having(func.count() > 1)
        )
    assert Counter(row.kind for row in rows) == FOUND
    in_tickets = [row for row in rows if row.kind == "ticket"]
    assert {row.interaction_id: row.ticket_id for row in in_tickets} == posts, "each in exactly one thread"
    assert len(in_tickets) == len(posts)
    assert all(row.reason for row in rows if row.kind != "ticket"), "whatever is no ticket says why"
    assert kept == 271 - FOUND["ticket"], "what is on the list can still become one"
    assert not doubled, "nobody was made twice"
