"""What languages are called in English, for whoever sets interviews up: the desk and the command line."""

from __future__ import annotations

NAMES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ms": "Malay",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


def name(code: str) -> str:
    """What a page calls the language ("Italian", of "it-CH" too); a code that is not known in quotation marks."""
    return NAMES.get(_base(code), f"“{code}”")


def name_and_code(code: str) -> str:
    """For a terminal, where the code is what was typed: "Italian (it)"; a code that is not known in quotation marks."""
    found = NAMES.get(_base(code))
    return f"{found} ({code})" if found else f"“{code}”"


def _base(code: str) -> str:
    return code.strip().lower().replace("_", "-").partition("-")[0]
