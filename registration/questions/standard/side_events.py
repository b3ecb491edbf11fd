"""Side events: who comes, and who wants to hold one. An organiser puts the meeting's own in the place of these."""

from __future__ import annotations

from meeting.languages import six
from meeting.models import Role

from ...models import QuestionKind
from .ready import Ready

WHY = six(
    "We plan rooms and places with it.",
    "Nous planifions ainsi les salles et les places.",
    "Con ello planificamos las salas y las plazas.",
    "Так мы планируем залы и места.",
    "我们据此安排会议室和席位。",
    "نخطط على أساسها للقاعات والأماكن.",
)
READERS = (Role.ORGANISER, Role.LISTS, Role.PROGRAMME)

EVENTS = {
    "reception": six("Reception", "Réception", "Recepción", "Приём", "招待会", "حفل استقبال"),
    "field-visit": six(
        "Field visit", "Visite de terrain", "Visita sobre el terreno", "Выездной визит", "实地考察", "زيارة ميدانية"
    ),
    "exhibition": six("Exhibition", "Exposition", "Exposición", "Выставка", "展览", "معرض"),
}  # fmt: skip

QUESTIONS = (
    Ready(
        "side-events",
        QuestionKind.MANY_OF,
        six(
            "Which side events will you come to?",
            "À quelles manifestations parallèles viendrez-vous ?",
            "¿A qué actos paralelos asistirá?",
            "Какие параллельные мероприятия вы посетите?",
            "您将参加哪些会外活动？",
            "ما الأحداث الجانبية التي ستحضرونها؟",
        ),
        WHY,
        1,
        READERS,
        options=EVENTS,
    ),
    Ready(
        "holds-side-event",
        QuestionKind.YES_NO,
        six(
            "Would you like to hold a side event?",
            "Souhaitez-vous organiser une manifestation parallèle ?",
            "¿Desea organizar un acto paralelo?",
            "Хотите ли вы провести параллельное мероприятие?",
            "您是否希望举办会外活动？",
            "هل ترغبون في تنظيم حدث جانبي؟",
        ),
        WHY,
        1,
        READERS,
    ),
    Ready(
        "side-event-plan",
        QuestionKind.LONG_TEXT,
        six(
            "Title, partners and how many people you expect",
            "Titre, partenaires et nombre de personnes attendues",
            "Título, asociados y número de personas previsto",
            "Название, партнёры и ожидаемое число участников",
            "活动名称、合作方和预计人数",
            "العنوان والشركاء وعدد المشاركين المتوقع",
        ),
        WHY,
        1,
        READERS,
        shown_if="holds-side-event",
        shown_if_answer="yes",
    ),
)
