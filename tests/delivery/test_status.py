"""What `crm doctor` can know of background work."""

from crmcore.api import deliver
from crmcore.delivery.consumers import consumers
from crmcore.delivery.status import status
from crmcore.delivery.workers import Presence

from .conftest import contacts, plugin, rename, statements


def test_tells_who_is_behind_what_waits_and_who_works(opened, at):
    def handle(event, tx):
        if event.subject_id == broken:
            raise OSError("no answer")

    at("2026-11-22T09:00+00:00")
    app = opened(plugin("a", handle, ("contact.*",)), plugin("b", lambda event, tx: None, ("contact.created",)))
    broken, _bob = contacts(app, "Ann", "Bob")
    rename(app, broken, "Anna")
    deliver(app)
    at(later=60)
    contacts(app, "Carol")
    Presence(app.engine).begin()
    here = consumers(app.assembly.dispatcher, app.assembly.definitions)
    with app.read() as reader:
        found = status(reader.connection, here)
    a, b = found.lags
    assert (a.name, a.behind, a.waiting, a.parked, a.cut) == ("a", 1, 2, 0, 0)
    assert "no answer" in a.error
    assert (b.name, b.behind, b.waiting, b.error) == ("b", 1, 0, "")
    assert a.oldest is not None
    assert a.oldest.isoformat() == "2026-11-22T09:01:00+00:00"
    assert [one.is_alive for one in found.workers] == [True]
    deliver(app)
    with app.read() as reader:
        assert [lag.behind for lag in status(reader.connection, here).lags] == [0, 0]


def test_costs_few_statements_however_many_listen(opened):
    app = opened(*[plugin(f"p{n}", lambda event, tx: None) for n in range(50)])
    contacts(app, "Ann")
    here = consumers(app.assembly.dispatcher, app.assembly.definitions)
    with app.read() as reader:
        assert len(statements(app, lambda: status(reader.connection, here))) <= 8
