"""Any booking page: name, address and reference under the names that most take. We hear nothing back."""

from collections.abc import Sequence

from interviewer.schedulers.base import Person, Silent, filled


class Plain(Silent):
    name = "plain"
    hosts: Sequence[str] = ()

    def link(self, url: str, person: Person, reference: str) -> str:
        return filled(url, name=person.name, email=person.address, reference=reference)
