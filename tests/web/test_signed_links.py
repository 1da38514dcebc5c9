"""Links that we sign: they hold for their purpose and time, nobody else makes one, and nobody learns why one fails."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.errors import InvalidInput, NotFound
from crmcore.web.links import gone, opened, signed

SENTENCE = "This link does not hold, or no longer. Please ask us for a new one."


@pytest.fixture
def app(crm_workspace, crm_run, tmp_path):
    """A workspace whose links are signed."""
    crm_run("web", "key", tmp_path / "web.key")
    return crm_workspace.open()


def test_a_key_is_made_once_for_its_owner_only_and_links_need_one(crm_workspace, crm_run, crm_clock, tmp_path):
    app, file = crm_workspace.open(), tmp_path / "web.key"
    with app.read() as reader:
        assert signed(reader, "status", 7, reader.now + timedelta(days=1)) is None
        with pytest.raises(NotFound, match=SENTENCE):
            opened(reader, "status", "e30.e30")
    crm_run("user", "add", "rob", "--role", "rep")
    refused = crm_run("web", "key", file, user="rob", code=1)
    assert ("Only an administrator" in refused.err, file.exists()) == (True, False)
    crm_run("web", "key", file)
    assert (file.stat().st_mode & 0o777, len(file.read_text().strip())) == (0o600, 64)
    assert crm_run("setting", "show", "web.key", "--json").json["value"] == f"file:{file}"
    assert "is there already" in crm_run("web", "key", file, code=1).err
    with app.read() as reader:
        token = signed(reader, "status", {"ticket": 7}, reader.now + timedelta(days=1))
        assert token is not None
        assert opened(reader, "status", token) == {"ticket": 7}
    crm_clock.advance(days=1)
    crm_run("web", "key", tmp_path / "other.key")
    with app.read() as reader, pytest.raises(NotFound, match=SENTENCE):
        opened(reader, "status", token)  # over, and of a former key
    short = tmp_path / "short.key"
    short.write_text("guess me\n")
    crm_run("setting", "set", "web.key", f"file:{short}")
    with app.read() as reader, pytest.raises(InvalidInput, match="too short"):
        signed(reader, "status", 7, reader.now)


def test_a_link_holds_for_its_purpose_until_its_end(app, crm_clock):
    with app.read() as reader:
        token = signed(reader, "status", [1, "中文"], reader.now + timedelta(hours=1))
    crm_clock.advance(minutes=59)
    with app.read() as reader:
        assert opened(reader, "status", token) == [1, "中文"]
        with pytest.raises(NotFound, match=SENTENCE):
            opened(reader, "survey", token)
    crm_clock.advance(minutes=1)
    with app.read() as reader, pytest.raises(NotFound, match=SENTENCE):
        opened(reader, "status", token)
    assert str(gone()) == SENTENCE


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_nobody_changes_a_link_or_makes_one(app, data):
    with app.read() as reader:
        token = signed(reader, "status", 7, reader.now + timedelta(days=30))
        place = data.draw(st.integers(0, len(token) - 1))
        other = data.draw(st.characters().filter(lambda one: one != token[place]))
        made = data.draw(st.one_of(st.just(token[:place] + other + token[place + 1 :]), st.text(max_size=3000)))
        # Of the last character of a signature only four bits count, but the text is compared, not what it means.
        with pytest.raises(NotFound, match=SENTENCE):
            opened(reader, "status", made)
