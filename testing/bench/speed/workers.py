"""Processes that have one peer loaded, and what they need built for their Python."""

import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE.parents[2] / "build" / "speed"


class Worker:
    """Runs statements as often as it is told; wrapper: the words of a command to run it under."""

    def __init__(self, python: str, folder: Path, peer: str, wrapper: tuple[str, ...] = ()) -> None:
        self.peer = peer
        command = [*wrapper, python, str(HERE / "worker.py"), str(folder), peer]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/"
        )

    def run(self, statement: str, repeats: int) -> float | None:
        """Seconds of one statement; None: the peer has nothing of the kind."""
        try:
            self.process.stdin.write(f"{repeats} {statement}\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline().strip()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise SystemExit(f"the worker of {self.peer} has ended, at {statement}")
        return None if answer == "none" else float(answer)

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def asked(python: str, expression: str) -> str:
    """What a Python says of itself."""
    program = f"import sys, sysconfig; print({expression})"
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def place(python: str, built: Path = BUILT) -> Path:
    """The folder of that Python's own, which is there."""
    folder = built / asked(python, "sysconfig.get_config_var('SOABI')")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def build(python: str) -> Path:
    """Builds the library and the peers' modules; the folder they are in."""
    folder = place(python)
    program = "import sys, pathlib; sys.path.insert(0, sys.argv[1]); import build; "
    program += "build.build(pathlib.Path(sys.argv[2]))"
    subprocess.run([python, "-c", program, str(HERE), str(folder)], check=True, cwd="/")
    return folder
