"""Who sets up the call centre: managers and administrators; telephone lines administrators only."""

import pytest
from crmcore_callcenter.tables import agent, line, member, queue, script, wrap_code
from sqlalchemy import select

LEADING = (
    ("agent", "add", "Anna", "--extension", "201"),
    ("agent", "edit", "Anna", "--extension", "202"),
    ("queue", "add", "Support"),
    ("queue", "edit", "Support", "--answer-seconds", "5"),
    ("queue", "member", "add", "Support", "Anna"),
    ("wrap-code", "add", "Sold"),
    ("wrap-code", "edit", "Sold", "--means", "reached"),
    ("script", "add", "Fair", "--question", "need=What do you need?"),
    ("script", "edit", "Fair", "--opening", "Good morning", "--question", "need=What else?"),
    ("queue", "member", "remove", "Support", "Anna"),
)
LINES = (
    ("line", "add", "Cloud", "--kind", "post", "--password", "env:SETTING_UP_KEY"),
    ("line", "edit", "Cloud", "--number", "4008001000"),
    ("line", "check", "Cloud"),
    ("line", "remove", "Cloud"),
)
LEADERS = "Only administrators and managers set up agents, queues, wrap-up codes and scripts"
ADMINISTRATORS = "Only an administrator sets up telephone lines"
SET_UP = (agent, line, member, queue, script, wrap_code)
ROLES = {"wang": "rep", "sam": "service", "mei": "manager"}


@pytest.fixture
def kept(office):
    """Return all that is set up."""

    def read():
        with office.app.read() as reader:
            return [reader.rows(select(table).order_by(table.c.id)) for table in SET_UP]

    return read


def test_whoever_leads_sets_up_and_nobody_else_does(office, kept, monkeypatch):
    monkeypatch.setenv("SETTING_UP_KEY", "a key")

    def refused(user, commands, why):
        before = kept()
        for command in commands:
            said = office.crm("callcenter", *command, user=user, code=1).err
            assert said == f"Error: {why}; {user} is {ROLES[user]}.\n", command
        assert kept() == before

    def done(user, commands):
        for command in commands:
            office.crm("callcenter", *command, user=user)

    done("mei", LEADING[:-1])
    done("ann", LINES[:-1])
    for user in ("wang", "sam"):
        refused(user, LEADING, LEADERS)
    for user in ROLES:
        refused(user, LINES, ADMINISTRATORS)
    done("mei", LEADING[-1:])
    done("ann", LINES[-1:])
