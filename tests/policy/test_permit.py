"""Asking before acting: consent, quiet hours and plugins' objections, and the decision in the journal."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from crmcore.app import App
from crmcore.engine.tables import journal
from crmcore.hooks.kinds import impl
from crmcore.hooks.policy import Act, Objection
from crmcore.model.party import Contact, Customer, Position
from crmcore.model.permission import Consent, Preference
from crmcore.policy.permit import permit
from crmcore.policy.quiet import ends_at, is_quiet

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in Shanghai


@pytest.fixture
def party(app):
    """Ida, who stands for Acme."""
    with app.transaction() as tx:
        ida, acme = tx.add(Contact(name="Ida")), tx.add(Customer(name="Acme"))
        tx.add(Position(contact_id=ida.id, customer_id=acme.id))
    return SimpleNamespace(ida=ida.id, acme=acme.id)


def say(app, **fields):
    with app.transaction() as tx:
        tx.add(Consent(**{"at": NOON - timedelta(days=30), **fields}))


def wish(app, **fields):
    with app.transaction() as tx:
        tx.add(Preference(**{"kind": "quiet_hours", "allow": False, "text": "please", **fields}))


def ask(app, contact_id=None, *, channel="email", purpose="marketing", at=NOON, **fields):
    with app.transaction() as tx:
        return permit(
            tx, Act(**{"kind": "contact", "channel": channel, "purpose": purpose, "at": at, "contact_id": contact_id}
                    | fields)
        )  # fmt: skip


def test_nothing_said_is_allowed_with_a_warning_for_marketing_alone(app, party):
    marketing, sales = ask(app, party.ida), ask(app, party.ida, purpose="sales")
    assert marketing.allowed
    assert marketing.reasons == ("no consent for marketing by email is recorded",)
    assert sales.allowed
    assert sales.reasons == ()


@pytest.mark.parametrize(
    ("channel", "purpose", "asked", "allowed"),
    [
        ("email", "marketing", ("email", "marketing"), False),
        ("email", "marketing", ("call", "marketing"), True),
        ("email", "marketing", ("email", "sales"), True),
        ("*", "marketing", ("call", "marketing"), False),
        ("email", "*", ("email", "sales"), False),
        ("*", "*", ("call", "service"), False),
        ("*", "*", ("email", "transactional"), True),
        ("*", "transactional", ("email", "transactional"), False),
    ],
)
def test_an_opt_out_covers_its_channel_and_purpose(app, party, channel, purpose, asked, allowed):
    say(app, contact_id=party.ida, state="denied", channel=channel, purpose=purpose)
    assert ask(app, party.ida, channel=asked[0], purpose=asked[1]).allowed is allowed


def test_the_latest_statement_in_time_decides_whenever_it_was_entered(app, party):
    say(app, contact_id=party.ida, state="granted", at=NOON - timedelta(days=1))
    say(app, contact_id=party.ida, state="denied", at=NOON - timedelta(days=9))
    assert ask(app, party.ida).reasons == ()
    assert not ask(app, party.ida, at=NOON - timedelta(days=5)).allowed
    assert ask(app, party.ida, at=NOON - timedelta(days=20)).allowed, "before anything was said"


def test_a_statement_ends_when_it_says(app, party):
    until = NOON + timedelta(hours=1)
    say(app, contact_id=party.ida, state="denied", until=until, evidence="a letter")
    refused = ask(app, party.ida)
    assert not refused.allowed
    assert refused.objections[0][1].until == until
    assert refused.reasons == ("opted out of everything by any channel on 2026-10-24 (a letter)",)
    assert ask(app, party.ida, at=until).allowed


def test_what_a_customer_says_holds_for_those_who_stand_for_it(app, party):
    say(app, customer_id=party.acme, state="denied", purpose="marketing")
    assert not ask(app, party.ida).allowed
    assert not ask(app, customer_id=party.acme).allowed
    with app.transaction() as tx:
        tx.load(Position)[0].ended = date(2026, 11, 1)
    assert ask(app, party.ida).allowed, "Ida left Acme before"
    assert not ask(app, party.ida, at=datetime(2026, 10, 30, tzinfo=UTC)).allowed


def test_what_one_contact_says_is_not_said_for_the_customer(app, party):
    say(app, contact_id=party.ida, state="denied")
    assert ask(app, customer_id=party.acme).allowed


def test_quiet_hours_are_in_the_persons_zone(app, party):
    wish(app, contact_id=party.ida, starts="20:00", ends="08:00")
    evening = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # 21:00 in Shanghai
    refused = ask(app, party.ida, purpose="sales", at=evening)
    assert refused.reasons == ("asked for quiet at 21:00: “please”",)
    assert refused.objections[0][1].until == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    with app.transaction() as tx:
        tx.get(Contact, party.ida).zone = "Europe/Berlin"  # 14:00 there
    assert ask(app, party.ida, purpose="sales", at=evening).allowed


def test_an_unwanted_channel_is_refused_and_others_are_not(app, party):
    wish(app, contact_id=party.ida, kind="channel", channel="call", text="never call me")
    assert ask(app, party.ida, channel="call", purpose="sales").reasons == ("wants no call: “never call me”",)
    assert ask(app, party.ida, purpose="sales").allowed


def test_quiet_hours_bind_contacts_only(app, party):
    wish(app, contact_id=party.ida)
    assert not ask(app, party.ida, purpose="sales").allowed
    assert ask(app, party.ida, kind="quote", channel="", purpose="").allowed


def with_objections(workspace, answer):
    return App(workspace, plugins=[("service", SimpleNamespace(crm_objections=impl(answer)))])


def test_a_plugin_blocks_or_warns_until_when(workspace, party):
    until = NOON + timedelta(days=2)
    said = [{"reason": "asked us to wait", "blocks": False}, {"reason": "open complaint", "until": until}]
    app = with_objections(workspace, lambda acts: [Objection(act=act, **one) for act in acts for one in said])
    decision = ask(app, party.ida, purpose="sales")
    assert not decision.allowed
    assert decision.reasons == ("open complaint", "asked us to wait"), "what blocks comes first"
    assert decision.objections == tuple(("service", Objection(act=decision.act, **one)) for one in reversed(said))
    assert decision.until == until
    said.pop()
    assert ask(app, party.ida, purpose="sales").allowed
    app.close()


def test_a_plugin_that_crashes_refuses_and_the_others_are_heard(workspace, party):
    def crash(acts):
        raise RuntimeError("boom")

    say_no = Consent(contact_id=party.ida, state="denied", at=NOON - timedelta(days=1))
    app = with_objections(workspace, crash)
    with app.transaction() as tx:
        tx.add(say_no)
    decision = ask(app, party.ida)
    assert not decision.allowed
    assert "Plugin service failed in crm_objections: RuntimeError: boom" in decision.reasons
    assert any("opted out" in reason for reason in decision.reasons)
    app.close()


def test_every_decision_is_journalled(app, party):
    say(app, contact_id=party.ida, state="denied", channel="call", purpose="marketing")
    ask(app, party.ida, purpose="sales")
    ask(app, party.ida, channel="call")
    with app.engine.connect() as connection:
        told = connection.execute(select(journal).where(journal.c.type.startswith("policy.")).order_by("id")).all()
    assert [(row.type, row.subject_id) for row in told] == [
        ("policy.allowed", party.ida),
        ("policy.refused", party.ida),
    ]
    assert told[1].data["act"] == {
        "kind": "contact", "at": NOON.isoformat(), "channel": "call", "purpose": "marketing", "contact_id": party.ida,
        "customer_id": party.acme,
    }  # fmt: skip
    assert told[1].data["objections"][0][0] == "core.policy.consent"


ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo"]


def instants(first, last):
    """Instants of the days from one date to another."""
    days = st.dates(date.fromisoformat(first), date.fromisoformat(last))
    return st.builds(lambda day, at: datetime.combine(day, at, UTC), days, st.times())


HOURS = st.integers(0, 24 * 4 - 1).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")


def quiet_by_the_clock(local, starts, ends, days):
    """What a clock on the wall says, minute by minute of the day; `days` are those on which the quiet begins."""
    minute = local.hour * 60 + local.minute
    first = int(starts[:2]) * 60 + int(starts[3:])
    last = int(ends[:2]) * 60 + int(ends[3:])
    today, yesterday = str(local.isoweekday()), str((local.isoweekday() - 2) % 7 + 1)
    if first <= last:
        return first <= minute < last and (not days or today in days)
    evening = minute >= first and (not days or today in days)
    morning = minute < last and (not days or yesterday in days)
    return evening or morning


@given(
    at=instants("2025-01-01", "2027-12-31"),
    zone=st.sampled_from(ZONES),
    starts=HOURS,
    ends=HOURS,
    days=st.sampled_from(["", "12345", "67", "5", "1"]),
)
def test_quiet_hours_are_those_of_the_clock_on_the_wall(at, zone, starts, ends, days):
    local = at.astimezone(ZoneInfo(zone))
    assert is_quiet(local, starts, ends, days) == quiet_by_the_clock(local, starts, ends, days)


@given(
    at=instants("2026-10-24", "2026-11-03") | instants("2026-03-07", "2026-03-31"),
    zone=st.sampled_from(ZONES),
    starts=HOURS,
    ends=HOURS,
)
def test_quiet_hours_end_at_the_first_minute_that_is_not_quiet(at, zone, starts, ends):
    """Also on the nights on which the clock is put forward or back."""
    local = at.replace(second=0, microsecond=0).astimezone(ZoneInfo(zone))
    if starts == ends or not is_quiet(local, starts, ends, ""):
        return
    over = ends_at(local, ends).astimezone(UTC)
    minute = local.astimezone(UTC)
    while is_quiet(minute.astimezone(local.tzinfo), starts, ends, ""):
        minute += timedelta(minutes=15) - timedelta(minutes=minute.minute % 15)
    assert abs(over - minute) <= timedelta(hours=1), "an hour that does not exist, or comes twice, is either"
    if over != minute:
        assert (
            over.astimezone(local.tzinfo).utcoffset()
            != (over - timedelta(hours=2)).astimezone(local.tzinfo).utcoffset()
            or minute.astimezone(local.tzinfo).utcoffset() != local.utcoffset()
        )
