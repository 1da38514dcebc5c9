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

        write(_local(report), out)
        tell(_("{title}: {n} rows in {file}").format(title=report.title, n=len(report.rows), file=out))
    elif json_:
        print_json(report.data)
    else:
        from crmcore.reports.terminal import show

        show(_local(report))


def _local(report: "Report") -> "Report":
    """Return a report with its instants in the zone of the workspace that the command opened."""
    from crmcore.reports.report import in_zone

    context = click.get_current_context(silent=True)
    zone = (context.find_root().obj or {}).get("zone") if context else None
    return report if zone is None else in_zone(report, zone)
