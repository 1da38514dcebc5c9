"""The reference of hooks is what the specifications say, and leaves none out."""

import inspect
import re
from functools import reduce
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from crmcore.hooks import SPECIFICATIONS
from crmcore.hooks.kinds import DECLARE, kind_of, since_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = spec_from_file_location("generate_hooks", ROOT / "docs" / "generate_hooks.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_not_stale(generator: ModuleType) -> None:
    assert generator.PAGE.read_text(encoding="utf-8") == generator.page(), "run `make docs`"


def test_every_hook_is_there_with_its_kind_its_scope_its_arguments_all_its_prose_and_its_place_in_the_core(
    generator: ModuleType,
) -> None:
    text = generator.PAGE.read_text(encoding="utf-8")
    hooks = [(name, hook) for module in SPECIFICATIONS for name, hook in generator.hooks_of(module).items()]
    assert len(hooks) >= 15
    for name, hook in hooks:
        section = text.partition(f"### `{name}`\n")[2].partition("\n### ")[0]
        scope = "process" if kind_of(hook) == DECLARE else "workspace"
        assert f"Kind: **{kind_of(hook)}**, scope: {scope}, since {since_of(hook)}" in section, name
        assert f"| [`{name}`](#{name}) |" in text, name
        assert inspect.getdoc(hook) in section, name
        for argument in inspect.signature(hook).parameters:
            assert f"| `{argument}` |" in section, (name, argument)
        sites = re.findall(r"`([\w.]+):([\w.]+)`", section.partition("Called in: ")[2].splitlines()[0])
        assert sites, f"nobody calls {name}"
        for module, place in sites:
            assert reduce(getattr, place.split("."), import_module(module)), (module, place)
