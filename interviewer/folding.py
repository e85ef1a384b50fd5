"""Words made comparable: for search, and for subjects that are written in several ways. Pure."""

import unicodedata


def fold(text: str) -> str:
    """Without case, accents, compatibility forms and surplus spaces: "  Señal  ＯＫ" is "senal ok"."""
    if text.isascii():
        return " ".join(text.casefold().split())
    parts = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(character for character in parts if not unicodedata.combining(character))
    return " ".join(unicodedata.normalize("NFKC", plain).split())
