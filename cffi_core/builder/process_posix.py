"""A compiler as a child process, by os.posix_spawn: importing subprocess, and what that imports,
would take a tenth of the time of a small compilation.
"""

import os

from . import programs

SIGPIPE = 13  # Python ignores it, which its children must not inherit
IN_FOLDER = ["/bin/sh", "-c", 'cd "$0" && exec "$@"']


class Process:
    """A command that runs in a folder, with an environment.

    Raises OSError when there is no such program.
    """

    def __init__(self, command: list[str], folder: str, environment: dict[str, str]) -> None:
        require(os.path.join(folder, command[0]) if os.sep in command[0] else command[0])
        self.out, self.err = os.pipe(), os.pipe()
        try:
            self.pid = os.posix_spawn(
                IN_FOLDER[0],
                [*IN_FOLDER, folder, *command],
                environment,
                file_actions=standard_streams(self.out[1], self.err[1]),
                setsigdef=[SIGPIPE],
            )
        except BaseException:
            self.close(0)
            raise
        finally:
            self.close(1)

    def close(self, end: int) -> None:
        for pipe in self.out, self.err:
            os.close(pipe[end])

    def finish(self, meanwhile=None) -> tuple[int, bytes, bytes]:
        """Waits: the status (negative: a signal), what it said on stdout and on stderr.

        meanwhile() is called before. When the waiting is interrupted, the command is killed.
        """
        try:
            if meanwhile is not None:
                meanwhile()
            out, err = read_all([self.out[0], self.err[0]])
            status = os.waitpid(self.pid, 0)[1]
        except BaseException:
            os.kill(self.pid, 9)
            os.waitpid(self.pid, 0)
            raise
        finally:
            self.close(0)
        return os.waitstatus_to_exitcode(status), out, err


def standard_streams(out: int, err: int) -> list[tuple]:
    """Nothing to read, and two pipes to write to: where ours are closed, these may have their
    numbers, so they take their places by way of higher ones."""
    high = [end + 10 if end < 3 else end for end in (out, err)]
    moved = [(end, there) for end, there in zip((out, err), high, strict=True) if end != there]
    return [
        *((os.POSIX_SPAWN_DUP2, *pair) for pair in moved),
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        *((os.POSIX_SPAWN_DUP2, end, 1 + n) for n, end in enumerate(high)),
        *((os.POSIX_SPAWN_CLOSE, there) for _, there in moved),
    ]


def read_all(pipes: list[int]) -> list[bytes]:
    """All that comes out of several pipes, read as it comes, so that no writer waits for us."""
    import select  # while the command is at work

    found: dict[int, list[bytes]] = {pipe: [] for pipe in pipes}
    poll = select.poll()
    for pipe in pipes:
        poll.register(pipe, select.POLLIN)
    still_open = len(pipes)
    while still_open:
        for pipe, _ in poll.poll():
            data = os.read(pipe, 1 << 16)
            found[pipe].append(data)
            if not data:
                poll.unregister(pipe)
                still_open -= 1
    return [b"".join(found[pipe]) for pipe in pipes]


def require(program: str) -> None:
    """Raises what exec would; of the shell that starts the program there is only a status."""
    if programs.find(program) is None:
        error = PermissionError if os.path.isfile(program) else FileNotFoundError
        number = 13 if error is PermissionError else 2
        raise error(number, os.strerror(number), program)
