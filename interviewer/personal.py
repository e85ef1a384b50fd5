"""Hints at personal data in an answer, for the buyer's eyes before sending (ux.md 12). Never blocks, never stores."""

import re
from enum import StrEnum

_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}|(?:\+|\b0)[\d][\d\s()/.-]{6,}\d|https?://\S+|\bwww\.\S+", re.IGNORECASE)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Herrn?|Frau|Señora?|Monsieur|Madame)\.?\s+[A-ZÄÖÜ][\w'’-]+")
_WORD = re.compile(r"\b[A-ZÄÖÜ][a-zäöüßéèáíóúñç]{2,}\b")

# Given names that are not also everyday words at the start of a sentence; enough to ask, not to judge.
_GIVEN_NAMES = frozenset(
    """
    Aaron Adam Adrian Ahmed Aisha Alan Albert Alejandro Alex Alexander Alexandra Alfred Ali Alice Alicia Amanda
    Amir Ana Anders Andrea Andreas Andrew Angela Anika Anil Anja Anke Ann Anna Anne Annika Anthony Antonio Arjun
    Arthur Barbara Beatrice Ben Benjamin Bernd Bernhard Birgit Björn Brian Bruno Camille Carl Carla Carlos
    Carmen Caroline Catherine Charles Charlotte Chloe Christian Christina Christine Christoph Christopher Claire
    Clara Claudia Daniel Daniela David Deborah Dennis Deepak Diana Diego Dieter Dirk Dmitri Dominik Edward Elena
    Elizabeth Ellen Emily Emma Eric Erik Erika Eva Fatima Felix Fernando Florian Francesca Francesco Franz Fred
    Frederik Gabriel Georg George Gerhard Giulia Greta Guillaume Gustav Hannah Hans Harald Heike Heinz Helen
    Helena Helga Henrik Henry Ian Ingrid Irene Isabel Isabelle Ivan Jack Jacob Jakob James Jan Jana Jane Janet
    Jason Javier Jean Jennifer Jens Jessica Jim Joachim Joanna Joe Johan Johanna Johannes John Jonas Jonathan
    Jordan Jorge Jose Joseph Joshua Juan Juliane Julia Julian Julie Jürgen Karen Karin Karl Kate Katharina
    Katrin Keith Kelly Kenji Kevin Klaus Kristin Kumar Lars Laura Lauren Lea Lena Leon Leonie Liam Linda Lisa
    Louis Louise Luca Lucas Lucia Ludwig Luis Lukas Magnus Manfred Manuel Marcel Marco Marcus Margaret Maria
    Marie Marina Mario Markus Marta Martin Martina Mary Mateo Matteo Matthew Matthias Maya Mehmet Melanie
    Michael Michaela Michelle Miguel Mike Miriam Mohamed Mohammed Monika Nadia Nadine Natalie Nicholas Nicole
    Nicolas Niklas Nina Noah Nora Olaf Oliver Olivia Omar Oscar Pablo Patricia Patrick Paul Paula Pedro Peter
    Petra Philip Philipp Pierre Priya Rachel Rafael Ralf Rainer Raj Rajesh Rebecca Renate Ricardo Richard Robert
    Roland Rosa Ruth Ryan Sabine Samantha Samuel Sandra Sara Sarah Sebastian Sergio Sharon Simon Simone Sofia
    Sonja Sophia Sophie Stefan Stefanie Stephan Stephen Steve Steven Susan Susanne Sven Svenja Sylvia Tanja
    Tatiana Teresa Theo Thomas Tim Tobias Tom Tomas Torsten Ulrich Ulrike Ursula Ute Uwe Valentina Vanessa
    Veronica Victor Victoria Vincent Vijay Walter Wei Werner Wolfgang Xavier Yasmin Yuki Yusuf Zoe
    """.split()  # noqa: SIM905 a list of one name a line would be pages long
)


class Hint(StrEnum):
    PERSON = "person"
    CONTACT = "contact"


def hints(text: str) -> Hint | None:
    """The hint worth showing beside an answer, contact details before names; None for most answers."""
    if _CONTACT.search(text):
        return Hint.CONTACT
    if _TITLED.search(text) or any(word in _GIVEN_NAMES for word in _WORD.findall(text)):
        return Hint.PERSON
    return None
