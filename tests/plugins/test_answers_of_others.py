"""Whoever keeps articles offers them where service answers questions; who asked stays unknown to it (row S1-V12)."""

import json


def test_articles_of_another_plugin_are_offered_beside_solved_tickets(here, workspace):
    here.environment["CRM_DATABASE_URL"] = workspace

    def crm(*said):
        return json.loads(here.crm(*said, "--json").stdout)

    here.install("handbook")
    here.crm("plugin", "enable", "handbook")
    question = "We have a paper jam again, please call Ida Lovelace on +44 20 7946 0958"
    ticket = crm("service", "ticket", "open", "Paper jam in tray 2", "--channel", "call")["number"]
    here.crm("service", "ticket", "resolve", ticket, "--resolution", "Clear the paper path.")
    found = crm("service", "answer", "find", question)
    assert {(one["entity"], one["title"]) for one in found} == {
        ("service_ticket", "Paper jam in tray 2"), ("handbook_article", "Clearing a paper jam"),
        ("handbook_article", "Paper jam for engineers"),
    }  # fmt: skip
    assert all("7946" not in one["text"] for one in found), "what the other plugin was told"
    offered = crm("service", "answer", "offer", question, "--channel", "chat")
    assert {one["title"] for one in offered["answers"]} == {"Clearing a paper jam", "Cleaning the paper path"}
    assert {one["url"][:27] for one in offered["answers"]} == {
        "https://handbook.example/1",
        "https://handbook.example/3",
    }
    place = next(one["place"] for one in offered["answers"] if one["id"] == 3)
    here.crm("service", "answer", "confirm", offered["number"], "--answer", place)
    (case,) = crm("service", "deflection", "list", "--status", "confirmed")
    assert (case["answer"], case["answer_entity"]) == ("Cleaning the paper path", "handbook_article")
    here.crm("plugin", "disable", "handbook")
    assert [one["entity"] for one in crm("service", "answer", "find", question)] == ["service_ticket"]
