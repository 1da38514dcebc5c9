"""Who of us is meant at the telephone; agents, queues, their members and wrap-up codes by command."""

import pytest
from crmcore_callcenter.agents.finding import Ours
from crmcore_callcenter.model.agent import CallAgent, CallQueue
from crmcore_callcenter.model.line import PhoneLine
from crmcore_callcenter.protocol.events import Party

from crmcore.api import User


@pytest.fixture
def house(office):
    """Anna and Bruno with extensions, Clara who left, a queue, two lines."""
    with office.at(office.clock.now, user="ann") as tx:
        tx.get(User, office.users["liu"]).phone = "138 0000 9999"
        north = tx.add(PhoneLine(name="North", code="north", system="north", own_numbers=["+86 21 5555 0100"]))
        south = tx.add(PhoneLine(name="South", code="south", system="south"))
        tx.add(CallAgent(name="Clara", extension="201", devices=["PJSIP/201"], active=False))
        tx.add(
            CallAgent(
                name="Anna", extension="201", devices=["PJSIP/201"], user_id=office.users["wang"], line_id=north.id
            )
        )
        tx.add(CallAgent(name="Bruno", devices=["SIP/150010002"], user_id=office.users["liu"]))
        tx.add(CallAgent(name="Dora", extension="201", line_id=south.id))
        tx.add(CallQueue(name="Support", code="support-1", numbers=["400 820 8820", "9001"]))
    return office


def test_agents_queues_and_own_numbers_are_found_by_what_telephone_systems_say(house, crm_statements):
    with house.app.read(house.app.actor("sam")) as reader, crm_statements(house.app) as asked:
        ours = Ours(reader)
        taken = len(asked)

        def said(*words, **more):
            found = ours.agent(*words, **more)
            return found and found.name

        for word in (
            "PJSIP/201", "PJSIP/201-0000001a", "201", "Local/201@agents-0000001b;2", "Agent/201", "SIP/201-000000ff",
            "anna", "sip:201@pbx.example.com", "sofia/internal/201@10.0.0.1",
        ):  # fmt: skip
            assert said(word) == "Anna", word
        assert said("201", system="south") == "Dora"
        assert said("", "nobody", "SIP/150010002-000000d3") == "Bruno"
        assert said("Local/+8613800009999@world_out-00000001;1") == "Bruno"
        assert said("SIP/voipgrid-siproute-docker-000000d1") is None
        assert said("Local/+31260010001@world_out-00000001;1", "s", "") is None
        assert ours.agent_of(Party(number="201", name="Bruno", device="SIP/150010099-000000d3")).name == "Anna"
        assert ours.agent_of(Party(name="Anna")) is None
        assert ours.user_id(ours.agent("201").id) == house.users["wang"]
        assert ours.user_id(None) is None
        for number in ("201", "*97", "4008208820", "862155550100", "021-55550100", "+86 138 0000 9999", "9001"):
            assert ours.is_ours(number), number
        for number in ("", "anonymous", "sip:anonymous@10.0.0.1", "+8613800000001", "021 5555 0101"):
            assert not ours.is_ours(number), number
        queues = {ours.queue(word) for word in ("SUPPORT", "support-1", "400-820-8820", "9001")}
        assert len(queues) == 1
        assert None not in queues
        assert ours.queue("sales") is None
        assert ours.queue("") is None
    assert taken == len(asked) <= 6
