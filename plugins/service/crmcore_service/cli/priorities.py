"""The option --priority: P1 to P4, in capitals or not."""

import click

_ALL = ("P1", "P2", "P3", "P4")

ONE_OF_THEM = "|".join(_ALL)
"""How help names the values."""
PRIORITIES = click.Choice(_ALL, case_sensitive=False)
PRIORITIES_OR_NONE = click.Choice(("", *_ALL), case_sensitive=False)
"""An empty text takes the priority away."""
