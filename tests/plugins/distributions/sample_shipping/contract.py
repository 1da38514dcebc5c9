"""What users of sample shipping count on; run by `pytest contract.py --crm-conformance sample_shipping`."""

from pathlib import Path

import pytest

DEFINITION = Path(__file__).parent / "shipping.toml"


@pytest.fixture
def customer(crm_run, make_customer):
    crm_run("config", "apply", DEFINITION)
    crm_run("plugin", "enable", "sample_shipping")
    return make_customer("东方机械")


@pytest.fixture
def start(crm_run, customer):
    def start(code=0):
        given = ("--customer", customer.id, "--set", "product=DN50 阀门", "--json")
        return crm_run("process", "start", "sample_shipping", *given, code=code)

    return start


def test_a_sample_goes_its_four_steps_and_none_is_left_out(start, crm_run):
    sample = start().json["id"]
    assert "cannot go from requested to shipped" in crm_run("process", "move", sample, "shipped", code=1).err
    assert "it needs price" in crm_run("process", "move", sample, "approved", code=1).err
    assert "price <= 2000" in crm_run("process", "move", sample, "approved", "--set", "price=2001", code=1).err
    for state, said in (("approved", "price=480"), ("shipped", "tracking=SF1000"), ("evaluated", "verdict=good")):
        moved = crm_run("process", "move", sample, state, "--set", said, "--json").json
        assert moved["state"] == state
    assert moved["closed_at"]


def test_only_a_manager_approves(start, crm_run, crm_actor):
    sample = start().json["id"]
    rep = crm_actor("rep").login
    assert crm_run("process", "move", sample, "approved", "--set", "price=480", user=rep, code=1).err
    crm_run("process", "move", sample, "approved", "--set", "price=480", user=crm_actor("manager").login)


def test_a_third_sample_waits_for_a_verdict(start, crm_run, customer):
    first = start().json["id"]
    start()
    assert f"Customer {customer.id} has two samples under way" in start(code=1).err
    for state, said in (("approved", "price=1"), ("shipped", "tracking=SF1000"), ("evaluated", "verdict=poor")):
        crm_run("process", "move", first, state, "--set", said)
    start()


def test_the_brief_says_where_the_samples_are(start, crm_run, customer):
    start()
    shown = crm_run("brief", customer.name).out
    assert "Samples" in shown
    assert "DN50 阀门  requested" in shown
