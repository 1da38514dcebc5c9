"""What plugins tell `crm doctor` of their own work."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from crmcore.health.examine import examine
from crmcore.hooks.kinds import impl
from crmcore.hooks.reading import Trouble

SINCE = datetime(2026, 11, 20, 9, tzinfo=UTC)


def module(answer):
    return SimpleNamespace(crm_health=impl(answer))


def troubles(reader):
    assert reader.now is not None
    yield Trouble(what="mailbox", message="the mailbox cannot be read", severity="error", since=SINCE)
    yield Trouble(what="outgoing", message="3 mails wait")


def failing(reader):
    raise ValueError("nothing is well")


def test_each_plugin_tells_and_one_that_fails_is_named(crm_app):
    app = crm_app(("postal", module(troubles)), ("broken", module(failing)), strict=False)
    told = [(one.severity, one.plugin, one.hook, one.message, one.since) for one in examine(app, ())]
    assert ("error", "postal", "mailbox", "the mailbox cannot be read", SINCE) in told
    assert ("warning", "postal", "outgoing", "3 mails wait", None) in told
    assert told.index(("error", "postal", "mailbox", "the mailbox cannot be read", SINCE)) < 3, "what is broken first"
    assert any(plugin == "broken" for _severity, plugin, *_rest in told) or any(
        finding.plugin == "broken" for finding in app.assembly.dispatcher.notes.ledger
    )


def test_how_bad_it_is_is_one_of_two_words():
    with pytest.raises(ValueError, match="severity"):
        Trouble(what="mailbox", message="it is well", severity="info")
