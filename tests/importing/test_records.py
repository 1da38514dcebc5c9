"""Records of a plugin's own kind from a table: counted, found again, looked up together, and taken back."""

import importlib.util
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import event

from crmcore.app import App
from crmcore.importing.context import Options
from crmcore.importing.run import Import
from crmcore.plugins import discovery

HEADING = "Deal number,Customer,Product,Price,Stage,Region"
MOST = 40  # statements for a chunk of 1000 deals, new or known


@pytest.fixture
def bargains(tmp_path: Path, crm: Callable[..., Result], workspace: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The plugin `bargains` enabled, in a workspace with two customers of one name and one of another."""
    spec = importlib.util.spec_from_file_location(
        "sites_for_importing", Path(__file__).parents[1] / "plugins" / "conftest.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    discovery.installed.cache_clear()
    module.Site(folder, workspace).install("bargains")
    crm("plugin", "enable", "bargains")
    crm("customer", "add", "Huaxin")
    crm("customer", "add", "Twin")
    crm("customer", "add", "Twin")
    yield crm
    discovery.installed.cache_clear()


@pytest.fixture
def deals(bargains: Callable[..., Result]) -> Callable[[], list[dict[str, Any]]]:
    return lambda: json.loads(bargains("bargain", "list").stdout)


def test_deals_of_a_table(bargains: Any, deals: Any, imported: Any, make: Any, dump: Any, query: Any) -> None:
    before = dump(stamps=False)
    file = make.csv(
        "deals.csv",
        HEADING + ",New customer,Remark",
        [
            ("D-1", "Huaxin", "pump", "$48,999.50", "agreed", "north", "", ""),
            ("D-2", "Huaxin", "valve", "12", "", "", "", "kept nowhere"),
            ("D-3", "Nobody", "valve", "12", "Offered", "", "", ""),
            ("D-4", "Twin", "valve", "12", "Offered", "", "", ""),
            ("D-5", "Huaxin", "valve", "12", "sold", "", "", ""),
            ("D-6", "Huaxin", "valve", "twelve", "Offered", "", "", ""),
            ("D-7", "Huaxin", "valve", "12", "Offered", "east", "", ""),
            ("D-8", "Huaxin", "", "12", "DROPPED", "", "", ""),
            ("D-9", "", "hose", "7", "dropped", "south", "Brand New Co", ""),
            ("", "Huaxin", "gasket", "1.25", "Offered", "", "", ""),
        ],
    )
    trial = imported(file, "--dry-run")
    assert dump(stamps=False) == before
    done = imported(file)
    assert (done["created"], done["rejected"], done["read"]) == (4, 6, 10)
    assert [(one["line"], one["reason"]) for one in done["rejections"]] == [
        (4, "customer_id: there is no customer “Nobody”"),
        (5, f"customer_id: “Twin” is 2 of customer ({ids_of(query, 'Twin')}); say which by its id"),
        (6, "stage: “sold” is no state of bargain; it has Offered, Agreed, Dropped"),
        (7, "Price cannot be twelve: it is to be an amount"),
        (8, "Deal: region cannot be “east”; it is one of , north, south."),
        (9, "it needs product"),
    ]
    assert [one["reason"] for one in trial["rejections"]] == [one["reason"] for one in done["rejections"]]
    assert [one["entity"] for one in trial["effects"]] == ["customer", *["bargains_deal"] * 4]
    stored = {(one["product"], Decimal(one["price"]), one["stage"], one["source"]) for one in deals()}
    assert stored == {
        ("pump", Decimal("48999.50"), "agreed", "deals.csv:2"),
        ("valve", Decimal(12), "offered", "deals.csv:3"),
        ("hose", Decimal(7), "dropped", "deals.csv:10"),
        ("gasket", Decimal("1.25"), "offered", "deals.csv:11"),
    }
    told = query("SELECT cause, data FROM journal WHERE type = 'process.moved' ORDER BY id")
    assert {cause for cause, _data in told} == {f"import {done['batch']}"}
    again = imported(file)
    assert (again["unchanged"], again["rejected"], again["created"]) == (4, 6, 0)
    bargains("import", "--undo", again["batch"])
    undone = json.loads(bargains("import", "--undo", done["batch"], "--json").stdout)
    assert undone["kept"] == []
    assert dump(stamps=False) == before


def ids_of(query: Any, name: str) -> str:
    return ", ".join(str(row[0]) for row in query(f"SELECT id FROM customer WHERE name = '{name}' ORDER BY id"))


def test_a_format_that_writes_by_itself_what_it_read(
    bargains: Any, deals: Any, imported: Any, dump: Any, tmp_path: Path
) -> None:
    before = dump(stamps=False)
    file = tmp_path / "monday.bids"
    file.write_text("#bids\nHuaxin|pump|9\nHuaxin|pump|8.50\nNobody|pump|7\nHuaxin|valve|two\nHuaxin|hose|3\n")
    trial = imported(file, "--dry-run")
    assert [(one["action"], one["entity"]) for one in trial["effects"]] == [("created", "bargains_deal")] * 2
    assert dump(stamps=False) == before
    done = imported(file)
    assert (done["read"], done["created"], done["rejected"]) == (4, 2, 2)
    assert [(one["line"], one["reason"]) for one in done["rejections"]] == [
        (4, "nobody knows Nobody"),
        (5, "a bid is no amount"),
    ]
    assert {(one["product"], Decimal(one["price"]), one["source"]) for one in deals()} == {
        ("pump", Decimal("8.50"), "monday.bids:2"),
        ("hose", Decimal(3), "monday.bids:6"),
    }
    middle = dump(stamps=False)
    later = tmp_path / "tuesday.bids"
    later.write_text("#bids\nHuaxin|pump|8\nHuaxin|hose|3\n")
    second = imported(later)
    assert (second["updated"], second["unchanged"]) == (1, 1)
    bargains("import", "--undo", second["batch"])
    assert dump(stamps=False) == middle
    assert json.loads(bargains("import", "--undo", done["batch"], "--json").stdout)["kept"] == []
    assert dump(stamps=False) == before


def test_a_later_file_goes_the_ways_of_the_process(bargains: Any, deals: Any, imported: Any, make: Any) -> None:
    rows = [(f"D-{n}", "Huaxin", f"pump {n}", "10", "offered", "") for n in range(1, 8)]
    first = imported(make.csv("deals.csv", HEADING, rows))
    rows[1] = ("D-2", "Huaxin", "pump 2", "11.50", "agreed", "north")
    rows[2] = ("D-3", "Huaxin", "pump 3", "10", "dropped", "")
    rows[3] = ("D-4", "Huaxin", "pump four", "", "", "")
    second = imported(make.csv("later.csv", HEADING, rows))
    assert (second["updated"], second["unchanged"], second["rejected"]) == (2, 4, 1)
    (refused,) = second["rejections"]
    assert refused["line"] == 4
    assert "cannot go from offered to dropped: ways from here are agreed" in refused["reason"]
    assert {(one["product"], one["price"], one["stage"]) for one in deals()} >= {
        ("pump 2", "11.50", "agreed"), ("pump 3", "10.00", "offered"), ("pump four", "10.00", "offered"),
    }  # fmt: skip
    bargains("import", "--undo", second["batch"])
    assert ("pump 2", "10.00", "offered") in {(one["product"], one["price"], one["stage"]) for one in deals()}
    kept = next(one["id"] for one in deals() if one["product"] == "pump 5")
    bargains("bargain", "edit", kept, "--price", "99")
    undone = json.loads(bargains("import", "--undo", first["batch"], "--json").stdout)
    assert undone["removed"] == 6
    assert [one["id"] for one in deals()] == [kept]
    assert imported(make.csv("deals.csv", HEADING, [(*rows[4][:3], "99", *rows[4][4:])]))["unchanged"] == 1


PUMPS = "上海东方机械有限公司定制的立式多级离心泵与不锈钢阀门，附安装说明书和备用密封圈"


@pytest.mark.parametrize("kind", ["gb18030", "utf-16", "xlsx"])
def test_tables_as_people_have_them(bargains: Any, deals: Any, imported: Any, make: Any, kind: str) -> None:
    heading, row = "客户,产品,价格,阶段", ("Huaxin", PUMPS, 1234.5, "Offered")
    if kind == "xlsx":
        path = make.xlsx("deals.xlsx", heading, [row])
    else:
        path = make.folder / "deals.csv"
        text = [heading.replace(",", ";"), f"Huaxin;{PUMPS};1.234,50 €;Offered", ""]
        path.write_bytes("\r\n".join(text).encode(kind))
    assert imported(path)["created"] == 1
    (deal,) = deals()
    assert (deal["product"], deal["price"], deal["stage"]) == (PUMPS, "1234.50", "offered")


def test_a_mapping_file_names_the_columns_and_what_their_cells_mean(
    bargains: Any, deals: Any, imported: Any, make: Any
) -> None:
    path = make.folder / "deals.csv"
    path.write_bytes("客戶;商品;單價;進度\r\nHuaxin;水泵;12;成交\r\n".encode("big5"))
    mapping = make.text(
        "map.toml", "[columns]", '"客戶" = "Customer"', '"商品" = "Product"', '"單價" = "Price"', '"進度" = "Stage"',
        "[values.Stage]", '"成交" = "agreed"', "[constants]", 'Region = "south"',
    )  # fmt: skip
    given = ("--encoding", "big5", "--mapping", mapping)
    assert imported(path, "--format", "bargains", *given)["created"] == 1
    (deal,) = deals()
    assert (deal["product"], deal["price"], deal["stage"], deal["region"]) == ("水泵", "12.00", "agreed", "south")
    mapping.write_text('key = ["name"]\n', encoding="utf-8")
    refused = bargains("import", path, "--format", "bargains", *given, code=1)
    assert "map.toml, line 1: key is not for tables of this format" in refused.stderr


def test_a_chunk_of_deals_costs_a_constant(bargains: Any, make: Any, workspace: str) -> None:
    def statements(path: Path) -> int:
        app = App(workspace, strict=True)
        seen: list[str] = []
        event.listen(app.engine, "before_cursor_execute", lambda _c, _cursor, said, *_more: seen.append(said))
        report = Import(app, app.actor("ann"), [path], Options()).run()
        app.close()
        assert report.rejected == 0
        return len(seen)

    def file(count: int) -> Path:
        rows = ((f"{count}-{n}", "Huaxin", f"pump {n}", "10", "agreed", "") for n in range(count))
        made: Path = make.csv(f"{count}.csv", HEADING, rows)
        return made

    one, two = statements(file(1000)), statements(file(2000))
    assert two - one <= MOST
    assert statements(make.folder / "2000.csv") - statements(make.folder / "1000.csv") <= MOST


def test_a_resumed_import_loses_and_doubles_nothing(
    bargains: Any, deals: Any, imported: Any, make: Any, workspace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [("", "Huaxin", f"pump {n}", str(n), "agreed", "") for n in range(2500)]
    path = make.csv("many.csv", HEADING, rows)
    app = App(workspace, strict=True)

    def stop(_file: str, read: int) -> None:
        if read == 2000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Import(app, app.actor("ann"), [path], Options()).run(stop)
    app.close()
    done = imported(path)
    assert (done["read"], done["created"]) == (2500, 2500)
    assert json.loads(bargains("bargain", "sum").stdout)["deals"] == 2500
