"""Fourth stage: how long the import takes, in new processes of both environments in turn."""

import time

from .environment import Environment
from .project import Project

FEWEST, MOST, SECONDS = 7, 51, 20
PROGRAM = """
from time import process_time
start = process_time()
import {}
print(process_time() - start)
"""


def time_imports(project: Project, environments: list[Environment]) -> dict[str, float]:
    """The fastest of each, in seconds of the processor: other work can only make it slower.

    Short imports are taken more often. The two take turns in being first: whoever comes behind
    a process that has just ended may find the machine busy with its end.
    """
    found: dict[str, float] = {}
    start = time.monotonic()
    for turn in range(MOST):
        if turn >= FEWEST and time.monotonic() - start > SECONDS:
            break
        for environment in environments[:: 1 if turn % 2 == 0 else -1]:
            said = environment.run("python", "-c", PROGRAM.format(project.module), env=project.run)
            seconds = float(said.splitlines()[-1])
            found[environment.flavour] = min(seconds, found.get(environment.flavour, seconds))
    return found
