"""`python -m bench`: run the benchmarks and print their table."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import callcenter, dispatch, marketing, sales, service, w1, w2, w3, w4, w5, w6
from bench.place import PLACES, Place
from bench.result import Result, save, show
from bench.scale import SIZES, Scale

ALONE: dict[str, Callable[[Scale], Iterator[Result]]] = {"w5": w5.run, "dispatch": dispatch.run}
"""What needs no database."""

ON_EACH: dict[str, Callable[[Place, Scale], Iterator[Result]]] = {
    "w1": w1.run,
    "w2": w2.run,
    "w3": w3.run,
    "w4": w4.run,
    "w5": w5.run_init,
    "w6": w6.run,
    "sales": sales.run,
    "marketing": marketing.run,
    "service": service.run,
    "callcenter": callcenter.run,
}
"""What is measured on each database."""

NAMES = [*ON_EACH, "dispatch"]


def main() -> None:
    """Read the arguments, run, print, and save if asked to. Goals missed are told, and are no failure."""
    given = _parser().parse_args()
    wanted = given.only.split(",") if given.only else NAMES
    if unknown := set(wanted) - set(NAMES):
        _parser().error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    results: list[Result] = []
    for one in _run(wanted, list(PLACES) if given.database == "both" else [given.database], SIZES[given.size]):
        results.append(one)
        print(f"{one.work} ({one.database})", file=sys.stderr, flush=True)
    show(results)
    if given.json:
        save(results, given.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", metavar="NAMES", help=f"some of {','.join(NAMES)}")
    parser.add_argument("--size", choices=list(SIZES), default="default")
    parser.add_argument("--database", choices=[*PLACES, "both"], default="both")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results to a file too")
    return parser


def _run(wanted: list[str], databases: list[str], scale: Scale) -> Iterator[Result]:
    for name, work in ALONE.items():
        if name in wanted:
            yield from work(scale)
    for database in databases:
        place = PLACES[database]()
        try:
            for name in wanted:
                if name in ON_EACH:
                    yield from ON_EACH[name](place, scale)
        finally:
            place.close()


if __name__ == "__main__":
    main()
