"""Which language somebody listens to and speaks: how many booths and receivers there must be."""

from __future__ import annotations

from meeting.languages import six
from meeting.models import Role

from ...models import QuestionKind
from .ready import Ready

WHY = six(
    "We plan interpretation and receivers with it.",
    "Nous planifions ainsi l’interprétation et les récepteurs.",
    "Con ello planificamos la interpretación y los receptores.",
    "Так мы планируем устный перевод и приёмники.",
    "我们据此安排口译和接收器。",
    "نخطط على أساسها للترجمة الشفوية وأجهزة الاستقبال.",
)
READERS = (Role.ORGANISER, Role.LISTS, Role.PROGRAMME)

LANGUAGES = {
    "ar": six("Arabic", "Arabe", "Árabe", "Арабский", "阿拉伯文", "العربية"),
    "zh": six("Chinese", "Chinois", "Chino", "Китайский", "中文", "الصينية"),
    "en": six("English", "Anglais", "Inglés", "Английский", "英文", "الإنكليزية"),
    "fr": six("French", "Français", "Francés", "Французский", "法文", "الفرنسية"),
    "ru": six("Russian", "Russe", "Ruso", "Русский", "俄文", "الروسية"),
    "es": six("Spanish", "Espagnol", "Español", "Испанский", "西班牙文", "الإسبانية"),
}
OTHER = {"other": six("Another language", "Une autre langue", "Otro idioma", "Другой язык", "其他语文", "لغة أخرى")}

QUESTIONS = (
    Ready(
        "listens-in",
        QuestionKind.ONE_OF,
        six(
            "In which language do you listen?",
            "Dans quelle langue écoutez-vous ?",
            "¿En qué idioma escucha?",
            "На каком языке вы слушаете?",
            "您收听哪种语文？",
            "بأي لغة تستمعون؟",
        ),
        WHY,
        1,
        READERS,
        options=LANGUAGES,
    ),
    Ready(
        "speaks-in",
        QuestionKind.ONE_OF,
        six(
            "In which language will you speak?",
            "Dans quelle langue prendrez-vous la parole ?",
            "¿En qué idioma intervendrá?",
            "На каком языке вы будете выступать?",
            "您将用哪种语文发言？",
            "بأي لغة ستتكلمون؟",
        ),
        WHY,
        1,
        READERS,
        options=LANGUAGES | OTHER,
    ),
    Ready(
        "speaks-other",
        QuestionKind.TEXT,
        six("Which language?", "Quelle langue ?", "¿Qué idioma?", "Какой язык?", "哪种语文？", "ما هذه اللغة؟"),
        WHY,
        1,
        READERS,
        help=six(
            "Bring an interpreter into one of the six languages, or tell us early.",
            "Venez avec un interprète vers l’une des six langues, ou prévenez-nous tôt.",
            "Traiga un intérprete a uno de los seis idiomas, o avísenos con tiempo.",
            "Приезжайте с переводчиком на один из шести языков или предупредите нас заранее.",
            "请自带译员译成六种语文之一，或尽早告知我们。",
            "أحضروا مترجما شفويا إلى إحدى اللغات الست، أو أبلغونا مبكرا.",
        ),
        shown_if="speaks-in",
        shown_if_answer="other",
    ),
)
