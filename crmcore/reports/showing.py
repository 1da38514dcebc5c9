"""Showing a report where it was asked for: in the terminal, to a program, or in a file to pass on."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.cli.output import print_json, tell
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.reports.report import Report

out_option = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a file instead: .csv, .xlsx, .pdf, or .svg for the plot.",
)


def present(report: "Report", *, json_: bool = False, out: Path | None = None) -> None:
    """Write a report to `out` when that is given, print it as one JSON document, or show it to a person.

    Raises `InvalidInput` for a file of another kind, or one that cannot be written, and
    `CrmError` for PDF and SVG where ReportLab is not installed.
    """
    if out is not None:
        from crmcore.reports.files import write

        write(report, out)
        tell(_("{title}: {n} rows in {file}").format(title=report.title, n=len(report.rows), file=out))
    elif json_:
        print_json(report.data)
    else:
        from crmcore.reports.terminal import show

        show(report)
