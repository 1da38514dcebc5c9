"""What a process asks people to type, stage by stage, and what fills in itself."""

from crmcore.api import Field, Process, State, Transition
from crmcore.model.budget import ALLOWED, allowed_by, demands, excess_of
from crmcore.model.definitions import Automation


def _process(**more: object) -> Process:
    return Process(name="p", states=(State(name="a"), State(name="b"), State(name="c", kind="done")), **more)


def _field(name: str, **more: object) -> Field:
    return Field(entity="process_item", name=name, **more)


def test_what_is_required_counts_where_it_is_asked_for_and_only_there() -> None:
    process = _process(
        fields=(
            _field("one", required=True),
            _field("given", required=True, default="x"),
            _field("sum", compute="1 + 1"),
            _field("two"),
        ),
        transitions=(
            Transition(origin="", target="a", requires=("customer_id",)),
            Transition(origin="a", target="b", requires=("one", "two", "sum", "owner_id")),
            Transition(origin="a", target="c", requires=("two",)),
            Transition(origin="b", target="c", requires=("three", "four", "given")),
        ),
    )
    assert demands(process) == {"a": ("one", "customer_id"), "b": ("two",), "c": ("three", "four")}


def test_an_automation_helps_on_the_way_but_not_at_the_beginning() -> None:
    process = _process(
        fields=(_field("one", required=True),), transitions=(Transition(origin="a", target="b", requires=("two",)),)
    )
    helping = Automation(
        name="help",
        on="process.moved",
        actions=({"do": "set_field", "field": "one"}, {"do": "set_field", "field": "custom.two"}),
    )
    assert demands(process, [helping]) == {"a": ("one",), "b": (), "c": ()}


def test_the_refusal_names_the_count_and_the_fields() -> None:
    process = _process(fields=tuple(_field(f"f{n}", required=True) for n in range(6)))
    assert excess_of([process]) == [
        "Process p asks for 6 manual fields in state a (f0, f1, f2, f3, f4, f5); this workspace allows 5."
    ]
    assert excess_of([process], 6) == []


def test_the_setting_is_a_number_or_the_default_holds() -> None:
    assert [allowed_by({"entry.fields": said}) for said in (7, "seven", True)] == [7, ALLOWED, ALLOWED]
    assert allowed_by({}) == ALLOWED
