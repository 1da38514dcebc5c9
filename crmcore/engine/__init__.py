"""The engine: tables, transactions, journal, migrations."""
