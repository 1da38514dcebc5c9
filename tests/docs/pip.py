"""`pip install` in the documents' sessions: checks that it could be done; puts a local package on the path."""

import shutil
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

site, (command, *wanted) = Path(sys.argv[1]), sys.argv[2:]
assert command == "install", command
for each in wanted:
    name, _bracket, extra = each.removesuffix("]").partition("[")
    if not name.startswith("./"):
        found = distribution("crmcore" if name == "." else name)
        assert not extra or extra in (found.metadata.get_all("Provides-Extra") or []), each
        continue
    project = tomllib.loads((Path(name) / "pyproject.toml").read_text(encoding="utf-8"))
    told = project["project"]
    info = site / f"{told['name'].replace('-', '_')}-{told['version']}.dist-info"
    info.mkdir(parents=True)
    head = [f"Metadata-Version: 2.1\nName: {told['name']}\nVersion: {told['version']}\nSummary: {told['description']}"]
    head += [f"Requires-Dist: {one}" for one in told.get("dependencies", [])]
    (info / "METADATA").write_text("\n".join(head) + "\n", encoding="utf-8")
    points = [
        f"[{group}]\n" + "\n".join(f"{key} = {value}" for key, value in entries.items())
        for group, entries in told.get("entry-points", {}).items()
    ]
    (info / "entry_points.txt").write_text("\n".join(points) + "\n", encoding="utf-8")
    for package in Path(name).iterdir():
        if (package / "__init__.py").exists():
            shutil.copytree(package, site / package.name)
