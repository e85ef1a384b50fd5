"""SavvyCal: prefilled, with our reference kept in the event's metadata."""

from collections.abc import Sequence

from interviewer.schedulers.base import Person, Silent, filled


class SavvyCal(Silent):
    name = "savvycal"
    hosts: Sequence[str] = ("savvycal.com",)

    def link(self, url: str, person: Person, reference: str) -> str:
        given = {"display_name": person.name, "email": person.address, "metadata[interviewer]": reference}
        return filled(url, **given)
