"""A compiler as a child process, by subprocess."""

import subprocess


class Process:
    """As in process_posix.py."""

    def __init__(self, command: list[str], folder: str, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def finish(self, meanwhile=None) -> tuple[int, bytes, bytes]:
        with self.process:
            try:
                if meanwhile is not None:
                    meanwhile()
                out, err = self.process.communicate()
            except BaseException:
                self.process.kill()
                raise
        return self.process.returncode, out, err
