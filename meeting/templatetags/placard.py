"""What templates of every app need: icons, pills, dates in the meeting's zone, sizes, names of languages.

Every template has these without `{% load %}`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.core.cache import cache
from django.db.models import Model
from django.http import QueryDict
from django.templatetags.tz import do_timezone
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_noop
from modeltranslation.utils import build_localized_fieldname

from meeting import controls, dates
from meeting.icons import DIRECTED, ICONS
from meeting.models import Meeting

register = template.Library()

# What a language calls itself, short enough for a menu.
OWN_NAMES = {
    "ar": "العربية",
    "zh-hans": "中文",
    "en": "English",
    "fr": "Français",
    "ru": "Русский",
    "es": "Español",
}
RIGHT_TO_LEFT = {"ar"}
HEADING_MAX = 60
SENTENCE_ENDS = (".", ",", ";", ":", "!", "。", "؟", "?")
SIZE_UNITS = (gettext_noop("KB"), gettext_noop("MB"), gettext_noop("GB"))


# Shapes


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """A drawing beside a word; it says nothing by itself, so it is hidden from screen readers."""
    classes = f"icon {'icon--dir ' if name in DIRECTED else ''}{css_class}".strip()
    return mark_safe(f'<svg class="{classes}" viewBox="0 0 24 24" aria-hidden="true">{ICONS[name]}</svg>')  # noqa: S308


@register.simple_tag
def pill(status: str, label: str = "") -> SafeString:
    """A status as word, shape and colour. Without `label` the word is the status' own name, translated."""
    word = label or getattr(status, "label", "") or gettext(str(status).capitalize())
    return format_html('<span class="pill pill--{}">{}</span>', str(status), word)


@register.filter
def isolate(text: Any) -> SafeString:
    """A name or address in whatever script, kept from disturbing the order of the text around it."""
    return format_html("<bdi>{}</bdi>", text)


# Dates and times


@register.simple_tag
def date_range(meeting: Meeting) -> str:
    """18–19 September 2008."""
    return dates.date_range(meeting.starts_on, meeting.ends_on)


@register.simple_tag
def weekdays(meeting: Meeting) -> str:
    return dates.weekdays(meeting.starts_on, meeting.ends_on)


@register.simple_tag
def joined(things: Iterable[Any]) -> str:
    """A, B and C."""
    return dates.joined([str(thing) for thing in things])


@register.filter
def long_date(value: datetime.date | None) -> str:
    return dates.long_date(value) if value else ""


@register.filter
def short_date(value: datetime.date | None) -> str:
    return dates.short_date(value) if value else ""


@register.filter
def day_heading(value: datetime.date) -> str:
    return dates.day_heading(value)


@register.filter
def day_tab(value: datetime.date) -> str:
    return dates.day_tab(value)


@register.filter
def in_zone(value: datetime.datetime | None, zone: datetime.tzinfo) -> datetime.datetime | str:
    """The same instant on the clocks of `zone`; follow it with `|time:"H:i"` or `|long_date`."""
    return do_timezone(value, zone) if value else ""


@register.filter
def moment(value: datetime.datetime | None, zone: datetime.tzinfo) -> str:
    """12 September 2008, 17:00, on the clocks of `zone`."""
    return dates.moment(value, zone) if value else ""


@register.filter
def in_utc(value: datetime.datetime | None) -> str:
    """The same instant by the clocks of UTC; the name of the zone stands beside it."""
    return dates.moment(value, datetime.UTC) if value else ""


@register.filter
def written_moment(text: str, zone: datetime.tzinfo) -> str:
    """The same of an instant that the history keeps in letters."""
    return dates.moment(datetime.datetime.fromisoformat(text), zone) if text else ""


@register.filter
def clock(value: datetime.datetime | None, zone: datetime.tzinfo) -> str:
    """17:00, on the clocks of `zone`."""
    return f"{value.astimezone(zone):%H:%M}" if value else ""


@register.filter
def zone_city(meeting: Meeting) -> str:
    """Bangkok: the place whose clocks count at this meeting."""
    return dates.zone_city(meeting.zone)


@register.filter
def zone_name(meeting: Meeting) -> str:
    """Bangkok (UTC+7), as the offset stands on the first day of the meeting."""
    return dates.zone_name(meeting.zone, meeting.starts_on)


