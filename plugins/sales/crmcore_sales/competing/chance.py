"""Shares of small numbers, said honestly: how many there are, and in which range the true share may lie."""

from math import sqrt

from attrs import frozen

from crmcore_sales.i18n import _

FEW = 10
"""Of fewer than this, a share says little."""
_Z = 1.96


@frozen(kw_only=True)
class Share:
    """A part of `n`: `value` as a share of one, and the range it lies in with 95 per cent confidence.

    The range is Wilson's score interval (E. B. Wilson, J. Amer. Statist. Assoc. 22, 1927, pp. 209-212), which holds
    for small numbers, too. All are None for n = 0; `few` says that n is below ten.
    """

    part: int
    n: int
    value: float | None
    low: float | None
    high: float | None
    few: bool


def share_of(part: int, n: int) -> Share:
    """Return what share of `n` a part is."""
    if not n:
        return Share(part=part, n=0, value=None, low=None, high=None, few=True)
    value = part / n
    middle, spread = value + _Z**2 / (2 * n), _Z * sqrt(value * (1 - value) / n + _Z**2 / (4 * n**2))
    low, high = ((middle + each) / (1 + _Z**2 / n) for each in (-spread, spread))
    return Share(
        part=part, n=n, value=round(value, 4), low=round(max(low, 0), 4), high=round(min(high, 1), 4), few=n < FEW
    )


def said(share: Share) -> str:
    """Return a share as people read it: 44% (35-54); of few, 3 of 7; empty for none."""
    if share.value is None or share.low is None or share.high is None:
        return ""
    if share.few:
        return _("{part} of {n}").format(part=share.part, n=share.n)
    return f"{share.value * 100:.0f}% ({share.low * 100:.0f}–{share.high * 100:.0f})"
