"""Asking before acting, from wherever there is a transaction; the methods of the same names do it."""

from collections.abc import Sequence
from typing import Protocol

from crmcore.hooks.policy import Act, Decision


class Permits(Protocol):
    """A transaction, or what a plugin gets of one."""

    def permit(self, act: Act) -> Decision:
        """Decide on an act, and journal the decision."""
        ...

    def permit_all(self, acts: Sequence[Act]) -> tuple[Decision, ...]:
        """Decide on acts, and journal the decisions."""
        ...


def permit(tx: Permits, act: Act) -> Decision:
    """Decide on an act and journal the decision; a plugin that fails to answer counts as an objection."""
    return tx.permit(act)


def permit_all(tx: Permits, acts: Sequence[Act]) -> tuple[Decision, ...]:
    """Decide on any number of acts, each plugin asked once for all, and journal the decisions, in the acts' order."""
    return tx.permit_all(acts)
