"""A program that writes contacts until it is killed: `python writing.py URL SECONDS`, which it rests between two.

It says in a file that it works.
"""

import os
import random
import sys
import time
from pathlib import Path

from crmcore.api import Conflict, Contact, NotFound, open_workspace

app = open_workspace(sys.argv[1])
made: list[int] = []
while True:
    try:
        with app.transaction(cause="drill") as tx:
            for _n in range(random.randint(1, 3)):  # noqa: S311 # chance, not secrecy
                made.append(tx.add(Contact(name=f"contact {random.random()}")).id)  # noqa: S311, PERF401 # as above
            if random.random() < 0.5:  # noqa: S311 # as above
                tx.get(Contact, random.choice(made[:-3] or made)).given = f"given {random.random()}"  # noqa: S311 # as above
    except (Conflict, NotFound):  # somebody else changed it meanwhile, or its transaction was refused
        made = made[-50:]
    Path(f"up-{os.getpid()}").touch()
    time.sleep(float(sys.argv[2]))
