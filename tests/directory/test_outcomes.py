"""`crm_outcomes`: what business came to, declared by whoever keeps it, composed by whoever asks, as far as one sees."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Numeric, case, cast, func, literal, literal_column, select

from crmcore.api import BASE, NOW, Fixed, Outcome, Products, bought, impl, outcomes, products, times, worth
from crmcore.app import App
from crmcore.conformance.declarations import outcome_problem
from crmcore.engine.tables import customer, process_item, setting, task
from crmcore.errors import PluginError
from crmcore.model.interaction import Task
from crmcore.model.party import Customer
from crmcore.model.user import User

_HUNDRED = literal(Decimal(100), Fixed)


def _plugin(name: str, declare: Callable[[], list[Outcome]]) -> tuple[str, ModuleType]:
    """Return a plugin for whom each task is an order of a customer: its minutes are what it is worth, in euros."""
    module = ModuleType(name)

    @impl
    def crm_outcomes() -> list[Outcome]:
        return declare()

    @impl
    def crm_products() -> list[Products]:
        c = process_item.c
        return [Products(source=process_item, id=c.id, code=c.title, name=c.title, family=c.process)]

    module.crm_outcomes, module.crm_products = crm_outcomes, crm_products  # type: ignore[attr-defined] # ours
    return name, module


def _order(**more: Any) -> Outcome:
    c = task.c
    return Outcome(
        **{
            "name": "tasks.order", "title": "Orders", "stage": "order", "source": task, "record": c.id,
            "entity": "task", "text": c.subject, "customer": c.customer_id, "contact": c.contact_id,
            "user": c.owner_id, "began": c.created_at, "closed": c.closed_at,
            "state": case((c.status == "done", "won"), (c.closed_at > NOW, "open"), else_="lost"),
            "amount": _HUNDRED, "currency": literal_column("'EUR'"), "margin": _HUNDRED - _HUNDRED,
            "rate": cast(case((BASE == "EUR", literal_column("1")), else_=literal_column("7.5")), Numeric), **more,
        }
    )  # fmt: skip


def test_outcomes_are_composed_with_what_is_only_known_when_asked(workspace: str) -> None:
    app = App(workspace, plugins=[_plugin("tasks", lambda: [_order()])])
    with app.transaction(app.actor("ann")) as tx:
        tom = tx.add(User(login="tom", name="Tom", role="rep"))
        acme = tx.add(Customer(name="Acme"))
        secret = tx.add(Customer(name="Secret", owner_id=tom.id, private=True))
        done = {"kind": "task", "status": "done", "closed_at": datetime(2026, 11, 1, tzinfo=UTC)}
        for whose in (acme, acme, secret):
            tx.add(Task(subject="ordered", customer_id=whose.id, **done))
        tx.add(Task(subject="to come", kind="task", customer_id=acme.id, closed_at=datetime(2099, 1, 1, tzinfo=UTC)))
    for login, seen in (("ann", {("Acme", "won"): 2, ("Acme", "open"): 1}), ("tom", {("Secret", "won"): 1})):
        with app.read(app.actor(login)) as reader:
            (one,) = outcomes(reader, "order")
            statement = (
                select(customer.c.name, one.state.label("state"), func.count().label("n"))
                .select_from(one.source.join(customer, customer.c.id == one.customer))
                .group_by(customer.c.name, one.state)
            )
            found = {(row.name, row.state): row.n for row in reader.rows(statement)}
            assert seen.items() <= found.items()
            assert (("Secret", "won") in found) == (login == "tom")
            assert outcomes(reader, "lead") == ()
            assert [each.code.name for each in products(reader)] == ["title"]
    app.close()


@pytest.mark.parametrize(("base", "worth_of_it"), [("EUR", 100), ("CNY", 750)])
def test_amounts_are_worth_something_in_the_workspaces_currency(workspace: str, base: str, worth_of_it: int) -> None:
    app = App(workspace, plugins=[_plugin("tasks", lambda: [_order()])])
    with app.transaction(app.actor("ann")) as tx:
        tx.add(Task(subject="ordered", kind="task"))
        tx.connection.execute(setting.delete().where(setting.c.name == "currency"))
        tx.connection.execute(setting.insert().values(name="currency", value=base))
    with app.read() as reader:
        (one,) = bought(reader)
        told = (worth(one), worth(one, one.margin), times(_HUNDRED, one.amount))
        (row,) = reader.rows(select(*told).select_from(one.source).limit(2))
        assert tuple(row) == (worth_of_it, 0, 10_000)
    app.close()


def test_deals_stand_for_revenue_where_nobody_keeps_orders(workspace: str) -> None:
    def both() -> list[Outcome]:
        return [_order(name="tasks.deal", stage="deal"), _order()]

    for declared, expected in ((both, ["order"]), (lambda: both()[:1], ["deal"]), (list, [])):
        app = App(workspace, plugins=[_plugin("tasks", declared)])
        with app.read() as reader:
            assert [one.stage for one in bought(reader)] == expected
        app.close()


def test_what_is_declared_can_be_asked_for_and_nothing_else(workspace: str) -> None:
    app = App(workspace, plugins=[_plugin("tasks", lambda: [_order()])])
    with app.read() as reader:
        assert [plugin for plugin, _one in reader.declared_by_plugin("crm_outcomes")] == ["tasks"]
        with pytest.raises(PluginError, match="crm_brief"):
            reader.declared("crm_brief")
    app.close()


def test_conformance_tells_of_outcomes_that_cannot_be_read(app: App) -> None:
    assert outcome_problem(app, _order()) == ""
    assert "tasks.order" in outcome_problem(app, _order(reason=func.no_such_function(task.c.id)))
    with pytest.raises(ValueError, match="currency and rate"):
        _order(rate=None)