@register.simple_tag
def own_time(at: datetime.datetime, meeting: Meeting) -> SafeString:
    """Where a script may add the same instant on the reader's own clocks; nothing without it, or in the same zone."""
    return format_html(
        '<span data-own-time="{}" data-zone="{}" data-text="{}" data-text-place="{}" hidden></span>',
        at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        meeting.time_zone,
        gettext("; {time}, your time"),
        gettext("; {time} in {place}, your time"),
    )


# Sizes and languages


@register.filter
def true_size(size: int) -> str:
    """20.95 KB: two decimals where they say something, in units of 1,024."""
    if size < 1024:
        return gettext("%(size)s bytes") % {"size": number_format(size)}
    amount, unit = float(size), -1
    while amount >= 1024 and unit < len(SIZE_UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    rounded = round(amount, 2)
    decimals = 0 if rounded == int(rounded) else 2
    return f"{number_format(rounded, decimals)}\N{NO-BREAK SPACE}{gettext(SIZE_UNITS[unit])}"


@register.filter
def language_name(code: str) -> str:
    """What the reader calls the language."""
    return str(dict(settings.LANGUAGES).get(code, code))


@register.filter
def own_language_name(code: str) -> str:
    """What its speakers call the language."""
    return OWN_NAMES.get(code, code)


@register.filter
def language_tag(code: str) -> str:
    """The code as HTML wants it: zh-Hans."""
    return "zh-Hans" if code == "zh-hans" else code


@register.filter
def text_direction(code: str) -> str:
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"


@register.simple_tag
def lang_of(thing: Model, field: str) -> SafeString:
    """The lang and dir that a text needs where it is not given in the reader's language and stands in another."""
    language, default = get_language() or "en", settings.MODELTRANSLATION_DEFAULT_LANGUAGE
    given: str | None = getattr(thing, build_localized_fieldname(field, language), None)
    if language == default or given:
        return SafeString()
    return format_html(' lang="{}" dir="{}"', language_tag(default), text_direction(default))


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> list[dict[str, Any]]:
    """The six languages with the address of this page in each; what else the address says stays."""
    query = context["request"].GET.copy() if "request" in context else QueryDict(mutable=True)
    links = []
    for code, _name in settings.LANGUAGES:
        query["lang"] = code
        links.append({"code": code, "address": f"?{query.urlencode()}", "is_current": code == get_language()})
    return links


# Parts of every page


@register.simple_tag
def organisers_line(meeting: Meeting) -> str:
    """The bodies that organise the meeting, for the foot of each of its pages; looked up every half minute."""
    key = f"organisers-{meeting.pk}-{get_language()}"
    line = cache.get(key)
    if line is None:
        line = " · ".join(organiser.name for organiser in meeting.organisers.all())
        cache.set(key, line, 30)
    return line


@register.simple_tag
def registration_is_open(meeting: Meeting) -> bool:
    return meeting.registration_is_open(timezone.now())


# Form fields (templates/placard)


register.simple_tag(controls.control, name="control")
register.simple_tag(controls.radios, name="radios")


@register.simple_tag
def focus_id(field: Any) -> str:
    """The id of what takes the focus when a link in the error summary is followed: of radios the first."""
    return f"{field.auto_id}_0" if field.use_fieldset else field.auto_id


# Organisers' plain text


@register.filter
def plain_paragraphs(text: str) -> SafeString:
    """Plain text as paragraphs: an empty line parts them, a line break stays one."""
    return mark_safe("".join(_paragraph(block.split("\n")) for block in _blocks(text)))  # noqa: S308


@register.filter
def sections(text: str) -> SafeString:
    """Plain text as headed sections: a short first line without a full stop is the heading of what stands under it."""
    return mark_safe("".join(_section(block.split("\n")) for block in _blocks(text)))  # noqa: S308


def _blocks(text: str) -> list[str]:
    return [block.strip() for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]


def _section(lines: list[str]) -> str:
    if len(lines) > 1 and len(lines[0]) <= HEADING_MAX and not lines[0].endswith(SENTENCE_ENDS):
        return f"<section><h2>{conditional_escape(lines[0])}</h2>{_paragraph(lines[1:])}</section>"
    return _paragraph(lines)


def _paragraph(lines: list[str]) -> str:
    return "<p>" + "<br>".join(conditional_escape(line) for line in lines) + "</p>"
