"""Texts in the six languages of the United Nations, and the columns they go into."""

SIX = ("en", "fr", "es", "ru", "zh-hans", "ar")

Text = dict[str, str]


def six(en: str, fr: str, es: str, ru: str, zh: str, ar: str) -> Text:
    return dict(zip(SIX, (en, fr, es, ru, zh, ar), strict=True))


def english(text: str) -> Text:
    """A text that is given in English only; readers of other languages see it as it is."""
    return {"en": text}


def columns(**fields: Text) -> dict[str, str]:
    """Column values as django-modeltranslation names them: `title_en`, `title_zh_hans`."""
    return {
        f"{field}_{language.replace('-', '_')}": words
        for field, text in fields.items()
        for language, words in text.items()
    }
