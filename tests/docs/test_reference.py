"""The reference of hooks is what the specifications say, and leaves none out."""

import inspect
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from crmcore.hooks import SPECIFICATIONS
from crmcore.hooks.kinds import kind_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = spec_from_file_location("generate_hooks", ROOT / "docs" / "generate_hooks.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_not_stale(generator: ModuleType) -> None:
    assert generator.PAGE.read_text(encoding="utf-8") == generator.page(), "run `make docs`"


def test_every_hook_is_there_with_its_kind_its_arguments_and_all_its_prose(generator: ModuleType) -> None:
    text = generator.PAGE.read_text(encoding="utf-8")
    hooks = [(name, hook) for module in SPECIFICATIONS for name, hook in generator.hooks_of(module).items()]
    assert len(hooks) >= 9
    for name, hook in hooks:
        section = text.partition(f"### `{name}`\n")[2].partition("\n### ")[0]
        assert f"Kind: **{kind_of(hook)}**" in section, name
        assert inspect.getdoc(hook) in section, name
        for argument in inspect.signature(hook).parameters:
            assert f"| `{argument}` |" in section, (name, argument)
        assert "Called in: `crmcore." in section, f"nobody calls {name}"
