"""HubSpot's meetings: two fields for a name; our reference goes where HubSpot notes what a visit came from."""

from collections.abc import Sequence

from interviewer.schedulers.base import Person, Silent, filled


class HubSpot(Silent):
    name = "hubspot"
    hosts: Sequence[str] = ("hubspot.com",)

    def link(self, url: str, person: Person, reference: str) -> str:
        first, _, last = " ".join(person.name.split()).rpartition(" ")
        given = {"firstName": first or last, "lastName": last if first else "", "email": person.address}
        return filled(url, **given, utm_content=reference)
