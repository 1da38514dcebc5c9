"""Duplicates that an import brings: proposed for review, never merged by themselves."""

from collections.abc import Sequence

from crmcore.engine.transaction import Transaction
from crmcore.importing.report import Report


def propose(tx: Transaction, created: Sequence[int], report: Report) -> None:
    """Compare the contacts just created with all others, and keep what looks like the same person for review."""
