"""What to do with each cell of a row, decided once for a table, so that a row costs a few plain loops."""

from collections import defaultdict
from collections.abc import Sequence

from attrs import evolve, field, frozen

from crmcore.formats.table.columns import ACTIVITY, ADDRESS_PARTS, COMPANY, PERSON, POINTS, TASK
from crmcore.formats.table.layouts import Column, Layout
from crmcore.formats.table.values import date_order

SINGLE = {
    "contact": frozenset(PERSON) - {"birthday", "note", "category", "identifier", "photo"},
    "customer": frozenset([*COMPANY, "given", "family"]) - {"note", "category", "identifier"},
    "interaction": frozenset(ACTIVITY),
    "task": frozenset(TASK),
}
PLACED = frozenset({"locality", "postal_code", "street_number", "street"})  # beside these `address` is a street


@frozen(kw_only=True)
class PointColumn:
    """The cell at `index` is a way to reach somebody; `label_at` is the cell with its label, -1 where there is none."""

    index: int
    kind: str
    label: str
    label_at: int = -1


@frozen(kw_only=True)
class AddressColumns:
    """The cells, by index, that are the parts of one address; `whole` is the cell with all of it as one text, or -1."""

    label: str
    label_at: int
    whole: int
    parts: tuple[tuple[int, str], ...]


@frozen(kw_only=True)
class Plan:
    """Where the cells of a row go; all numbers are positions in the row, to which `constants` have been appended."""

    layout: Layout
    entity: str
    columns: tuple[Column, ...]
    constants: tuple[str, ...] = ()
    texts: tuple[tuple[int, str], ...] = ()  # position and field
    others: tuple[tuple[int, str, str], ...] = ()  # a second column for a field: position, field, key in extra or none
    identifiers: tuple[tuple[int, str], ...] = ()
    categories: tuple[int, ...] = ()
    notes: tuple[int, ...] = ()
    photos: tuple[int, ...] = ()
    birthdays: tuple[tuple[int, str, str], ...] = ()  # position, heading, order of day and month
    points: tuple[PointColumn, ...] = ()
    addresses: tuple[AddressColumns, ...] = ()
    extras: tuple[tuple[int, str], ...] = ()
    labels: dict[str, str] = field(factory=dict)  # field -> label of its column, where that matters
    headings: dict[str, str] = field(factory=dict)  # field -> heading, for reasons of rejection
    orders: dict[str, str] = field(factory=dict)  # field -> order of day and month in its column
    company: "Plan | None" = None


def make_plan(columns: Sequence[Column], layout: Layout, sample: Sequence[Sequence[str]]) -> Plan:
    """Return the plan for rows of `columns`; `sample` are some rows, from which the order of day and month is told."""
    constants = [Column(heading=name, target=name) for name in layout.constants]
    everything = [*columns, *constants]
    plan = _Planner(everything, layout.entity, layout, sample, len(columns)).plan()
    of_company = [
        evolve(column, target=column.target.removeprefix("customer."))
        if column.target.startswith("customer.")
        else evolve(column, target="ignore")
        for column in everything
    ]
    company = None
    if layout.entity == "contact" and any(column.target != "ignore" for column in of_company):
        company = _Planner(of_company, "customer", layout, sample, len(columns)).plan()
    return evolve(plan, constants=tuple(layout.constants.values()), company=company)


def extra_keys(columns: Sequence[Column]) -> list[str]:
    """Return a key for each column: its heading, `column 3` where it has none, a number behind where it comes again."""
    seen: defaultdict[str, int] = defaultdict(int)
    keys = []
    for number, column in enumerate(columns, start=1):
        heading = column.heading or f"column {number}"
        seen[heading] += 1
        keys.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return keys


