"""One piece of work: which hosts, how many at once, how."""

import dataclasses
import pathlib


@dataclasses.dataclass
class Job:
    tmp: pathlib.Path
    hosts: list
    flight: int  # at once
    scheme: str = "http"
    options: tuple = ("-4",)  # afetch's own

    @property
    def count(self):
        return len(self.hosts)

    @property
    def out(self):
        return self.tmp / "out"

    def first(self, count):
        return dataclasses.replace(self, hosts=self.hosts[:count])

    def _list(self, name, lines):
        path = self.tmp / name
        with open(path, "w") as file:
            file.writelines(lines)
        return path

    def names(self):
        """A file of names."""
        return self._list("names", (f"{host}\n" for host in self.hosts))

    def urls(self):
        """A file of URLs."""
        return self._list(
            "urls", (f"{self.scheme}://{host}/\n" for host in self.hosts))

    def curl(self):
        """A file of options for curl -K."""
        return self._list("curl", (
            f'url = "{self.scheme}://{host}/"\noutput = "/dev/null"\n'
            for host in self.hosts))
