"""The watchdog: cuts off what is late in the main thread, names it elsewhere, and lets Ctrl-C through."""

import os
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest

from crmcore.hooks.kinds import impl
from crmcore.hooks.reading import Quality
from crmcore.plugins.dispatch import Dispatcher
from crmcore.plugins.limits import Limits


def figure(title):
    return Quality(title=title, total=1, bad=0)


def dispatcher(seconds, **functions):
    made = Dispatcher(limits=Limits(by_kind={"collect": seconds}))
    for name, function in functions.items():
        made.register(name, SimpleNamespace(crm_quality=impl(function)), "1.0")
    made.enable(functions)
    return made


def sleeping(reader):
    time.sleep(20)


def test_a_plugin_past_its_deadline_is_cut_off_and_the_next_is_asked():
    made = dispatcher(0.3, late=sleeping, fine=lambda reader: [figure("fine")])
    start = time.monotonic()
    assert [each.title for each in made.collect("crm_quality", reader=None)] == ["fine"]
    assert 0.3 <= time.monotonic() - start < 15
    assert [(f.plugin, f.hook, f.message) for f in made.failures] == [("late", "crm_quality", "cut off after 0.3 s")]
    (finding,) = made.notes.ledger
    assert (finding.kind, finding.version, finding.count) == ("slow", "1.0", 1)
    assert made.notes.spent("late", "crm_quality").worst >= 0.3
    assert made.notes.spent("fine", "crm_quality").calls == 1


def test_the_cut_never_falls_into_the_host_own_code():
    """Calls that end about when they are due: a cut belongs to the call, or does not come at all."""
    made = dispatcher(0.2, close=lambda reader: time.sleep(0.2) or [figure("close")])
    for _turn in range(10):
        found = made.collect("crm_quality", reader=None)
        assert [each.title for each in found] in (["close"], [])
    assert {each.kind for each in made.notes.ledger} <= {"slow"}


def test_a_plugin_that_is_late_within_another_call_is_the_one_that_is_cut_off():
    inner = dispatcher(0.3, inner=sleeping)
    outer = dispatcher(30, outer=lambda reader: [figure("outer"), *inner.collect("crm_quality", reader=None)])
    assert [each.title for each in outer.collect("crm_quality", reader=None)] == ["outer"]
    assert [f.plugin for f in inner.failures] == ["inner"]
    assert outer.failures == []


def test_in_another_thread_it_is_named_while_it_is_waited_for(capfd):
    made = dispatcher(0.2, late=lambda reader: time.sleep(2) or [figure("late")])
    found = []
    thread = threading.Thread(target=lambda: found.extend(made.collect("crm_quality", reader=None)))
    thread.start()
    thread.join()
    assert [each.title for each in found] == ["late"], "nobody can cut it off there"
    assert "still waiting for plugin late 1.0, crm_quality, which may take 0.2 s" in capfd.readouterr().err
    assert [each.kind for each in made.notes.ledger] == ["slow"]


SCRIPT = """
import signal, sys, time
from types import SimpleNamespace
from crmcore.hooks.kinds import impl
from crmcore.plugins.dispatch import Dispatcher

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell runs the tests in the background

def gentle(reader):
    print("running", flush=True, file=sys.stderr)
    time.sleep(60)

def swallowing(reader):
    print("running", flush=True, file=sys.stderr)
    end = time.monotonic() + 1
    while time.monotonic() < end:
        try:
            time.sleep(0.05)
        except BaseException:
            pass

def never(reader):
    print("running", flush=True, file=sys.stderr)
    while True:
        try:
            time.sleep(0.05)
        except BaseException:
            pass

made = Dispatcher()
made.register("plugin", SimpleNamespace(crm_quality=impl(globals()[sys.argv[1]])))
made.enable(["plugin"])
try:
    made.collect("crm_quality", reader=None)
    print("went on")
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.parametrize(
    ("function", "times", "code", "said"),
    [("gentle", 1, 0, "interrupted"), ("swallowing", 1, 0, "interrupted"), ("never", 3, -signal.SIGINT, "")],
)
def test_ctrl_c_always_interrupts(function, times, code, said):
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, function], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr.readline() == "running\n"
    for _turn in range(times):
        time.sleep(0.2)
        os.kill(process.pid, signal.SIGINT)
    while times > 1 and process.poll() is None:  # two that come at once, on a busy machine, are heard as one
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
    out, _err = process.communicate(timeout=60)
    assert (process.returncode, out.strip()) == (code, said)


IMPORTING = """
import signal, sys, types
from crmcore.plugins import loading, watchdog

signal.signal(signal.SIGINT, signal.default_int_handler)  # as above

class Entry:
    def load(self):
        import crmcore.api
        return types.SimpleNamespace(PLUGIN=crmcore.api.Plugin(name="first", title="First"))

loading.import_plugin("first", "1.0", Entry())
print(signal.getsignal(signal.SIGURG) is watchdog._cut, signal.getsignal(signal.SIGINT) is watchdog._interrupt)
"""


def test_the_first_import_of_a_process_leaves_the_watchdog_in_place():
    done = subprocess.run([sys.executable, "-c", IMPORTING], capture_output=True, text=True, check=True)
    assert done.stdout == "True True\n"


def test_an_interrupt_that_a_plugin_raises_itself_is_its_failure():
    def crash(reader):
        raise KeyboardInterrupt("me")

    made = dispatcher(2, plugin=crash, fine=lambda reader: [figure("fine")])
    assert [each.title for each in made.collect("crm_quality", reader=None)] == ["fine"]
    assert [f.message for f in made.failures] == ["KeyboardInterrupt: me"]
