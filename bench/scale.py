"""How much work each benchmark does at each size."""

from attrs import frozen


@frozen(kw_only=True)
class Scale:
    """Amounts: `rounds` of turns, `calls` of a quick piece of work in each turn, and the sizes of the data.

    `briefs` are the numbers of interactions among which a brief is read, the smallest first.
    """

    rounds: int
    calls: int
    starts: int
    import_rows: int
    import_rounds: int
    briefs: tuple[int, ...]
    contacts: int
    opportunities: int
    plugins: tuple[int, ...] = (20, 100)


SIZES = {
    "tiny": Scale(
        rounds=1, calls=2, starts=1, import_rows=50, import_rounds=1, briefs=(200, 400), contacts=300,
        opportunities=400, plugins=(2,)
    ),
    "default": Scale(
        rounds=7, calls=40, starts=9, import_rows=20_000, import_rounds=3, briefs=(10_000, 100_000),
        contacts=100_000, opportunities=200_000,
    ),
    "full": Scale(
        rounds=9, calls=60, starts=15, import_rows=200_000, import_rounds=3, briefs=(100_000, 10_000_000),
        contacts=1_000_000, opportunities=200_000,
    ),
}  # fmt: skip
"""By the name that `--size` takes; `tiny` only shows that everything runs."""
