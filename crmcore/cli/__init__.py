"""The `crm` command: thin and lazy. Nothing but click is imported until a command runs."""

from crmcore.cli.root import crm, main

__all__ = ["crm", "main"]
