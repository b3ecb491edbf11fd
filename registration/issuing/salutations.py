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


def salutation(registration: Registration, language: str, name: str) -> str:
    """`name` is the display name as it stands in this letter: whole, for nobody's name is taken apart."""
    words = WORDS.get(language, WORDS["en"])
    return words.get(registration.honorific, words[""]).replace("{name}", name)
