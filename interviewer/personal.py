"""Hints at personal data in an answer, for the buyer's eyes before sending (ux.md 12). Never blocks, never stores."""

import re
from enum import StrEnum

_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}|(?:\+|\b0)[\d][\d\s()/.-]{6,}\d|https?://\S+|\bwww\.\S+", re.IGNORECASE)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Herrn?|Frau|Señora?|Monsieur|Madame)\.?\s+[A-ZÄÖÜ][\w'’-]+")
_WORD = re.compile(r"\b[A-ZÄÖÜ][a-zäöüßéèáíóúñç]{2,}\b")

# Given names that are not also everyday words at the start of a sentence; enough to ask, not to judge.
_GIVEN_NAMES = frozenset(
    """
    Aaron Abby Adam Adrian Ahmed Aisha Alan Albert Alejandro Alex Alexander Alexandra Alfred Ali Alice Alicia
    Amanda Amir Ana Anders Andrea Andreas Andrew Andy Angela Anika Anil Anja Anke Ann Anna Anne Annika Anthony
    Antonio Arjun Arthur Barbara Beatrice Becky Ben Benjamin Bernd Bernhard Betty Bill Birgit Björn Bob Brad
    Brenda Brian Bruno Camille Carl Carla Carlos Carmen Caroline Catherine Cathy Charles Charlie Charlotte Chloe
    Chris Christian Christina Christine Christoph Christopher Cindy Claire Clara Claudia Dan Daniel Daniela Dave
    David Debbie Deborah Deepak Dennis Diana Diego Dieter Dirk Dmitri Dominik Donna Doug Ed Eddie Edward Elena
    Elizabeth Ellen Emil Emily Emma Eric Erik Erika Eva Fatima Felix Fernando Florian Francesca Francesco Frank
    Franz Fred Frederik Gabriel Gary Gavin Geoff Georg George Gerhard Gina Giulia Greg Greta Guillaume Gustav
    Hannah Hans Harald Harry Heike Heinz Helen Helena Helga Henning Henrik Henry Holger Ian Ingrid Irene Isabel
    Isabelle Ivan Jack Jacob Jakob James Jamie Jan Jana Jane Janet Jason Javier Jean Jeff Jennifer Jens Jeremy
    Jerry Jess Jessica Jill Jim Joachim Joan Joanna Joe Joel Johan Johanna Johannes John Johnny Jonas Jonathan
    Jordan Jorge Jose Joseph Josh Joshua Juan Judy Julia Julian Juliane Julie Justin Jürgen Kai Karen Karin Karl
    Kate Katharina Kathy Katie Katrin Keith Kelly Ken Kenji Kerstin Kevin Kim Klaus Kristin Kumar Kurt Larry
    Lars Laura Lauren Lea Lee Lena Leon Leonie Liam Linda Linus Lisa Lori Louis Louise Luca Lucas Lucia Ludwig
    Luis Lukas Luke Magnus Manfred Manuel Marc Marcel Marco Marcus Margaret Maria Marie Marina Mario Markus
    Marta Martin Martina Mary Mateo Matt Matteo Matthew Matthias Max Maya Megan Mehmet Mel Melanie Michael
    Michaela Michelle Mick Miguel Mikael Mike Miriam Mohamed Mohammed Mona Monika Nadia Nadine Nancy Natalie
    Neil Nicholas Nick Nicola Nicolas Nicole Niklas Nina Noah Nora Norbert Olaf Oliver Olivia Omar Oscar Pablo
    Pam Pat Patricia Patrick Paul Paula Pedro Pete Peter Petra Phil Philip Philipp Pia Pierre Priya Rachel
    Rafael Rainer Raj Rajesh Ralf Ray Rebecca Renate Ricardo Richard Rita Rob Robert Robin Roger Roland Ron
    Ronald Rosa Roy Ruben Rudi Russell Ruth Ryan Sabine Sally Sam Samantha Samuel Sandra Sandy Sara Sarah Scott
    Sean Sebastian Sergio Sharon Silke Simon Simone Sofia Sonja Sophia Sophie Stan Stefan Stefanie Steffen
    Stella Stephan Stephen Steve Steven Stu Stuart Sue Susan Susanne Sven Svenja Sylvia Tanja Tatiana Ted Teresa
    Terry Theo Thomas Tim Tina Tobias Toby Todd Tom Tomas Tommy Tony Torsten Tracy Troy Ulrich Ulrike Ursula Ute
    Uwe Valentina Vanessa Vera Veronica Victor Victoria Vijay Vincent Walter Wei Wendy Werner Wolfgang Xavier
    Yasmin Yuki Yusuf Yvonne Zach Zoe
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
