"""Mailboxes as they are kept: addresses that are checked, passwords that lie elsewhere, problems that are told."""

import mailbox
from email.message import EmailMessage

from crmcore.mail.imap import quoted

FOLDER = "客服/收件"


def mail(number):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Li <li@firm.example>", "help@huaxin.example", f"Pump PX{number} leaks"
    made["Message-ID"], made["Date"] = f"<{number}@firm.example>", "Tue, 24 Nov 2026 09:30:00 +0800"
    made.set_content(f"It leaks, number {number}.")
    return made.as_bytes()


def test_what_cannot_be_a_mailbox_is_refused(office, imap_server, tmp_path):
    crm = lambda *said: office.crm("service", "mailbox", "add", "Bad", "--address", *said, user="ann", code=1).err  # noqa: E731
    assert "password" in crm("imaps://help:secret@mail.example.com")
    assert "write imaps://" in crm("pop3://help@mail.example.com")
    assert "write imaps://" in crm("imap://mail.example.com")
    assert "There is no mailbox" in crm(f"maildir:{tmp_path / 'nowhere'}")
    said = crm(imap_server.url(), "--password", "hunter2")
    assert "env:VARIABLE" in said
    assert "hunter2" not in said


def test_each_kind_of_mailbox_is_read_and_what_goes_wrong_is_told(office, imap_server, tmp_path):
    crm = lambda *said, **more: office.crm("service", "mailbox", *said, user="ann", **more)  # noqa: E731
    secret = tmp_path / "password"
    secret.write_text("wrong")
    imap_server.put(FOLDER, [mail(1), mail(2)])
    crm("add", "Server", "--address", imap_server.url(FOLDER), "--password", f"file:{secret}")
    box, files = mailbox.mbox(tmp_path / "old.mbox"), tmp_path / "files"
    box.add(mail(3))
    box.flush()
    files.mkdir()
    (files / "a.eml").write_bytes(mail(4))
    crm("add", "Old", "--address", f"mbox:{tmp_path / 'old.mbox'}")
    crm("add", "Files", "--address", files)
    assert "already" in crm("add", "files", "--address", files, code=1).err
    office.crm("worker", "--once", user="ann")
    shown = {one["name"]: one for one in office.json("service", "mailbox", "list", user="ann")}
    assert [shown[name]["mails"] for name in ("Server", "Old", "Files")] == [0, 1, 1], (
        "one keeps no other from being read"
    )
    assert "cannot be read" in shown["Server"]["error"]
    doctor = office.crm("doctor", "--json", user="ann", code=1).json
    assert any("mailbox Server is not read" in one["message"] for one in doctor)

    secret.write_text(imap_server.password)
    assert crm("read", "Server", "--json").json["kinds"] == {"ticket": 2}
    found = crm("show", "Server", "--json").json
    assert (found["mails"], found["error"], found["password"]) == (2, "", f"file:{secret}")
    connection = imap_server.connection()
    connection.select(quoted(FOLDER), readonly=True)
    assert len(connection.uid("SEARCH", "SEEN")[1][0].split()) == 2
    connection.logout()
    (files / "b.eml").write_bytes(mail(1))
    (files / "c.eml").write_bytes(mail(5))
    assert crm("show", "Files").out.startswith("Mailbox Files\n")
    done = crm("read", "Files", "--json").json
    assert done["kinds"] == {"ticket": 1}, "one of them came by the server"

    crm("edit", "Files", "--inactive", "--name", "Folder")
    (files / "d.eml").write_bytes(mail(6))
    assert "known already: 0; new tickets: 0." in crm("read").out
    assert crm("show", "Folder", "--json").json["mails"] == 2
    crm("remove", "Folder")
    assert len(office.json("service", "inbox", "list", "--kind", "ticket", user="ann")) == 5
    assert max(map(len, crm("list", COLUMNS="80").out.splitlines())) <= 80
    imap_server.empty(FOLDER)
