"""Thousands of acts are decided together: few statements, one answer each, in order, all in the journal."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import attrs
import pytest
from sqlalchemy import event, func, select

from crmcore.app import App
from crmcore.engine.tables import journal
from crmcore.errors import InvalidInput
from crmcore.hooks.kinds import impl
from crmcore.hooks.policy import Act, Objection
from crmcore.model.party import Contact, Customer, Position
from crmcore.model.permission import Consent, Preference

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in Shanghai
MANY = 3_000


@pytest.fixture
def acts(app):
    """Three thousand contacts at a thousand customers; some refused mail, some customers did, some want quiet."""
    with app.transaction() as tx:
        customers = [tx.add(Customer(name=f"C{n}")).id for n in range(MANY // 3)]
        people = [tx.add(Contact(name=f"P{n}", zone="Europe/Berlin" if n % 2 else "")).id for n in range(MANY)]
        for n, person in enumerate(people):
            tx.add(Position(contact_id=person, customer_id=customers[n // 3]))
            state = "denied" if n % 10 == 0 else "granted"
            tx.add(Consent(contact_id=person, state=state, channel="email", at=NOON - timedelta(days=9)))
            if n % 100 == 1:
                tx.add(Preference(contact_id=person, kind="quiet_hours", starts="04:00", ends="06:00", allow=False))
    mail = {"kind": "contact", "at": NOON, "channel": "email", "purpose": "marketing"}
    return [Act(**mail, contact_id=person, customer_id=customers[n // 3]) for n, person in enumerate(people)]


def counted(app, ask):
    statements = []
    with app.transaction() as tx:
        event.listen(app.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        found = ask(tx)
        taken = len(statements)
    return found, taken, len(statements) - taken


def test_three_thousand_acts_take_eight_statements(app, acts):
    decisions, asking, journalling = counted(app, lambda tx: tx.permit_all(acts))
    assert [decision.act for decision in decisions] == acts
    refused = [n for n, decision in enumerate(decisions) if not decision.allowed]
    assert refused == [n for n in range(MANY) if n % 10 == 0 or n % 100 == 1]  # 05:00 in Berlin is quiet
    assert asking <= 8
    assert journalling <= 3
    with app.read() as reader:
        told = dict(tuple(row) for row in reader.rows(
            select(journal.c.type, func.count()).where(journal.c.type.like("policy.%")).group_by(journal.c.type)
        ))  # fmt: skip
    assert told == {"policy.allowed": MANY - len(refused), "policy.refused": len(refused)}


def test_one_act_takes_as_many(app, acts):
    (one,), asking, _journalling = counted(app, lambda tx: tx.permit_all(acts[:1]))
    assert not one.allowed
    assert asking <= 8


def test_the_same_act_twice_is_decided_twice(app, acts):
    first, second = acts[0], acts[1]
    with app.transaction() as tx:
        assert [one.act for one in tx.permit_all([first, second, attrs.evolve(first)])] == [first, second, first]
        assert tx.permit_all([]) == ()


def test_what_is_explained_is_not_journalled(app, acts):
    with app.transaction() as tx:
        explained = tx.explain(acts[:20])
    with app.read() as reader:
        assert not reader.value(select(func.count()).where(journal.c.type.like("policy.%")))
    with app.transaction() as tx:
        assert tx.permit_all(acts[:20]) == explained


def opened(workspace, **answers):
    return App(workspace, plugins=[(name, SimpleNamespace(crm_objections=impl(f))) for name, f in answers.items()])


@pytest.fixture
def ida(app):
    with app.transaction() as tx:
        return tx.add(Contact(name="Ida")).id


def test_objections_come_in_the_order_of_their_weight(workspace, ida):
    later, soon = NOON + timedelta(days=2), NOON + timedelta(hours=1)
    first = [{"reason": "warn", "blocks": False}, {"reason": "soon", "until": soon}]
    second = [{"reason": "for good"}, {"reason": "later", "until": later}]
    app = opened(
        workspace,
        a=lambda acts: [Objection(act=acts[0], **one) for one in first],
        b=lambda acts: [Objection(act=acts[0], **one) for one in second],
    )
    with app.transaction() as tx:
        decision = tx.permit(Act(kind="close", at=NOON, contact_id=ida))
    assert decision.reasons == ("for good", "later", "soon", "warn")
    assert [plugin for plugin, _one in decision.objections] == ["b", "b", "a", "a"]
    assert decision.until is None
    app.close()


def test_a_plugin_that_answers_beside_the_question_blocks(workspace, ida):
    """An answer about another act is lost on nobody: the plugin is named, and nothing goes ahead."""
    app = opened(workspace, odd=lambda acts: [Objection(act=attrs.evolve(acts[0], kind="visit"), reason="no")])
    with app.transaction() as tx:
        allowed = tx.permit_all(
            [Act(kind="close", at=NOON, contact_id=ida), Act(kind="quote", at=NOON, contact_id=ida)]
        )
    assert [one.allowed for one in allowed] == [False, False]
    assert all("odd" in one.reasons[0] for one in allowed)
    app.close()


def test_a_crash_blocks_every_act_and_the_others_are_heard(workspace, ida):
    app = opened(
        workspace,
        broken=lambda acts: 1 / 0,
        sound=lambda acts: [Objection(act=act, reason="rather not", blocks=False) for act in acts],
    )
    wanted = [Act(kind=kind, at=NOON, contact_id=ida) for kind in ("close", "quote")]
    with app.transaction() as tx:
        for decision in tx.permit_all(wanted):
            assert not decision.allowed
            assert [(plugin, one.blocks) for plugin, one in decision.objections] == [("broken", True), ("sound", False)]
    app.close()


def test_every_kind_of_act_says_what_it_is_about(workspace, ida):
    seen = []
    app = opened(workspace, watch=lambda acts: seen.extend(acts))
    wanted = [
        Act(kind="quote", at=NOON, contact_id=ida, amount=Decimal("1200.50"), currency="EUR", products=["pump"]),
        Act(kind="discount", at=NOON, contact_id=ida, percent=Decimal(15)),
        Act(kind="visit", at=NOON, contact_id=ida),
        Act(kind="lending.demo", at=NOON, contact_id=ida),
    ]
    with app.transaction() as tx:
        tx.permit_all(wanted)
    assert seen == wanted
    assert wanted[2].channel == "visit"
    with app.read() as reader:
        told = reader.rows(select(journal.c.data).where(journal.c.type == "policy.allowed").order_by(journal.c.id))
    assert told[0].data["act"]["amount"] == "1200.50"
    assert told[0].data["act"]["products"] == ["pump"]
    app.close()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"channel": "emial"}, "channel cannot be “emial”"),
        ({"purpose": "fun"}, "purpose cannot be “fun”"),
        ({"channel": ""}, "needs a channel and a purpose"),
        ({"purpose": ""}, "needs a channel and a purpose"),
        ({"at": datetime(2026, 11, 23, 4, 0)}, "needs its zone"),  # noqa: DTZ001 # that is the mistake
        ({"contact_id": None}, "the contact or the customer"),
        ({"kind": "Contact us"}, "lower-case word"),
        ({"percent": Decimal(101)}, "between 0 and 100"),
    ],
)
def test_a_wrong_act_is_refused_where_it_is_made(wrong, told):
    right = {"kind": "contact", "at": NOON, "channel": "email", "purpose": "sales", "contact_id": 5}
    assert Act(**right)
    with pytest.raises(InvalidInput, match=told):
        Act(**right | wrong)
