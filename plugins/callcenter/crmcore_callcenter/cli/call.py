"""`crm callcenter call`: calls."""

import click


@click.group()
def call() -> None:
    """Calls: who rang whom, who spoke, how it ended."""
