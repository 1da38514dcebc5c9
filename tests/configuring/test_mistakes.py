"""Every mistake in a definitions file is told in one sentence with its file, line and key, all of them together."""

import re
from pathlib import Path

# Behind `# !` stands what must be told of the line.
MISTAKES = """
[fields.customer.vip] # ! there is no such kind of definition; did you mean field?
type = "boolean"

[field.customer.shape]
type = "colour" # ! cannot be “colour”; possible: text, number
labels = "x" # ! there is no such key; did you mean label?
required = "yes" # ! this must be true or false
minimum = "3" # ! this must be a number
choices = [1, 2] # ! this must be a list of texts

[field.planet.mass] # ! there is no entity planet; possible: contact
[field.position.level] # ! position takes no fields of your own
[field.customer.name] # ! customer has a field of its own called name
[field.customer."Größe"] # ! a field's name is of small letters
[field.customer.in] # ! “in” is a word of the expression language

[field.customer.size]
type = "number"
choices = ["a"] # ! choices is for fields of type choice
minimum = 5 # ! 5 is more than the maximum 3
maximum = 3
pattern = "a+" # ! pattern is for fields of type email, phone, text, url
default = "many" # ! size: “many” is not a number

[field.customer.tier] # ! the key choices is missing
type = "choice"
[field.customer.colour]
type = "choice"
choices = ["red", "Red"] # ! each choice must be said once
[field.customer.price]
type = "money"
currency = "euro" # ! a money field needs the currency
[field.customer.code]
pattern = "a(" # ! “a(” is not a pattern
unique = true # ! what every record has alike cannot be unique
default = "x"
[field.customer.twin_a]
label = "Twin" # ! two fields of customer cannot both be called “Twin”
[field.customer.twin_b]
label = "twin"

[field.contact.broken]
compute = "1 +" # ! it ends too early
required = true # ! a computed field cannot have required
[field.contact.stranger]
compute = "nobody + 1" # ! uses the unknown name “nobody”
[field.contact.mixed]
type = "number"
compute = "name + 1" # ! the types do not go together
[field.contact.egg]
type = "number"
compute = "hen + 1" # ! computed from each other in a circle
[field.contact.hen]
type = "number"
compute = "egg + 1"

[process.nowhere]
entity = "planets" # ! there is no entity planets
states = ["a"]

[process.stateless]
entity = "task"
field = "colour" # ! task has no field colour
states = [] # ! a process needs states

[process.trap] # a note
states = ["a", "pit", {name = "end", kind = "done"}, "b", "a"] # ! a is said 2 times ! state pit no way ! the state b
transitions = [{from = "a", to = "pit"}, {from = "a", to = "end"}]

[process.endless]
states = ["a", "b"] # ! no state is an end
transitions = [{from = "a", to = "b"}]

[process.wrong]
states = [{name = "a"}, {name = "b", kind = "done"}]
[[process.wrong.transitions]]
from = "a"
to = "c" # ! there is no state c
[[process.wrong.transitions]]
from = "a"
to = "b"
guard = "colour == 1" # ! uses the unknown name “colour”
requires = ["weight"] # ! there is no field weight
roles = ["boss"] # ! there is no role boss
[[process.wrong.transitions]]
from = "b"
to = "a"
guard = "1 + 1" # ! is not a condition: it gives 2
[[process.wrong.fields]]
name = "name_of_it"
type = "choice"
[[process.wrong.fields]] # ! process_item has a field of its own called title
name = "title"

[automation.silent]
on = "contact" # ! “contact” is not an event
actions = []
[automation.unknown]
on = "planet.changed" # ! there is no entity planet
actions = []
[automation.hollow]
on = "contact.changed"
when = "record.name + 1 == 2" # ! the types do not go together
actions = [] # ! an automation needs actions
[automation.mistaken]
on = "process.moved"
when = "event.to == 'sent'" # ! an event has no to, only id, type, entity, subject_id, actor, cause
actions = [{do = "log_interaction", channel = "note", subject = "sent"}]
[automation.odd]
on = "contact.changed"
actions = [{to = "x"}, {do = "fly"}] # ! say what to do as do = NAME
[automation.incomplete] # ! the key on is missing ! the key actions is missing

[role.guest] # ! the role guest is new: say how far it reads and writes (write)
read = "all"
hide = ["customer.wealth", "planet.mass"] # ! customer has no field wealth ! there is no entity planet
[role.rep]
read = "some" # ! cannot be “some”

[term.PRICE]
synonyms = ["too dear"]
[term.COST] # ! “too dear” already means PRICE
synonyms = ["Too dear"]

[target.calls]
metric = "no.such.figure" # ! there is no figure no.such.figure
value = 3
user = "nobody" # ! there is no user nobody
[target.weekly]
metric = "interactions"
value = 3
period = "week" # ! cannot be “week”
[target.both]
metric = "no.such.figure" # ! there is no figure
value = 3
user = "ann"
team = "north" # ! a target is for a user or for a team, not for both ! nobody is in the team north

[field]
lonely = 3 # ! this must be a table with a name
[term.""] # ! a name begins with a letter or digit
label = "nothing"
[term.GONE] # ! there is nothing of that name to remove
remove = true
"""


def test_every_mistake_is_told_with_its_line_and_nothing_is_applied(crm, tmp_path: Path):
    file = tmp_path / "crm.toml"
    file.write_text(MISTAKES, encoding="utf-8")
    told = crm("config", "apply", file, code=1).stderr.removeprefix("Error: ").splitlines()
    expected = [
        (number, fragment.strip())
        for number, line in enumerate(MISTAKES.splitlines(), start=1)
        for fragment in line.partition("# !")[2].split(" ! ")
        if fragment
    ]
    missing = [
        (number, fragment)
        for number, fragment in expected
        if not any(re.match(rf"crm\.toml, line {number}, ", line) and fragment in line for line in told)
    ]
    assert not missing, "\n".join(told)
    assert crm("config", "export").stdout == ""
    assert crm("config", "history", "--json").stdout.strip() == "[]"


def test_a_file_that_is_no_toml_is_refused_with_its_name(crm, tmp_path: Path):
    for name, content in (("a.toml", b"[field"), ("b.toml", b"\xff\xfe\x00")):
        (tmp_path / name).write_bytes(content)
        refused = crm("config", "diff", tmp_path / name, code=1).stderr
        assert name in refused
        assert "not TOML" in refused
        assert "Traceback" not in refused
    assert "cannot be read" in crm("config", "apply", tmp_path / "none.toml", code=1).stderr


def test_two_files_cannot_say_the_same(crm, tmp_path: Path):
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text("[field.customer.vip]\ntype = 'boolean'\n", encoding="utf-8")
    refused = crm("config", "apply", tmp_path / "a.toml", tmp_path / "b.toml", code=1).stderr
    assert "b.toml, line 1, field.customer.vip: is said in a.toml already" in refused
