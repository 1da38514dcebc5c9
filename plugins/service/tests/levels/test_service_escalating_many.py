"""Escalating many tickets costs as many statements as a few, but for the writing."""

from crmcore_service.model.ticket import Ticket

from crmcore.api import run_job


def test_a_hundred_tickets_are_escalated_set_wise(office, crm_statements):
    steps = ("--step", "response due manager raise:P1 assign", "--step", "response after 1h owner")
    office.crm("service", "level", "add", "gold", "--calendar", "always", "--target", "response=2h", *steps, user="mei")
    office.crm("setting", "set", "service.level", "gold", user="ann")
    counts = []
    for place, wanted in enumerate((2, 100)):
        with office.at(f"2026-11-24T0{place}:00+08:00", user="ann") as tx:
            for n in range(wanted):
                tx.add(Ticket(subject=f"Pump {n}", opened_at=tx.now, owner_id=office.users["sam"]))
        office.clock.set(f"2026-11-24T0{place + 3}:00+08:00")
        with crm_statements(office.app) as seen:
            run_job(office.app, "service", "escalations")
        counts.append(len([each for each in seen if each.lstrip().upper().startswith("SELECT")]))
    assert counts[1] <= counts[0] + 10, counts
