"""Dates, days and places of the clock in the reader's language, as ICU knows them."""

from __future__ import annotations

import datetime
import zoneinfo
from functools import lru_cache

import icu
from django.utils.translation import get_language

# Only days go in, as their noon in GMT; intervals take their zone from nowhere but ICU's default, the machine's own.
icu.TimeZone.setDefault(icu.TimeZone.getGMT())

# English as the United Nations writes it; digits that stand the same in every language beside a reference or an hour.
LOCALES = {"en": "en_GB", "zh-hans": "zh_Hans", "ar": "ar@numbers=latn"}

# The United Nations names months in Arabic twice, the eastern name first.
ARABIC_MONTHS = {
    "يناير": "كانون الثاني/يناير",
    "فبراير": "شباط/فبراير",
    "مارس": "آذار/مارس",
    "أبريل": "نيسان/أبريل",
    "مايو": "أيار/مايو",
    "يونيو": "حزيران/يونيو",
    "يوليو": "تموز/يوليو",
    "أغسطس": "آب/أغسطس",
    "سبتمبر": "أيلول/سبتمبر",
    "أكتوبر": "تشرين الأول/أكتوبر",
    "نوفمبر": "تشرين الثاني/نوفمبر",
    "ديسمبر": "كانون الأول/ديسمبر",
}


def long_date(day: datetime.date) -> str:
    """18 September 2008."""
    return _format(day, "yMMMMd", _language())


def short_date(day: datetime.date) -> str:
    """18 Sept."""
    return _format(day, "MMMd", _language())


def day_heading(day: datetime.date) -> str:
    """Thursday 18 September."""
    return _format(day, "MMMMEEEEd", _language())


def day_tab(day: datetime.date) -> str:
    """Thursday 18."""
    return _format(day, "EEEEd", _language())


def weekday(day: datetime.date) -> str:
    return _format(day, "EEEE", _language())


def date_range(first: datetime.date, last: datetime.date) -> str:
    """18–19 September 2008; a single day stands alone."""
    return _format_range(first, last, _language())


def weekdays(first: datetime.date, last: datetime.date) -> str:
    """Thursday and Friday; from three days on only the first and the last, as a span."""
    if first == last:
        return weekday(first)
    if (last - first).days == 1:
        return joined([weekday(first), weekday(last)])
    return f"{weekday(first)} – {weekday(last)}"


def moment(at: datetime.datetime, zone: datetime.tzinfo) -> str:
    """12 September 2008, 17:00, on the clocks of `zone`."""
    local = at.astimezone(zone)
    comma = "، " if _language() == "ar" else ", "
    return f"{long_date(local.date())}{comma}{local:%H:%M}"


def zone_city(zone: zoneinfo.ZoneInfo) -> str:
    """The place by which people know a time zone: Bangkok, بانكوك."""
    return _zone_city(zone.key, _language())


def zone_offset(zone: zoneinfo.ZoneInfo, at: datetime.datetime) -> str:
    """UTC+7, UTC+5:45, UTC: as it stands at `at`, since the clocks of many zones change."""
    minutes = int(at.astimezone(zone).utcoffset().total_seconds() // 60)  # type: ignore[union-attr]
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "−"
    return "UTC" + (f"{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "")


def zone_name(zone: zoneinfo.ZoneInfo, day: datetime.date) -> str:
    """Bangkok (UTC+7), as the offset stands on that day."""
    noon = datetime.datetime.combine(day, datetime.time(12), zone)
    return f"{zone_city(zone)} ({zone_offset(zone, noon)})"


def joined(words: list[str]) -> str:
    """UNESCAP, UNICEF and ECPAT."""
    return _lister(_language()).format(words)


def any_of(words: list[str]) -> str:
    """UNESCAP, UNICEF or ECPAT."""
    return _lister(_language(), icu.UListFormatterType.OR).format(words)


def language_name(code: str) -> str:
    """English, anglais: what the language of this code is called in the reader's."""
    plain = code.partition("-")[0]  # Chinese, without a word about its script
    return str(icu.Locale(plain).getDisplayLanguage(_locale(_language())))


def _language() -> str:
    return get_language() or "en"


def _locale(language: str) -> icu.Locale:
    return icu.Locale(LOCALES.get(language, language))


@lru_cache(maxsize=1024)
def _format(day: datetime.date, skeleton: str, language: str) -> str:
    return _finish(_formatter(skeleton, language).format(_noon(day)), language)


@lru_cache(maxsize=256)
def _format_range(first: datetime.date, last: datetime.date, language: str) -> str:
    formatter = icu.DateIntervalFormat.createInstance("yMMMMd", _locale(language))
    return _finish(formatter.format(icu.DateInterval(_noon(first), _noon(last))), language)


@lru_cache(maxsize=64)
def _formatter(skeleton: str, language: str) -> icu.SimpleDateFormat:
    locale = _locale(language)
    pattern = icu.DateTimePatternGenerator.createInstance(locale).getBestPattern(skeleton)
    formatter = icu.SimpleDateFormat(pattern, locale)
    formatter.setTimeZone(icu.TimeZone.getGMT())
    return formatter


@lru_cache(maxsize=256)
def _zone_city(key: str, language: str) -> str:
    return icu.TimeZoneNames.createInstance(_locale(language)).getExemplarLocationName(key) or key.rpartition("/")[2]


@lru_cache(maxsize=16)
def _lister(language: str, kind: int = icu.UListFormatterType.AND) -> icu.ListFormatter:
    return icu.ListFormatter.createInstance(_locale(language), kind, icu.UListFormatterWidth.WIDE)


def _noon(day: datetime.date) -> float:
    return datetime.datetime(day.year, day.month, day.day, 12, tzinfo=datetime.UTC).timestamp()


def _finish(text: str, language: str) -> str:
    """Thin spaces around a dash break in some fonts; months in Arabic get both of their names."""
    text = text.replace("\u2009", " ").replace("\u202f", " ")
    if language == "ar":
        for month, both in ARABIC_MONTHS.items():
            if month in text:
                return text.replace(month, both)
    return text
