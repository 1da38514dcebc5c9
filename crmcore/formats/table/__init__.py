"""Tables: CSV and XLSX files, and the JSON trees of Salesforce's tools, read into records.

From bytes to records, one subject a module: `encoding` and `legacy` (which characters), `dialect` (which delimiter,
where the headings are), `csv_rows` and `xlsx_rows` (rows with their line), `columns`, `layouts`, `known` and `mapping`
(what a column means), `plan` (what to do with each cell, decided once), `values` (dates, durations), `parties`,
`activities` and `records` (a row becomes records), `reading` (all of it, for one file), `format` (the hook).
"""
