"""S4-02: exhibition, lecture, visit drive and telemarketing are one model; a 20-city roadshow is one and 20."""

import pytest
from crmcore_marketing.campaigns.members import join

TOWNS = "北京 上海 广州 深圳 成都 杭州 武汉 西安 苏州 天津 南京 重庆 长沙 青岛 宁波 大连 无锡 厦门 合肥 沈阳"
CITIES = TOWNS.split()
TYPES = {
    "exhibition": ("visitors=1200", "cards=4700"),
    "lecture": ("attendees=85",),
    "visit drive": ("visits=64",),
    "telemarketing": ("calls=1000", "reached=412"),
}
FIELDS = """
[field.marketing_campaign.exhibition_samples]
type = "number"
minimum = 0
[field.marketing_campaign.hall]
label = "Hall"
"""


@pytest.mark.row("S4-02")
def test_a_tour_of_twenty_cities_is_one_campaign_and_twenty(office, tmp_path):
    crm, json = office.crm, office.json
    tour = json("marketing", "campaign", "add", "Roadshow", "--code", "RS", "--type", "roadshow", "--from",
                "2026-12-01", "--product", "P40")  # fmt: skip
    one = json("marketing", "campaign", "add", "Roadshow 上海", "--parent", "rs", "--place", "上海", "--code", "RS-SH")
    assert (one["parent"]["id"], one["type"], one["starts_on"], one["products"], one["currency"], one["owner"]) == (
        tour["id"], "roadshow", "2026-12-01", ["P40"], "CNY", "wang",
    )  # fmt: skip
    made = json("marketing", "campaign", "split", "RS", *CITIES, "--planned-cost", "5万")
    assert (len(made["made"]), made["left"]) == (19, ["上海"])
    table = tmp_path / "cities.csv"
    table.write_text("city,from,planned cost\n上海,2026-12-03,1\n拉萨,2026-12-04,\n", encoding="utf-8")
    assert json("marketing", "campaign", "split", "RS", "--file", table)["left"] == ["上海"]
    crm("marketing", "campaign", "remove", "Roadshow 拉萨")
    children = json("marketing", "campaign", "list", "--parent", "RS", "--limit", 30)
    assert ({each["place"] for each in children}, len(children)) == (set(CITIES), 20)

    with office.at("2026-12-05T18:00+08:00") as tx:
        for place, each in enumerate(children):
            join(tx, each["id"], office.contacts[place * 3 : place * 3 + 3], status="attended", channel="event")
    for place, each in enumerate(children):
        crm("marketing", "campaign", "edit", each["id"], "--outcome", f"attendees={40 + place}", "--outcome", "cards=3")
    crm("marketing", "campaign", "move", "RS-SH", "active")
    tour = json("marketing", "campaign", "show", "RS")
    assert (tour["children"], tour["planned_cost"], tour["members"], tour["responses"]) == (20, "950000.00", 60, 60)
    assert tour["outcome"] == {"attendees": sum(range(40, 60)), "cards": 60}
    drawn = json("marketing", "campaign", "tree", "RS")
    assert [each["depth"] for each in drawn] == [0] + [1] * 20
    assert sum(each["members"] for each in drawn[1:]) == drawn[0]["members"]
    assert crm("marketing", "campaign", "tree", "RS").out.count(" Roadshow ") == 1 + 20
    assert "below itself" in crm("marketing", "campaign", "edit", "RS", "--parent", "RS-SH", code=1).err
    assert "cancel it" in crm("marketing", "campaign", "remove", "RS", code=1).err


@pytest.mark.row("S4-02")
def test_each_type_counts_what_is_its_own(office, tmp_path):
    crm, json = office.crm, office.json
    (tmp_path / "fields.toml").write_text(FIELDS)
    crm("config", "apply", tmp_path / "fields.toml", user="ann")
    for type_, outcome in TYPES.items():
        said = [each for pair in outcome for each in ("--outcome", pair)]
        made = json("marketing", "campaign", "add", f"Our {type_}", "--type", type_, *said, "--set", "hall=B7")
        assert made["outcome"] == {name: int(n) for name, n in (pair.split("=") for pair in outcome)}
        assert (made["custom"]["hall"], made["members"], made["won"]) == ("B7", 0, 0)
        assert made.keys() >= {
            "id", "parent", "type", "status", "planned_cost", "cost", "currency", "members", "responses", "leads",
            "won", "revenue",
        }  # fmt: skip
    samples = json("marketing", "campaign", "edit", "Our exhibition", "--outcome", "samples=250")
    assert samples["outcome"] == {"visitors": 1200, "cards": 4700, "samples": 250}
    assert json("marketing", "campaign", "list", "--type", "Exhibition")[0]["outcome"] == samples["outcome"]
    for outcome, words in (("visits=3", "visitors, cards, samples"), ("cards=many", "“many”"), ("samples=-1", "-1")):
        assert words in crm("marketing", "campaign", "edit", "Our exhibition", "--outcome", outcome, code=1).err
