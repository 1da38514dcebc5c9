"""Memory must not grow with the number of rows; speed is measured and printed, and must not fall off a cliff."""

import subprocess
import sys
from pathlib import Path

import pytest

READ = """
import sys, time
from pathlib import Path
from crmcore.formats.table.format import CSV
from crmcore.hooks.formats import Source
start = time.process_time()
count = sum(1 for _ in CSV.read(Source(path=Path(sys.argv[1]))))
seconds = time.process_time() - start
peak = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(count, seconds, peak)
"""


def measure(path: Path, count: int) -> tuple[float, int]:
    """Rows per second of processor time, and peak memory of the process in KiB."""
    with path.open("w", encoding="utf-8") as file:
        file.write("id,first_name,last_name,company,email,phone,city,birthday\n")
        for n in range(count):
            file.write(f"{n},Ann{n},Müller{n},Acme {n % 977},ann{n}@example.com,")
            file.write(f"+49 30 {n:07},Berlin,19{n % 90 + 10}-01-1{n % 9}\n")
    done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
    read, seconds, peak = done.stdout.split()
    assert int(read) == count
    return count / float(seconds), int(peak)


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="peak memory is read from /proc")
def test_two_hundred_thousand_rows(tmp_path: Path) -> None:
    _slow, small = measure(tmp_path / "small.csv", 20_000)
    speed, large = measure(tmp_path / "large.csv", 200_000)
    sys.stdout.write(f"{speed:,.0f} rows/s; peak {small} KiB with 20,000 rows, {large} KiB with 200,000\n")
    assert large < small + 2_000
    assert speed > 15_000  # a quarter of what one idle core does
