"""Reports: a table or a plot in the terminal, or a file to pass on. Public: plugins may import all that is in here.

A command is given `out_option` and `as_json`, makes a `Report`, and leaves the rest to `present`::

    columns = (Column(_("Stage")), Column(_("Amount"), number=True))
    rows = [(each.stage, money(each.amount, "CNY")) for each in found]
    bars = [(each.stage, each.amount) for each in found]
    report = Report(title=_("Pipeline"), columns=columns, rows=rows, bars=bars, data=found)
    present(report, json_=json_, out=out)

`showing` (`present`, `out_option`) and `report` (`Report`, `Column`, `Cell`, `money`, `percent`, `shown`) cost nothing
to import; `pdf` makes other documents than reports. PDF and SVG are ReportLab's work: a plugin that makes its own
documents requires `crmcore[reports]`; without that extra `present` says what to install.
"""
