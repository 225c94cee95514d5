"""Include folders under names that are the same wherever a checkout lies.

A compiler cache that machines share (ccache, sccache) looks at the paths of headers. So where one
is used, a compiler that runs in a private folder finds the include folders through links in there:
the command and what it leads to are then the same in every checkout.
"""

import os

NAME = "cd_include_{}"


class Links:
    """Links in a folder; `real` leads from their names to the folders they stand for."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.real: dict[str, str] = {}

    def add(self, target: str) -> str:
        """A link to an include folder: its name; the folder itself where there are no links."""
        name = NAME.format(len(self.real))
        path = os.path.join(self.folder, name)
        try:
            if not os.path.islink(path):
                os.symlink(target, path)
        except OSError:
            return target
        self.real[name] = target
        return name

    def path(self, path: str) -> str:
        """A path through a link, as the path it stands for."""
        for name, target in self.real.items():
            link = os.path.join(self.folder, name)
            if path == link or path.startswith(link + os.sep):
                return target + path[len(link) :]
        return path

    def text(self, text: str) -> str:
        """A compiler's words, with the paths that its user knows."""
        for name, target in self.real.items():
            text = text.replace(name + "/", target.rstrip("/") + "/")
        return text
