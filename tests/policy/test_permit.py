"""Asking before acting: consent and quiet hours object, plugins may, and the decision is journalled."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from crmcore.api import Act, App, Consent, Contact, Customer, Objection, Position, Preference, impl, permit
from crmcore.engine.tables import journal
from crmcore.policy.quiet import ends_at, is_quiet

TEN = datetime(2026, 11, 23, 2, tzinfo=UTC)  # ten o'clock in Shanghai, a Monday


def reasons(app: App, **said: Any) -> tuple[bool, list[str]]:
    with app.transaction(app.actor("ann")) as tx:
        decision = permit(tx, Act(**{"kind": "contact", "at": TEN, "channel": "call", "purpose": "sales", **said}))
    return decision.allowed, list(decision.reasons)


def contact(app: App, *records: Any, zone: str = "") -> int:
    with app.transaction(app.actor("ann")) as tx:
        one = tx.add(Contact(name="Li Wei", zone=zone))
        for record in records:
            record.contact_id = one.id
            tx.add(record)
    return one.id


def test_the_latest_consent_that_covers_the_act_decides(app: App) -> None:
    day = timedelta(days=1)
    li = contact(
        app,
        Consent(state="denied", channel="*", purpose="*", at=TEN - 9 * day, evidence="letter"),
        Consent(state="granted", channel="call", purpose="sales", at=TEN - 5 * day),
        Consent(state="denied", channel="call", purpose="sales", at=TEN + day),
    )
    assert reasons(app, contact_id=li) == (True, [])
    allowed, [why] = reasons(app, contact_id=li, channel="email")
    assert not allowed
    assert "opted out of everything by any channel on 2026-11-14 (letter)" in why
    assert reasons(app, contact_id=li, at=TEN + 2 * day)[0] is False
    assert reasons(app, contact_id=li, channel="email", purpose="transactional") == (True, [])


def test_who_never_spoke_of_marketing_may_be_asked_with_a_warning(app: App) -> None:
    li = contact(app)
    allowed, [why] = reasons(app, contact_id=li, purpose="marketing", channel="email")
    assert allowed
    assert "no consent for marketing by email" in why


def test_what_the_customer_refused_binds_those_who_stand_for_it(app: App) -> None:
    li = contact(app)
    with app.transaction(app.actor("ann")) as tx:
        acme = tx.add(Customer(name="Acme"))
        tx.add(Position(contact_id=li, customer_id=acme.id))
        tx.add(Consent(state="denied", channel="call", purpose="sales", customer_id=acme.id, at=TEN))
    assert reasons(app, contact_id=li)[0] is False
    assert reasons(app, contact_id=li, channel="email")[0] is True


def test_quiet_hours_count_in_the_zone_of_the_person(app: App) -> None:
    wish = {"kind": "quiet_hours", "channel": "call", "allow": False, "ends": "10:30", "text": "not before 10:30"}
    here = contact(app, Preference(**wish))  # type: ignore[arg-type] # the fields of one preference
    assert reasons(app, contact_id=here) == (False, ["asked for quiet at 10:00: “not before 10:30”"])
    assert reasons(app, contact_id=here, channel="email") == (True, [])
    away = contact(app, Preference(**wish), zone="Pacific/Auckland")  # type: ignore[arg-type] # as above
    assert reasons(app, contact_id=away) == (True, [])


def test_a_channel_refused_is_not_used(app: App) -> None:
    li = contact(app, Preference(kind="channel", channel="call", allow=False, text="no calls please"))
    assert reasons(app, contact_id=li) == (False, ["wants no call: “no calls please”"])
    assert reasons(app, contact_id=li, channel="email") == (True, [])


def plugin(name: str, answer: Callable[[], Iterable[Objection]]) -> tuple[str, ModuleType]:
    module = ModuleType(name)

    def crm_objections(act: Act, tx: Any) -> Iterable[Objection]:
        return answer()

    module.crm_objections = impl(crm_objections)  # type: ignore[attr-defined] # a plugin made in place
    return name, module


def crash() -> Iterable[Objection]:
    raise RuntimeError("no answer")


@pytest.mark.parametrize(
    ("answer", "said"),
    [(lambda: [Objection(reason="has an open ticket")], "has an open ticket"), (crash, "failed in crm_objections")],
)
def test_plugins_object_and_one_that_crashes_is_not_passed_over(workspace: str, answer: Any, said: str) -> None:
    app = App(workspace, plugins=[plugin("desk", answer)])
    li = contact(app)
    allowed, [why] = reasons(app, contact_id=li)
    assert not allowed
    assert said in why
    with app.read() as reader:
        told = reader.rows(select(journal).where(journal.c.type == "policy.refused"))
    assert [(one.subject_id, one.actor) for one in told] == [(li, "ann")]
    assert said in str(told[0].data["objections"])
    app.close()


HOURS = st.integers(0, 24 * 60 - 1).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
DAYS = st.sets(st.sampled_from("1234567")).map(lambda days: "".join(sorted(days)))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), HOURS, HOURS, DAYS)  # noqa: DTZ001 # local times
def test_quiet_hours_end(local: datetime, starts: str, ends: str, days: str) -> None:
    local = local.replace(second=0, microsecond=0)
    over = ends_at(local, ends)
    assert timedelta() < over - local <= timedelta(days=1)
    assert over.strftime("%H:%M") == ends
    if starts != ends:
        assert not is_quiet(over, starts, ends, "")
    if days and str(local.isoweekday()) not in days:
        assert not is_quiet(local, starts, ends, days)
