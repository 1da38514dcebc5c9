"""Mail that was captured before its people were contacts."""

import json

MAIL = """From: {sender}
To: ann@example.com
Subject: {subject}
Date: Mon, 16 Nov 2026 09:0{n}:00 +0000
Message-ID: <{n}@example.cn>

Good morning
"""
CARDS = "name,email,company,title\nLi Wei,li.wei@example.cn,Huaxin,Buyer\n"


def mails(folder):
    mail = folder / "mail"
    mail.mkdir()
    for n, sender in enumerate(["Li Wei <LI.WEI@example.cn>", "li.wei@example.cn", "stranger@example.org"]):
        (mail / f"{n}.eml").write_text(MAIL.format(sender=sender, subject=f"mail {n}", n=n))
    return mail


def talks(crm):
    found = json.loads(crm("interaction", "list", "--json").stdout)
    return {one["subject"]: (one["contact_id"], one["customer_id"]) for one in found}


def test_mail_captured_first_belongs_to_the_contact_that_comes_later(crm, tmp_path):
    (tmp_path / "cards.csv").write_text(CARDS)
    crm("import", mails(tmp_path))
    assert set(talks(crm).values()) == {(None, None)}
    crm("import", "cards.csv")
    (li,) = json.loads(crm("contact", "list", "--json").stdout)
    (huaxin,) = json.loads(crm("customer", "list", "--json").stdout)
    known = (li["id"], huaxin["id"])
    assert talks(crm) == {"mail 0": known, "mail 1": known, "mail 2": (None, None)}
    assert "mail 1" in crm("brief", "Li Wei").stdout


def test_taking_the_address_book_back_leaves_the_mail_as_it_was(crm, tmp_path):
    (tmp_path / "cards.csv").write_text(CARDS)
    crm("import", mails(tmp_path))
    before = crm("interaction", "list", "--json").stdout
    batch = json.loads(crm("import", "cards.csv", "--json").stdout)["batch"]
    undone = json.loads(crm("import", "--undo", batch, "--json").stdout)
    assert undone["kept"] == []
    assert json.loads(crm("contact", "list", "--json").stdout) == []
    after = crm("interaction", "list", "--json").stdout
    stable = [{k: v for k, v in one.items() if k not in ("version", "updated_at")} for one in json.loads(after)]
    assert stable == [
        {k: v for k, v in one.items() if k not in ("version", "updated_at")} for one in json.loads(before)
    ]


def test_a_rep_ties_only_what_is_its_own(crm, tmp_path):
    (tmp_path / "cards.csv").write_text(CARDS)
    crm("user", "add", "rob", "--role", "rep", "--email", "rob@example.com")
    mail = tmp_path / "theirs"
    mail.mkdir()
    for n, to in enumerate(["ann", "rob"]):
        text = MAIL.format(sender="li.wei@example.cn", subject=f"to {to}", n=n).replace("ann@", f"{to}@")
        (mail / f"{n}.eml").write_text(text)
    crm("user", "edit", "ann", "--email", "ann@example.com")
    crm("import", mail)
    crm("import", "cards.csv", CRM_USER="rob")
    assert {subject: bool(contact) for subject, (contact, _customer) in talks(crm).items()} == {
        "to ann": False,
        "to rob": True,
    }
