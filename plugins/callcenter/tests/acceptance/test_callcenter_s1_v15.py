"""S1-V15 for outbound calls: nobody is called to sell something whose problem is open, nor three days after."""

import pytest

FIRM = 1200


@pytest.mark.row("S1-V15")
def test_a_sales_list_skips_whose_ticket_is_open_until_three_days_after(office_with_service):
    office = office_with_service
    people = [office.staff[place][0] for place in range(FIRM - 1, FIRM + 2)]
    held = people[1]
    office.clock.set("2026-11-19T10:00+08:00")
    opening = ("service", "ticket", "open", "the pump leaks", "--customer", office.customers[FIRM])
    ticket = f"T{office.json(*opening, user='sam')['id']}"
    office.clock.set("2026-11-24T10:00+08:00")
    choose = [each for one in people for each in ("--contact", one)]
    office.crm("callcenter", "list", "add", "Spare parts", "--code", "P", "--purpose", "sales", *choose)
    office.crm("callcenter", "list", "add", "New pumps", "--code", "M", "--purpose", "marketing", "--list-of", "P")
    office.crm("callcenter", "list", "add", "All well?", "--code", "S", "--purpose", "service", "--list-of", "P")

    def called(code, login):
        """Return whom an agent calls one after the other until there is nobody, and why others are left out."""
        found, reasons = [], []
        while True:
            taken = office.json("callcenter", "list", "next", code, user=login)
            reasons += [each["why"] for each in taken["left_out"]]
            if taken["entry"] is None:
                return found, reasons
            found.append(taken["entry"]["contact"]["id"])
            office.crm("callcenter", "list", "done", "--result", "reached", user=login)

    said = f"ticket {ticket} has been open for 5 days"
    others = [one for one in people if one != held]
    assert called("P", "wang") == (others, [said])
    assert called("M", "liu")[0] == others
    assert called("S", "sam") == (people, [])  # service calls about the problem itself
    (left,) = office.json("callcenter", "list", "show", "P", "--status", "skipped")["entries"]
    assert (left["contact"]["id"], left["why"]) == (held, said)
    assert office.json("callcenter", "list", "report", "P")["left_out"] == {said: 1}

    # A list for marketing is blocked, one for sales warned: its agent may call for a reason of their own.
    office.clock.advance(hours=3)
    assert office.json("callcenter", "list", "next", "M", "--anyway", user="liu")["entry"] is None
    own = office.json("callcenter", "list", "next", "P", "--anyway")
    assert (own["entry"]["contact"]["id"], own["warnings"]) == (held, [said])
    office.crm("callcenter", "list", "done", "--result", "not-reached")

    # Resolved: until when is known then; three days later both are called.
    office.crm("service", "ticket", "resolve", ticket, "--resolution", "a new seal", user="sam")
    office.clock.advance(hours=3)
    (out,) = office.json("callcenter", "list", "next", "P")["left_out"]
    assert (out["why"], out["until"]) == (f"ticket {ticket} was resolved on 2026-11-24", "2026-11-27T05:00:00+00:00")
    assert called("M", "liu")[0] == []
    office.clock.set("2026-11-27T12:59+08:00")
    assert office.json("callcenter", "list", "next", "P")["entry"] is None
    office.clock.set("2026-11-27T13:00+08:00")
    assert called("P", "wang") == ([held], [])
    assert called("M", "liu") == ([held], [])


@pytest.mark.row("S1-V15")
def test_without_service_nobody_is_held_back_and_with_it_again(office_with_service):
    office = office_with_service
    one = office.staff[FIRM][0]
    office.crm("service", "ticket", "open", "the pump leaks", "--customer", office.customers[FIRM], user="sam")
    office.crm("callcenter", "list", "add", "Spare parts", "--code", "P", "--retry", 1, "--contact", one)
    assert office.json("callcenter", "list", "next")["entry"] is None
    office.crm("plugin", "disable", "service", user="ann")
    office.clock.advance(minutes=2)
    assert office.json("callcenter", "list", "next")["entry"]["contact"]["id"] == one
    office.crm("callcenter", "list", "done", "--result", "not-reached")
    office.crm("plugin", "enable", "service", user="ann")
    office.clock.advance(minutes=2)
    assert office.json("callcenter", "list", "next")["entry"] is None
