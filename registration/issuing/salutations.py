"""How a letter begins, in the language it is written in. Nobody's gender is guessed: only what they chose is said."""

from __future__ import annotations

from ..models import Honorific, Registration

H = Honorific
# By language and form of address; "" where there is none, and for those a language has no word for.
WORDS: dict[str, dict[str, str]] = {
    "en": {
        H.HE: "Excellency,",
        H.HE_MS: "Excellency,",
        H.HE_MR: "Excellency,",
        H.HON: "Dear Hon. {name},",
        H.MS: "Dear Ms. {name},",
        H.MR: "Dear Mr. {name},",
        H.MX: "Dear Mx. {name},",
        H.DR: "Dear Dr. {name},",
        H.PROF: "Dear Professor {name},",
        "": "Dear {name},",
    },
    "fr": {
        H.HE: "Excellence,",
        H.HE_MS: "Excellence,",
        H.HE_MR: "Excellence,",
        H.MS: "Madame,",
        H.MR: "Monsieur,",
        H.MX: "Bonjour {name},",
        "": "Madame, Monsieur,",
    },
    "es": {
        H.HE: "Excelencia:",
        H.HE_MS: "Excelencia:",
        H.HE_MR: "Excelencia:",
        H.MS: "Estimada Sra. {name}:",
        H.MR: "Estimado Sr. {name}:",
        "": "De nuestra consideración:",
    },
    "ru": {
        H.HE: "Ваше Превосходительство!",
        H.HE_MS: "Ваше Превосходительство!",
        H.HE_MR: "Ваше Превосходительство!",
        H.MS: "Уважаемая г-жа {name}!",
        H.MR: "Уважаемый г-н {name}!",
        "": "Здравствуйте, {name}!",
    },
    "zh-hans": {
        H.HE: "尊敬的{name}阁下：",
        H.HE_MS: "尊敬的{name}阁下：",
        H.HE_MR: "尊敬的{name}阁下：",
        H.MS: "尊敬的{name}女士：",
        H.MR: "尊敬的{name}先生：",
        H.DR: "尊敬的{name}博士：",
        H.PROF: "尊敬的{name}教授：",
        "": "尊敬的{name}：",
    },
    "ar": {
        H.HE: "تحية طيبة إلى سعادة {name}،",
        H.HE_MS: "صاحبة السعادة السيدة {name}،",
        H.HE_MR: "صاحب السعادة السيد {name}،",
        H.MS: "السيدة {name} المحترمة،",
        H.MR: "السيد {name} المحترم،",
        H.DR: "تحية طيبة إلى د. {name}،",
        H.PROF: "تحية طيبة إلى أ. د. {name}،",
        "": "تحية طيبة إلى {name}،",
    },
}


# Before or after a name. What a language has no word for stands as it was chosen: nothing is left out.
FORMS: dict[str, dict[str, str]] = {
    "fr": {
        H.HE: "S.E. {name}",
        H.HE_MS: "S.E. Mme {name}",
        H.HE_MR: "S.E. M. {name}",
        H.MS: "Mme {name}",
        H.MR: "M. {name}",
    },
    "es": {
        H.HE: "S.E. {name}",
        H.HE_MS: "S.E. Sra. {name}",
        H.HE_MR: "S.E. Sr. {name}",
        H.MS: "Sra. {name}",
        H.MR: "Sr. {name}",
    },
    "ru": {
        H.HE: "Е.П. {name}",
        H.HE_MS: "Е.П. г-жа {name}",
        H.HE_MR: "Е.П. г-н {name}",
        H.MS: "г-жа {name}",
        H.MR: "г-н {name}",
        H.DR: "д-р {name}",
        H.PROF: "проф. {name}",
    },
    "zh-hans": {
        H.HE: "{name}阁下",
        H.HE_MS: "{name}女士阁下",
        H.HE_MR: "{name}先生阁下",
        H.MS: "{name}女士",
        H.MR: "{name}先生",
        H.DR: "{name}博士",
        H.PROF: "{name}教授",
    },
    "ar": {
        H.HE: "سعادة {name}",
        H.HE_MS: "سعادة السيدة {name}",
        H.HE_MR: "سعادة السيد {name}",
        H.MS: "السيدة {name}",
        H.MR: "السيد {name}",
        H.DR: "د. {name}",
        H.PROF: "أ. د. {name}",
    },
}


def salutation(registration: Registration, language: str, name: str) -> str:
    """`name` is the display name as it stands in this letter: whole, for nobody's name is taken apart."""
    words = WORDS.get(language, WORDS["en"])
    return words.get(registration.honorific, words[""]).replace("{name}", name)


def called(registration: Registration, language: str, name: str) -> str:
    """The name with the form of address the person chose, as this language writes it."""
    words = FORMS.get(language, {}).get(registration.honorific, f"{registration.honorific} {{name}}")
    return words.replace("{name}", name).strip()
