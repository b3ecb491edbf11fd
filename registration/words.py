"""What people write in a cell for the few things we keep as a choice: in six languages, however they spell it.

The labels of our own screens are understood in every language of the site; the tables add what else is usual.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import TypeVar

from django.conf import settings
from django.utils import dates, translation

from meeting.dates import ARABIC_MONTHS

from .models import Honorific, Modality, RoleInDelegation

ROLES = {
    RoleInDelegation.HEAD: (
        "head, hod, head of delegation, head delegate, chief delegate, leader, delegation leader, representative, "
        "head of mission, chef, cheffe, chef de délégation, cheffe de délégation, chef de la délégation, "
        "représentant, représentante, jefe, jefa, jefe de delegación, jefa de delegación, jefe de la delegación, "
        "representante, глава, глава делегации, руководитель делегации, представитель, "
        "团长, 代表团团长, 首席代表, 代表, رئيس الوفد, رئيسة الوفد, رئيس, ممثل"
    ),
    RoleInDelegation.DEPUTY: (
        "deputy, dhod, deputy head, deputy head of delegation, deputy leader, vice head, chef adjoint, "
        "cheffe adjointe, chef adjoint de délégation, chef adjoint de la délégation, chef suppléant, "
        "jefe adjunto, jefa adjunta, jefe adjunto de la delegación, subjefe, заместитель, "
        "заместитель главы делегации, замглавы, 副团长, 代表团副团长, نائب رئيس الوفد, نائب"
    ),
    RoleInDelegation.ALTERNATE: (
        "alternate, alt, alternate representative, alternate delegate, suppléant, suppléante, "
        "représentant suppléant, suplente, representante suplente, alterno, заместитель представителя, "
        "альтернативный представитель, 副代表, 候补代表, ممثل مناوب, مناوب"
    ),
    RoleInDelegation.ADVISER: (
        "adviser, advisor, adv, member, delegate, delegation member, expert, technical adviser, "
        "conseiller, conseillère, membre, délégué, déléguée, asesor, asesora, consejero, consejera, miembro, "
        "delegado, delegada, советник, член делегации, делегат, эксперт, 顾问, 成员, 团员, 代表团成员, "
        "مستشار, مستشارة, عضو, عضو الوفد"
    ),
    RoleInDelegation.OBSERVER: (
        "observer, obs, observateur, observatrice, observador, observadora, наблюдатель, 观察员, مراقب"
    ),
    RoleInDelegation.INTERPRETER: (
        "interpreter, translator, interprète, traducteur, intérprete, traductor, переводчик, 口译, 译员, 翻译, "
        "مترجم, مترجم شفوي"
    ),
    RoleInDelegation.SUPPORT: (
        "support, support staff, staff, security, security officer, driver, protocol, protocol officer, aide, "
        "personnel d’appui, appui, sécurité, protocole, personal de apoyo, apoyo, seguridad, protocolo, "
        "вспомогательный персонал, охрана, протокол, 工作人员, 辅助人员, 安保, موظف دعم, دعم, أمن"
    ),
}
HONORIFICS = {
    Honorific.HE: "he, h e, excellency, his excellency, her excellency, s e, son excellence, s exc, 阁下, سعادة, معالي",
    Honorific.HE_MS: "h e mrs, he ms, he mrs, h e madam, s e mme, s e sra, е п г жа",
    Honorific.HE_MR: "he mr, s e m, s e sr, е п г н",
    Honorific.HON: "hon, honourable, honorable, the hon, the honourable, hon mr, hon ms",
    Honorific.MS: (
        "ms, mrs, miss, madam, mme, madame, mlle, sra, señora, srta, г жа, госпожа, 女士, 小姐, السيدة, الآنسة"
    ),
    Honorific.MR: "mr, mister, m, monsieur, sr, señor, г н, господин, 先生, السيد",
    Honorific.MX: "mx",
    Honorific.DR: "dr, doctor, docteur, dra, д р, доктор, 博士, 医生, الدكتور, الدكتورة, د",
    Honorific.PROF: "prof, professor, professeur, profesor, profesora, профессор, проф, 教授, الأستاذ, أستاذ, بروفيسور",
}
MODALITIES = {
    Modality.IN_PERSON: (
        "in person, inperson, in-person, physical, physically, on site, onsite, present, présentiel, en présentiel, "
        "sur place, presencial, en persona, очно, лично, 现场, 线下, 亲自, حضوري, حضوريا, شخصيا"
    ),
    Modality.ONLINE: (
        "online, on line, remote, remotely, virtual, virtually, zoom, en ligne, à distance, virtuel, en línea, "
        "a distancia, онлайн, дистанционно, 线上, 在线, 远程, عبر الإنترنت, عن بعد, افتراضي"
    ),
}
ANSWERS = {
    True: "yes, y, x, 1, true, ok, oui, o, vrai, sí, s, verdadero, да, 是, 对, نعم, ✓, ✔, ☑",
    False: "no, n, 0, false, none, non, faux, falso, нет, 否, 不, لا, ✗, ☐",
}
LANGUAGES = {
    "ar": "arabic, arabe, árabe, арабский, 阿拉伯语, 阿拉伯文, العربية",
    "zh-hans": "chinese, chinois, chino, китайский, 中文, 汉语, الصينية, zh, zh cn, zh hans",
    "en": "english, anglais, inglés, английский, 英语, 英文, الإنجليزية",
    "fr": "french, français, francés, французский, 法语, 法文, الفرنسية",
    "ru": "russian, russe, ruso, русский, 俄语, 俄文, الروسية",
    "es": "spanish, espagnol, español, испанский, 西班牙语, 西班牙文, الإسبانية",
}


def fold(text: str) -> str:
    """`text` as it is compared: no capitals, accents, stops or doubled spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() or c in "✓✔☑✗☐" else " " for c in letters if not unicodedata.combining(c))
    return " ".join(kept.split())


T = TypeVar("T")


def _table(words: dict[T, str], labels: Iterable[tuple[T, object]] = ()) -> dict[str, T]:
    found = {fold(word): value for value, line in words.items() for word in line.split(",")}
    labels = list(labels)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {fold(str(label)): value for value, label in labels}
    return found | {fold(str(value)): value for value, _label in labels}


@cache
def roles() -> dict[str, RoleInDelegation]:
    return _table(ROLES, [(role, role.label) for role in RoleInDelegation])


@cache
def honorifics() -> dict[str, Honorific]:
    return _table(HONORIFICS, [(honorific, honorific.label) for honorific in Honorific])


@cache
def modalities() -> dict[str, Modality]:
    return _table(MODALITIES, [(modality, modality.label) for modality in Modality])


@cache
def answers() -> dict[str, bool]:
    return _table(ANSWERS)


@cache
def languages() -> dict[str, str]:
    return _table(LANGUAGES, settings.LANGUAGES)


@cache
def months() -> dict[str, int]:
    """Names of months, long and short, in the forms that dates are written with."""
    found: dict[str, int] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for names in (dates.MONTHS, dates.MONTHS_3, dates.MONTHS_AP, dates.MONTHS_ALT):
                found |= {fold(str(name)): number for number, name in names.items()}
    for western, both in ARABIC_MONTHS.items():
        number = found[fold(western)]
        found |= {fold(name): number for name in (both, *both.split("/"))}
    return found
