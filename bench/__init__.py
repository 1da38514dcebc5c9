"""The benchmark: crmcore beside the same work done by hand with the raw driver, on SQLite and PostgreSQL.

What counts is the ratio of the two, measured in one run, in turns, on the same data with the same durability.
"""
