"""Days and times of day as people write them, in the languages of the buyer's pages."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class _Words:
    """One language. Weekdays begin with Monday; patterns take `weekday`, `number` and `month`."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    short_months: tuple[str, ...]
    long: str
    short: str
    clock: str = "%H:%M"
    first: str = "1"
    """The first of a month."""


_ENGLISH_BY_24 = frozenset({"en-gb", "en-ie", "en-za"})
"""English that tells the time by 24 hours, as Unicode's locale data has it."""


def _words(weekdays: str, months: str, short_weekdays: str, short_months: str, **patterns: str) -> _Words:
    return _Words(
        tuple(weekdays.split()),
        tuple(months.split()),
        tuple(short_weekdays.split()),
        tuple(short_months.split()),
        **patterns,
    )


_LANGUAGES = {
    "en": _words(
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "January February March April May June July August September October November December",
        "Mon Tue Wed Thu Fri Sat Sun",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        long="{weekday} {number} {month}",
        short="{weekday} {number} {month}",
        clock="12",
    ),
    "de": _words(
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "Mo. Di. Mi. Do. Fr. Sa. So.",
        "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
        long="{weekday}, {number}. {month}",
        short="{weekday}, {number}. {month}",
    ),
    "fr": _words(
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "lun. mar. mer. jeu. ven. sam. dim.",
        "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
        long="{weekday} {number} {month}",
        short="{weekday} {number} {month}",
        first="1er",
    ),
    "es": _words(
        "lunes martes miércoles jueves viernes sábado domingo",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "lun mar mié jue vie sáb dom",
        "ene feb mar abr may jun jul ago sept oct nov dic",
        long="{weekday}, {number} de {month}",
        short="{weekday}, {number} {month}",
    ),
    "pt": _words(
        "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "seg. ter. qua. qui. sex. sáb. dom.",
        "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
        long="{weekday}, {number} de {month}",
        short="{weekday}, {number} de {month}",
        first="1º",
    ),
    "id": _words(
        "Senin Selasa Rabu Kamis Jumat Sabtu Minggu",
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
        "Sen Sel Rab Kam Jum Sab Min",
        "Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des",
        long="{weekday}, {number} {month}",
        short="{weekday}, {number} {month}",
        clock="%H.%M",
    ),
}


def long(wall: datetime, language: str) -> str:
    """'Tuesday 24 November'."""
    words = _of(language)
    return _filled(words, words.long, words.weekdays, words.months, wall)


def short(wall: datetime, language: str) -> str:
    """'Tue 24 Nov'."""
    words = _of(language)
    return _filled(words, words.short, words.short_weekdays, words.short_months, wall)


def whole(day: date) -> str:
    """'24 Dec 2026', in English, as the desk is."""
    return f"{day.day} {_of('en').short_months[day.month - 1]} {day.year}"


def weekday(wall: datetime, language: str) -> str:
    """'Tue'."""
    return _of(language).short_weekdays[wall.weekday()]


def month(wall: datetime, language: str) -> str:
    """'Nov'."""
    return _of(language).short_months[wall.month - 1]


def clock(wall: datetime, language: str) -> str:
    """'2:30 pm' in English ('14:30' where a region is given that writes it so: 'en-GB'); '14:30' elsewhere."""
    pattern = _of(language).clock
    if pattern == "12" and language.lower() in _ENGLISH_BY_24:
        pattern = "%H:%M"
    if pattern == "12":
        return f"{(wall.hour - 1) % 12 + 1}:{wall:%M} {'am' if wall.hour < 12 else 'pm'}"
    return f"{wall:{pattern}}"


def _filled(words: _Words, pattern: str, weekdays: tuple[str, ...], months: tuple[str, ...], wall: datetime) -> str:
    number = words.first if wall.day == 1 else str(wall.day)
    return pattern.format(weekday=weekdays[wall.weekday()], number=number, month=months[wall.month - 1])


def _of(language: str) -> _Words:
    return _LANGUAGES.get(language.lower().partition("-")[0], _LANGUAGES["en"])
