"""The fenced blocks of a document, as steps of one shell session.

| fence | means |
|---|---|
| `console` | lines after `$ ` are typed (`> ` goes on), what follows is printed; `...` stands for anything |
| `sh` | the whole block is typed; it must succeed |
| `LANGUAGE FILE` | the block is the content of that file |
"""

import re
import shlex
from collections.abc import Iterator

from attrs import frozen

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```\s*$", re.MULTILINE | re.DOTALL)


@frozen(kw_only=True)
class Step:
    """Something typed, and what must be printed then; None: anything."""

    line: int
    command: str
    printed: str | None = None


def steps(text: str) -> Iterator[Step]:
    for fence in _FENCE.finditer(text):
        line = text.count("\n", 0, fence.start()) + 1
        language, _space, file = fence["info"].strip().partition(" ")
        if file:
            yield Step(line=line, command=f"mkdir -p $(dirname {shlex.quote(file)}) && cat > {shlex.quote(file)} "
                                          f"<<'END OF FILE'\n{fence['body']}END OF FILE")  # fmt: skip
        elif language == "sh":
            yield Step(line=line, command=fence["body"])
        elif language == "console":
            yield from _typed(line, fence["body"])


def _typed(line: int, body: str) -> Iterator[Step]:
    command, printed = "", ""
    for text in body.splitlines():
        if text.startswith("$ "):
            if command:
                yield Step(line=line, command=command, printed=printed)
            command, printed = text[2:], ""
        elif text.startswith("> ") and not printed:
            command += "\n" + text[2:]
        else:
            printed += text + "\n"
    if command:
        yield Step(line=line, command=command, printed=printed)
