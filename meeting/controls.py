"""The input of a form field as HTML, drawn in Python: a form has a dozen, and Django's widget templates would take
more time than the rest of the page. Whatever is not known here Django draws itself."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField, FileInput, RadioSelect, Select, Textarea
from django.forms.widgets import Input
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

CLASSES = {"checkbox": "", "file": "drop", "clearablefile": "drop"}


def control(field: BoundField) -> SafeString:
    """The field's widget with the attributes of the form, those that Django derives, and the class of its kind."""
    widget = field.field.widget
    if field.is_hidden:
        return _input(_context(field, ""))
    css_class = f"{CLASSES.get(field.widget_type, 'input')} {widget.attrs.get('class', '')}".strip()
    if isinstance(widget, RadioSelect):
        return field.as_widget()
    if isinstance(widget, FileInput):
        return field.as_widget(attrs={"class": css_class})
    context = _context(field, css_class)
    if isinstance(widget, Input) and widget.template_name in _PLAIN:
        return _input(context)
    if isinstance(widget, Select) and not widget.allow_multiple_selected:
        return _select(context)
    if type(widget) is Textarea:
        return format_html("<textarea{}>\n{}</textarea>", _named(context), context["value"] or "")
    return field.as_widget(attrs={"class": css_class})


_KINDS = ("input", "text", "email", "url", "number", "password", "hidden")
_PLAIN = {f"django/forms/widgets/{kind}.html" for kind in _KINDS}


def radios(field: BoundField) -> SafeString:
    """Each answer as a label that holds its button, all of it to be touched."""
    options = [option for _, group, _ in _context(field, "")["optgroups"] for option in group]
    return mark_safe("".join(_radio(option) for option in options))  # noqa: S308


def _radio(option: dict[str, Any]) -> str:
    return format_html("<label>{}<span>{}</span></label>", _input(option), option["label"])


def _context(field: BoundField, css_class: str) -> dict[str, Any]:
    attrs = field.build_widget_attrs({"class": css_class} if css_class else {})
    if field.auto_id and "id" not in field.field.widget.attrs:
        attrs["id"] = field.auto_id
    return field.field.widget.get_context(field.html_name, field.value(), attrs)["widget"]


def _attributes(attrs: dict[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'
        for name, value in attrs.items()
        if value is not None and value is not False
    )


def _named(context: dict[str, Any]) -> SafeString:
    return mark_safe(_attributes({"name": context["name"], **context["attrs"]}))  # noqa: S308


def _input(context: dict[str, Any]) -> SafeString:
    attrs = {"type": context["type"], "name": context["name"]}
    if context["value"] is not None:
        attrs["value"] = str(context["value"])
    return mark_safe(f"<input{_attributes(attrs | context['attrs'])}>")  # noqa: S308


def _select(context: dict[str, Any]) -> SafeString:
    return mark_safe(f"<select{_named(context)}>{''.join(map(_group, context['optgroups']))}</select>")  # noqa: S308


def _group(group: tuple[str | None, list[dict[str, Any]], int]) -> str:
    name, options, _ = group
    drawn = "".join(map(_option, options))
    return f'<optgroup label="{conditional_escape(name)}">{drawn}</optgroup>' if name else drawn


def _option(option: dict[str, Any]) -> str:
    attrs = _attributes({"value": str(option["value"]), **option["attrs"]})
    return f"<option{attrs}>{conditional_escape(option['label'])}</option>"
