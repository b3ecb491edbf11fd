"""Travel and visa. The number and the picture of a passport are not asked here: they are no matter for a list."""

from __future__ import annotations

from meeting.languages import six
from meeting.models import Role

from ...models import QuestionKind
from .ready import Ready

VISA_WHY = six(
    "We help you to get a visa and tell the host country who comes.",
    "Nous vous aidons à obtenir un visa et indiquons au pays hôte qui vient.",
    "Le ayudamos a obtener un visado e informamos al país anfitrión de quién viene.",
    "Мы помогаем вам получить визу и сообщаем принимающей стране, кто приедет.",
    "我们协助您办理签证，并告知东道国何人与会。",
    "نساعدكم في الحصول على التأشيرة ونبلغ البلد المضيف بأسماء القادمين.",
)
TRAVEL_WHY = six(
    "We plan airport transfers and the registration desk with it.",
    "Nous planifions ainsi les transferts depuis l’aéroport et l’accueil.",
    "Con ello planificamos los traslados desde el aeropuerto y la mesa de inscripción.",
    "Так мы планируем трансфер из аэропорта и работу стойки регистрации.",
    "我们据此安排机场接送和报到台。",
    "نخطط على أساسها للنقل من المطار ولمكتب التسجيل.",
)
VISA_READERS = (Role.ORGANISER, Role.VISA)
TRAVEL_READERS = (Role.ORGANISER, Role.LISTS, Role.DESK)

QUESTIONS = (
    Ready(
        "needs-visa",
        QuestionKind.YES_NO,
        six(
            "Do you need a visa for this meeting?",
            "Avez-vous besoin d’un visa pour cette réunion ?",
            "¿Necesita visado para esta reunión?",
            "Нужна ли вам виза для участия в совещании?",
            "您参加本次会议是否需要签证？",
            "هل تحتاجون إلى تأشيرة لحضور هذا الاجتماع؟",
        ),
        VISA_WHY,
        3,
        VISA_READERS,
    ),
    Ready(
        "nationality",
        QuestionKind.COUNTRY,
        six(
            "Which country issued your passport?",
            "Quel pays a délivré votre passeport ?",
            "¿Qué país expidió su pasaporte?",
            "Какая страна выдала ваш паспорт?",
            "您的护照由哪个国家签发？",
            "ما البلد الذي أصدر جواز سفركم؟",
        ),
        VISA_WHY,
        3,
        VISA_READERS,
        shown_if="needs-visa",
        shown_if_answer="yes",
    ),
    Ready(
        "visa-place",
        QuestionKind.TEXT,
        six(
            "Where will you apply for the visa?",
            "Où demanderez-vous le visa ?",
            "¿Dónde solicitará el visado?",
            "Где вы будете подавать заявление на визу?",
            "您将在哪里申请签证？",
            "أين ستقدمون طلب التأشيرة؟",
        ),
        VISA_WHY,
        3,
        VISA_READERS,
        help=six(
            "City and country of the embassy or consulate.",
            "Ville et pays de l’ambassade ou du consulat.",
            "Ciudad y país de la embajada o del consulado.",
            "Город и страна посольства или консульства.",
            "使馆或领事馆所在城市和国家。",
            "مدينة وبلد السفارة أو القنصلية.",
        ),
        shown_if="needs-visa",
        shown_if_answer="yes",
    ),
    Ready(
        "visa-letter",
        QuestionKind.YES_NO,
        six(
            "Do you need a letter from us for the visa?",
            "Avez-vous besoin d’une lettre de notre part pour le visa ?",
            "¿Necesita una carta nuestra para el visado?",
            "Нужно ли вам наше письмо для получения визы?",
            "办理签证是否需要我们出具信函？",
            "هل تحتاجون إلى رسالة منا من أجل التأشيرة؟",
        ),
        VISA_WHY,
        3,
        VISA_READERS,
        shown_if="needs-visa",
        shown_if_answer="yes",
    ),
    Ready(
        "arrival-day",
        QuestionKind.DATE,
        six(
            "On which day do you arrive?",
            "Quel jour arrivez-vous ?",
            "¿Qué día llega?",
            "В какой день вы прибываете?",
            "您哪天抵达？",
            "في أي يوم تصلون؟",
        ),
        TRAVEL_WHY,
        2,
        TRAVEL_READERS,
    ),
    Ready(
        "arrival-flight",
        QuestionKind.TEXT,
        six(
            "Arriving flight and time",
            "Vol et heure d’arrivée",
            "Vuelo y hora de llegada",
            "Рейс и время прибытия",
            "抵达航班和时间",
            "رحلة الوصول وموعدها",
        ),
        TRAVEL_WHY,
        2,
        TRAVEL_READERS,
    ),
    Ready(
        "departure-day",
        QuestionKind.DATE,
        six(
            "On which day do you leave?",
            "Quel jour repartez-vous ?",
            "¿Qué día se marcha?",
            "В какой день вы уезжаете?",
            "您哪天离开？",
            "في أي يوم تغادرون؟",
        ),
        TRAVEL_WHY,
        2,
        TRAVEL_READERS,
    ),
    Ready(
        "departure-flight",
        QuestionKind.TEXT,
        six(
            "Departing flight and time",
            "Vol et heure de départ",
            "Vuelo y hora de salida",
            "Рейс и время отъезда",
            "离开航班和时间",
            "رحلة المغادرة وموعدها",
        ),
        TRAVEL_WHY,
        2,
        TRAVEL_READERS,
    ),
)
