"""How a moment reads on somebody's wall, in six languages and any zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from interviewer.scheduling import dates, zones

MOMENT = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "said", "day"),
    [
        ("en", "Tue 24 Nov, 2:30 pm", "Tuesday 24 November"),
        ("de", "Di., 24. Nov., 14:30", "Dienstag, 24. November"),
        ("fr", "mar. 24 nov., 14:30", "mardi 24 novembre"),
        ("es", "mar, 24 nov, 14:30", "martes, 24 de noviembre"),
        ("pt", "ter., 24 de nov., 14:30", "terça-feira, 24 de novembro"),
        ("id", "Sel, 24 Nov, 14.30", "Selasa, 24 November"),
        ("de-AT", "Di., 24. Nov., 14:30", "Dienstag, 24. November"),
        ("pt-BR", "ter., 24 de nov., 14:30", "terça-feira, 24 de novembro"),
        ("tlh", "Tue 24 Nov, 2:30 pm", "Tuesday 24 November"),
    ],
)
def test_as_each_language_writes_it(language: str, said: str, day: str) -> None:
    assert zones.said(MOMENT, "Europe/Berlin", language) == said
    assert zones.day(MOMENT, "Europe/Berlin", language) == day


@pytest.mark.parametrize(
    ("language", "weekdays", "months"),
    [
        ("en", "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
         "January February March April May June July August September October November December"),
        ("de", "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
         "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        ("fr", "lundi mardi mercredi jeudi vendredi samedi dimanche",
         "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        ("es", "lunes martes miércoles jueves viernes sábado domingo",
         "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
        ("pt", "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
         "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
        ("id", "Senin Selasa Rabu Kamis Jumat Sabtu Minggu",
         "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"),
    ],
)  # fmt: skip
def test_every_day_and_month_has_its_name(language: str, weekdays: str, months: str) -> None:
    week = [zones.day(datetime(2026, 6, day, 12, tzinfo=UTC), "UTC", language) for day in range(8, 15)]
    for said, name in zip(week, weekdays.split(), strict=True):
        assert said.startswith(name)
    year = [zones.day(datetime(2026, month, 15, 12, tzinfo=UTC), "UTC", language) for month in range(1, 13)]
    for said, name in zip(year, months.split(), strict=True):
        assert said.endswith(f"15 {name}") or said.endswith(f"15. {name}") or said.endswith(f"15 de {name}")
    short = {zones.said(MOMENT + timedelta(days=31 * number), "UTC", language) for number in range(12)}
    assert len(short) == 12


def test_a_weekday_by_itself() -> None:
    monday = datetime(2026, 6, 8, tzinfo=UTC)
    assert [dates.weekday(monday, language) for language in ("en", "de", "fr", "es", "pt", "id")] == [
        *("Mon", "Mo.", "lun.", "lun", "seg.", "Sen"),
    ]


def test_the_first_of_a_month() -> None:
    first = datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert zones.day(first, "UTC", "fr") == "mardi 1er décembre"
    assert zones.day(first, "UTC", "pt") == "terça-feira, 1º de dezembro"
    assert zones.day(first, "UTC", "de") == "Dienstag, 1. Dezember"


@pytest.mark.parametrize(
    ("hour", "english", "german"),
    [(0, "12:05 am", "00:05"), (1, "1:05 am", "01:05"), (11, "11:05 am", "11:05"), (12, "12:05 pm", "12:05"),
     (13, "1:05 pm", "13:05"), (23, "11:05 pm", "23:05")],
)  # fmt: skip
def test_the_clock(hour: int, english: str, german: str) -> None:
    moment = datetime(2026, 6, 1, hour, 5, tzinfo=UTC)
    assert (zones.clock(moment, "UTC", "en"), zones.clock(moment, "UTC", "de")) == (english, german)


def test_an_hour_that_comes_twice_says_which() -> None:
    first, second = datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert zones.clock(first, "America/New_York", "en") == "1:30 am (EDT)"
    assert zones.clock(second, "America/New_York", "en") == "1:30 am (EST)"
    assert zones.clock(second + timedelta(hours=1), "America/New_York", "en") == "2:30 am"
    islands = datetime(2027, 4, 3, 15, 0, tzinfo=UTC)
    assert zones.clock(islands, "Australia/Lord_Howe", "de") == "01:30 (UTC+10:30)"


@pytest.mark.parametrize(
    ("moment", "name", "said"),
    [
        ("2026-11-24", "Europe/Berlin", "CET (UTC+1)"),
        ("2026-07-24", "Europe/Berlin", "CEST (UTC+2)"),
        ("2026-10-27", "America/New_York", "EDT (UTC-4)"),
        ("2026-11-03", "America/New_York", "EST (UTC-5)"),
        ("2026-11-24", "America/St_Johns", "NST (UTC-3:30)"),
        ("2026-11-24", "Europe/London", "GMT (UTC+0)"),
        ("2026-11-24", "Asia/Kathmandu", "UTC+5:45"),
        ("2026-11-24", "Australia/Lord_Howe", "UTC+11"),
        ("2026-06-24", "Australia/Lord_Howe", "UTC+10:30"),
        ("2026-11-24", "America/Sao_Paulo", "UTC-3"),
        ("2026-11-24", "UTC", "UTC"),
        ("2026-11-24", "Nowhere/Land", "UTC"),
    ],
)
def test_a_zone_in_letters(moment: str, name: str, said: str) -> None:
    assert zones.abbreviation(datetime.fromisoformat(moment).replace(tzinfo=UTC), name) == said


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Europe", "europe/berlin\n",
                                  "Factory", "x" * 5000, "Etc/Unknown", "\0"])  # fmt: skip
def test_a_name_that_is_none_is_utc(name: str) -> None:
    assert not zones.known(name)
    assert zones.zone(name) == ZoneInfo("UTC")


def test_the_world_to_choose_from() -> None:
    regions = zones.offered()
    names = [choice.name for region in regions for choice in region.zones]
    assert {"Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Asia/Kolkata", "Australia/Lord_Howe"} < {*names}
    assert len(names) == len(set(names)) > 400
    assert [region.name for region in regions][:2] == ["Africa", "America"]
    assert names[-1] == "UTC"
    assert all(zones.known(name) for name in names)
    labels = {choice.name: choice.label for region in regions for choice in region.zones}
    assert labels["America/New_York"] == "New York"
    assert labels["America/Argentina/Buenos_Aires"] == "Argentina, Buenos Aires"


def test_an_older_spelling_can_be_chosen_too() -> None:
    asia = next(region for region in zones.offered("Asia/Calcutta", "Mars/Olympus") if region.name == "Asia")
    assert {"Asia/Calcutta", "Asia/Kolkata"} < {choice.name for choice in asia.zones}
    assert not any(region.name == "Mars" for region in zones.offered("Mars/Olympus"))


def test_every_zone_is_off_by_whole_quarter_hours() -> None:
    """What `slots` rests on, on every change of the next years."""
    for name in available_timezones():
        for month in range(48):
            moment = datetime(2026 + month // 12, month % 12 + 1, 15, tzinfo=UTC)
            off = moment.astimezone(ZoneInfo(name)).utcoffset()
            assert off is not None
            assert off % timedelta(minutes=15) == timedelta(), name


@pytest.mark.parametrize(
    ("moment", "zone", "up"),
    [
        ("2026-11-24T08:00", "UTC", True),
        ("2026-11-24T07:59", "UTC", False),
        ("2026-11-24T19:45", "UTC", True),
        ("2026-11-24T20:00", "UTC", False),
        ("2026-11-24T13:00", "America/New_York", True),
        ("2026-11-24T12:45", "America/New_York", False),
        ("2026-07-24T12:00", "America/New_York", True),
        ("2026-11-24T23:00", "Asia/Tokyo", True),
        ("2026-11-24T02:15", "Asia/Kathmandu", True),
        ("2026-11-24T02:14", "Asia/Kathmandu", False),
        ("2026-11-24T08:00", "Mars/Olympus", True),
    ],
)
def test_waking_hours_are_those_of_the_wall(moment: str, zone: str, up: bool) -> None:
    assert zones.waking(datetime.fromisoformat(moment).replace(tzinfo=UTC), zone) is up
