"""Dietary and accessibility needs: which service to arrange, never why somebody needs it."""

from __future__ import annotations

from meeting.languages import six
from meeting.models import Role

from ...models import QuestionKind
from .ready import Ready

WHY = six(
    "We arrange these services for you. We do not ask, and need not know, for what reason.",
    "Nous organisons ces services pour vous. Nous n’en demandons pas la raison et n’avons pas à la connaître.",
    "Organizamos estos servicios para usted. No preguntamos el motivo ni necesitamos saberlo.",
    "Мы организуем для вас эти услуги. О причинах мы не спрашиваем, и знать их нам не нужно.",
    "我们为您安排这些服务。我们不询问也无需知道原因。",
    "نرتب لكم هذه الخدمات. لا نسأل عن السبب ولا حاجة بنا إلى معرفته.",
)
READERS = (Role.ORGANISER,)

SERVICES = {
    "step-free": six(
        "Step-free access", "Accès sans marche", "Acceso sin escalones", "Доступ без ступеней",
        "无台阶通道", "دخول بلا درج",
    ),
    "wheelchair-space": six(
        "Space for a wheelchair at my seat", "Place pour un fauteuil roulant à mon siège",
        "Espacio para silla de ruedas en mi asiento", "Место для кресла-коляски у моего места",
        "座位旁的轮椅空间", "مكان لكرسي متحرك عند مقعدي",
    ),
    "sign-language": six(
        "Sign language interpretation", "Interprétation en langue des signes", "Interpretación en lengua de señas",
        "Перевод на жестовый язык", "手语传译", "ترجمة بلغة الإشارة",
    ),
    "captioning": six(
        "Live captioning", "Sous-titrage en direct", "Subtitulado en directo", "Субтитры в реальном времени",
        "实时字幕", "عرض نصي مباشر",
    ),
    "hearing-loop": six(
        "Hearing loop", "Boucle auditive", "Bucle magnético", "Индукционная петля", "助听感应环路", "حلقة سمعية",
    ),
    "large-print": six(
        "Documents in large print", "Documents en gros caractères", "Documentos en letra grande",
        "Документы крупным шрифтом", "大字文件", "وثائق بخط كبير",
    ),
    "braille": six(
        "Documents in Braille", "Documents en braille", "Documentos en braille", "Документы шрифтом Брайля",
        "盲文文件", "وثائق بطريقة برايل",
    ),
    "digital": six(
        "Documents for a screen reader", "Documents pour lecteur d’écran", "Documentos para lector de pantalla",
        "Документы для экранного диктора", "适合屏幕阅读器的文件", "وثائق تلائم قارئ الشاشة",
    ),
    "assistant": six(
        "An assistant comes with me", "Une personne m’assiste", "Me acompaña una persona asistente",
        "Со мной приедет помощник", "有助理陪同", "يرافقني مساعد",
    ),
    "quiet-room": six(
        "A quiet room", "Une pièce calme", "Una sala tranquila", "Тихая комната", "安静的房间", "غرفة هادئة",
    ),
}  # fmt: skip

FOOD = {
    "vegetarian": six("Vegetarian", "Végétarien", "Vegetariana", "Вегетарианское", "素食", "نباتي"),
    "vegan": six("Vegan", "Végétalien", "Vegana", "Веганское", "纯素", "نباتي صرف"),
    "halal": six("Halal", "Halal", "Halal", "Халяль", "清真", "حلال"),
    "kosher": six("Kosher", "Casher", "Kosher", "Кошерное", "犹太洁食", "كوشير"),
    "no-pork": six("No pork", "Sans porc", "Sin cerdo", "Без свинины", "不含猪肉", "بلا لحم خنزير"),
    "no-beef": six("No beef", "Sans bœuf", "Sin carne de vacuno", "Без говядины", "不含牛肉", "بلا لحم بقر"),
    "no-fish": six("No fish or shellfish", "Sans poisson ni crustacés", "Sin pescado ni mariscos",
                   "Без рыбы и морепродуктов", "不含鱼和贝类", "بلا أسماك أو محار"),
    "no-nuts": six("No nuts", "Sans fruits à coque", "Sin frutos secos", "Без орехов", "不含坚果", "بلا مكسرات"),
    "no-milk": six("No milk", "Sans lait", "Sin leche", "Без молока", "不含奶", "بلا حليب"),
    "no-gluten": six("No gluten", "Sans gluten", "Sin gluten", "Без глютена", "不含麸质", "بلا غلوتين"),
    "no-eggs": six("No eggs", "Sans œufs", "Sin huevo", "Без яиц", "不含蛋", "بلا بيض"),
}  # fmt: skip

QUESTIONS = (
    Ready(
        "services",
        QuestionKind.MANY_OF,
        six(
            "Which of these shall we arrange for you?",
            "Que devons-nous prévoir pour vous ?",
            "¿Qué debemos disponer para usted?",
            "Что нам для вас организовать?",
            "请选择需要我们为您安排的服务：",
            "ما الذي نرتبه لكم مما يلي؟",
        ),
        WHY,
        3,
        READERS,
        options=SERVICES,
    ),
    Ready(
        "which-sign-language",
        QuestionKind.TEXT,
        six(
            "Which sign language?",
            "Quelle langue des signes ?",
            "¿Qué lengua de señas?",
            "Какой жестовый язык?",
            "哪种手语？",
            "أي لغة إشارة؟",
        ),
        WHY,
        3,
        READERS,
        shown_if="services",
        shown_if_answer="sign-language",
    ),
    Ready(
        "assistant-name",
        QuestionKind.TEXT,
        six(
            "Name of your assistant",
            "Nom de la personne qui vous assiste",
            "Nombre de la persona asistente",
            "Имя вашего помощника",
            "您的助理姓名",
            "اسم مساعدكم",
        ),
        WHY,
        3,
        READERS,
        help=six(
            "For a badge. Assistants take no seat of the delegation.",
            "Pour le badge. Cette personne n’occupe pas de siège de la délégation.",
            "Para la credencial. No ocupa plaza de la delegación.",
            "Для пропуска. Помощник не занимает место делегации.",
            "用于制作证件。助理不占代表团席位。",
            "من أجل الشارة. لا يشغل المساعد مقعدا من مقاعد الوفد.",
        ),
        shown_if="services",
        shown_if_answer="assistant",
    ),
    Ready(
        "food",
        QuestionKind.MANY_OF,
        six(
            "What should your meals be?",
            "Que doivent être vos repas ?",
            "¿Cómo deben ser sus comidas?",
            "Каким должно быть ваше питание?",
            "您的餐食要求：",
            "كيف ينبغي أن تكون وجباتكم؟",
        ),
        WHY,
        3,
        READERS,
        options=FOOD,
    ),
    Ready(
        "other-services",
        QuestionKind.LONG_TEXT,
        six(
            "Anything else we should arrange",
            "Autre chose à prévoir",
            "Otra cosa que debamos disponer",
            "Что ещё нам организовать",
            "需要我们安排的其他事项",
            "أي شيء آخر ينبغي ترتيبه",
        ),
        WHY,
        3,
        READERS,
        help=six(
            "Say what to arrange. The reason is not needed.",
            "Dites ce qu’il faut prévoir. La raison n’est pas nécessaire.",
            "Diga qué hay que disponer. No hace falta el motivo.",
            "Напишите, что нужно. Причину указывать не надо.",
            "请说明需要安排什么，无需说明原因。",
            "اذكروا ما ينبغي ترتيبه. لا حاجة إلى ذكر السبب.",
        ),
    ),
)