class _Planner:
    """Collects the parts of one plan while it goes over the columns."""

    def __init__(
        self, columns: Sequence[Column], entity: str, layout: Layout, sample: Sequence[Sequence[str]], written: int
    ) -> None:
        self.written = written  # columns the table has; those behind are constants
        self.columns, self.entity, self.layout, self.sample = columns, entity, layout, sample
        self.keys = extra_keys(columns)
        self.singles: dict[str, int] = {}
        self.others: list[tuple[int, str, str]] = []
        self.several: defaultdict[str, list[int]] = defaultdict(list)
        self.identifiers: list[tuple[int, str]] = []
        self.points: list[PointColumn] = []
        self.places: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        self.extras: list[tuple[int, str]] = []
        self.labels: dict[str, str] = {}
        self.label_columns = {
            (column.target.removesuffix(".label"), column.number): index
            for index, column in enumerate(columns)
            if column.target.endswith(".label")
        }

    def plan(self) -> Plan:
        fields = {column.target.partition(":")[0] for column in self.columns}
        for index, column in enumerate(self.columns):
            name, _colon, label = column.target.partition(":")
            if self.entity == "customer" and name == "organisation" and "name" not in fields:
                name = "name"
            self._place(index, name, label, column)
        orders = {
            name: date_order((row[index] for row in self.sample if index < len(row)), self.layout.region)
            for name, index in [*self.singles.items(), *((name, at[0]) for name, at in self.several.items())]
            if name in {"at", "date", "end", "due", "birthday"}
        }
        return Plan(
            layout=self.layout,
            entity=self.entity,
            columns=tuple(self.columns),
            texts=tuple((index, name) for name, index in self.singles.items()),
            others=tuple(self.others),
            identifiers=tuple(self.identifiers),
            categories=tuple(self.several["category"]),
            notes=tuple(self.several["note"]),
            photos=tuple(self.several["photo"]),
            birthdays=tuple((i, self.columns[i].heading, orders["birthday"]) for i in self.several["birthday"][:1]),
            points=tuple(self.points),
            addresses=tuple(self._address(*group) for group in self.places.items()),
            extras=tuple(self.extras),
            labels=self.labels,
            headings={name: self.columns[index].heading for name, index in self.singles.items()},
            orders=orders,
        )

    def _place(self, index: int, name: str, label: str, column: Column) -> None:
        person = self.entity in {"contact", "customer"}
        if name == "ignore" or name.startswith("customer.") or name.endswith(".label"):
            return
        if self.entity in {"interaction", "task"} and label:
            name = f"{name}:{label}" if name == "contact" else name
            self.labels[name] = label
        if name.partition(":")[0] in SINGLE[self.entity]:
            if name not in self.singles:
                self.singles[name] = index
            elif name == "external_id" and person:
                self.identifiers.append((index, self.keys[index]))
            else:
                self.others.append((index, name, self.keys[index] if index < self.written else ""))
        elif person and name in POINTS:
            label_at = self.label_columns.get((name, column.number), -1)
            self.points.append(PointColumn(index=index, kind=name, label=label, label_at=label_at))
        elif person and name in ADDRESS_PARTS:
            self.places[label, column.number].append((index, name))
        elif person and name == "identifier":
            self.identifiers.append((index, label or self.keys[index]))
        elif (person and name in {"note", "category"}) or (
            self.entity == "contact"
            and name in {"photo", "birthday"}
            and not (name == "birthday" and self.several[name])
        ):
            self.several[name].append(index)
        else:
            self.extras.append((index, label if name == "extra" and label else self.keys[index]))

    def _address(self, key: tuple[str, str], parts: list[tuple[int, str]]) -> AddressColumns:
        label, number = key
        whole = next((index for index, name in parts if name == "address"), -1)
        names = {name for _index, name in parts}
        if whole >= 0 and names & PLACED and "address.label" not in {c.target for c in self.columns}:
            named = "extended" if "street" in names else "street"
            parts = [(index, named if name == "address" else name) for index, name in parts]
            whole = -1
        return AddressColumns(
            label=label,
            label_at=self.label_columns.get(("address", number), -1),
            whole=whole,
            parts=tuple((index, name) for index, name in parts if name != "address"),
        )
