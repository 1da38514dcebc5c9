"""One report: in the terminal, and in every kind of file, safe to open."""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
import reportlab
from openpyxl import load_workbook

from crmcore.api import CrmError, InvalidInput
from crmcore.reports.report import Column, Report
from crmcore.reports.showing import present
from crmcore.reports.terminal import bars

REPORT = Report(
    title="Pipeline 管道",
    columns=(Column("Stage"), Column("n", number=True), Column("Amount", number=True), Column("Day")),
    rows=[("Proposal 报价", 3, Decimal("1600000.00"), date(2026, 9, 30)), ("=cmd()", 2, Decimal("-12.5"), None)],
    bars=[("Proposal 报价", Decimal(1_600_000)), ("Negotiation", Decimal(400_000))],
    notes=("rates of 2026-11-22",),
    data=[{"stage": "proposal"}],
)


def test_the_terminal_shows_table_plot_and_notes(capsys):
    present(REPORT)
    said = capsys.readouterr().out
    assert "1,600,000.00" in said
    assert "rates of 2026-11-22" in said
    assert said.count("█") > 20


@pytest.mark.parametrize("width", [40, 80, 200])
def test_bars_are_in_proportion_and_fit(width):
    lines = bars([("报价阶段很长很长的名字", Decimal(400)), ("b", Decimal(100)), ("none", Decimal(0))], width)
    drawn = [line.count("█") for line in lines]
    assert drawn[0] == pytest.approx(4 * drawn[1], abs=3)
    assert drawn[2] == 0


def test_csv_keeps_numbers_and_runs_nothing(tmp_path):
    present(REPORT, out=tmp_path / "report.csv")
    lines = (tmp_path / "report.csv").read_text("utf-8-sig").splitlines()
    assert lines[1] == "Proposal 报价,3,1600000.00,2026-09-30"
    assert lines[2] == "'=cmd(),2,-12.5,"


def test_xlsx_keeps_numbers_and_runs_nothing(tmp_path):
    present(REPORT, out=tmp_path / "report.xlsx")
    rows = list(load_workbook(BytesIO((tmp_path / "report.xlsx").read_bytes())).active.rows)
    assert [cell.value for cell in rows[1]][:3] == ["Proposal 报价", 3, 1_600_000]
    assert rows[2][0].value == "=cmd()"
    assert rows[2][0].data_type == "s"


def test_pdf_and_svg_are_what_they_say(tmp_path):
    present(REPORT, out=tmp_path / "report.pdf")
    present(REPORT, out=tmp_path / "report.svg")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert "Negotiation" in (tmp_path / "report.svg").read_text()


def test_another_kind_of_file_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(InvalidInput, match="docx: reports are written as"):
        present(REPORT, out=tmp_path / "report.docx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["report.pdf", "report.svg"])
def test_without_the_extra_it_is_named_and_nothing_is_written(tmp_path, monkeypatch, name):
    monkeypatch.setitem(sys.modules, "reportlab", None)  # Python's own way to say that it is not there
    with pytest.raises(CrmError, match=rf"{name}: .* needs a library more; install it by .*crmcore\[reports\]"):
        present(REPORT, out=tmp_path / name)
    assert list(tmp_path.iterdir()) == []
    present(REPORT, out=tmp_path / "report.csv")


def test_what_commands_import_is_cheap():
    code = "import sys, crmcore.reports.report, crmcore.reports.showing; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not {"sqlalchemy", "rich", "openpyxl", "reportlab", "crmcore.app"} & set(done.stdout.split())


def test_a_font_of_ones_own_is_put_into_the_pdf(tmp_path, monkeypatch):
    monkeypatch.setenv("CRM_PDF_FONT", str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"))
    present(REPORT, out=tmp_path / "report.pdf")
    assert b"/FontFile2" in (tmp_path / "report.pdf").read_bytes()
    monkeypatch.setenv("CRM_PDF_FONT", __file__)
    with pytest.raises(InvalidInput, match="is no TrueType font"):
        present(REPORT, out=tmp_path / "other.pdf")
