"""What the sample meeting is about: identity, background, objectives, themes, place."""

from meeting.languages import Text, english, six

SLUG = "eap-2008"
REFERENCE_PREFIX = "EAP"
STARTS_ON, ENDS_ON = "2008-09-18", "2008-09-19"
TIME_ZONE = "Asia/Bangkok"
REGISTRATION_OPENS, REGISTRATION_CLOSES = "2008-07-14T09:00", "2008-09-12T17:00"
STYLE_OF_NAMES = MEMBERSHIP_BODY = "ESCAP"
CONTACT_EMAIL = "secretariat@eap-2008.example.org"
SAFEGUARDING_EMAIL = "safeguarding@eap-2008.example.org"

TITLE = six(
    "East Asia and the Pacific Regional Preparatory Meeting",
    "Réunion préparatoire régionale de l’Asie de l’Est et du Pacifique",
    "Reunión Preparatoria Regional de Asia Oriental y el Pacífico",
    "Региональное подготовительное совещание для Восточной Азии и Тихого океана",
    "东亚及太平洋区域筹备会议",
    "الاجتماع التحضيري الإقليمي لشرق آسيا والمحيط الهادئ",
)
SUBTITLE = six(
    "for the World Congress III against Sexual Exploitation of Children & Adolescents",
    "en vue du troisième Congrès mondial contre l’exploitation sexuelle des enfants et des adolescents",
    "para el III Congreso Mundial contra la Explotación Sexual de Niños, Niñas y Adolescentes",
    "к третьему Всемирному конгрессу против сексуальной эксплуатации детей и подростков",
    "为第三届反对对儿童和青少年性剥削世界大会作准备",
    "تمهيدا للمؤتمر العالمي الثالث لمكافحة الاستغلال الجنسي للأطفال والمراهقين",
)
SHORT_TITLE = six(
    "EAP Preparatory Meeting, World Congress III",
    "Réunion préparatoire EAP, troisième Congrès mondial",
    "Reunión Preparatoria EAP, III Congreso Mundial",
    "Подготовительное совещание ВАТО, третий Всемирный конгресс",
    "东亚太平洋筹备会议，第三届世界大会",
    "الاجتماع التحضيري، المؤتمر العالمي الثالث",
)
DATE_NOTE = six(
    "These are the dates the organisers printed. Reports of the time suggest that the meeting took place in August 2008.",
    "Ces dates sont celles que les organisateurs ont imprimées. Des comptes rendus de l’époque laissent penser que la réunion s’est tenue en août 2008.",
    "Estas son las fechas que imprimieron los organizadores. Según informes de la época, la reunión se habría celebrado en agosto de 2008.",
    "Даты приведены так, как их напечатали организаторы. Судя по сообщениям того времени, совещание состоялось в августе 2008 года.",
    "此处为主办方印发的日期。当时的报道显示，会议似于2008年8月举行。",
    "هذه هي التواريخ كما طبعها المنظمون. وتوحي تقارير صدرت آنذاك بأن الاجتماع عُقد في آب/أغسطس 2008.",
)
LEAD = six(
    "East Asia and the Pacific takes stock of its promises to protect children from sexual exploitation, "
    "and prepares what it will bring to the World Congress in Rio de Janeiro.",
    "L’Asie de l’Est et le Pacifique font le point de leurs engagements pour protéger les enfants de l’exploitation "
    "sexuelle et préparent leur contribution au Congrès mondial de Rio de Janeiro.",
    "Asia Oriental y el Pacífico hacen balance de sus promesas de proteger a la infancia de la explotación sexual "
    "y preparan lo que llevarán al Congreso Mundial de Río de Janeiro.",
    "Восточная Азия и Тихий океан подводят итоги своих обещаний защитить детей от сексуальной эксплуатации "
    "и готовят вклад региона во Всемирный конгресс в Рио-де-Жанейро.",
    "东亚及太平洋区域盘点其保护儿童免遭性剥削的承诺，并为里约热内卢世界大会准备本区域的意见。",
    "تستعرض منطقة شرق آسيا والمحيط الهادئ ما أوفت به من تعهدات لحماية الأطفال من الاستغلال الجنسي، "
    "وتعدّ ما ستحمله إلى المؤتمر العالمي في ريو دي جانيرو.",
)
INTRODUCTION = english(
    "In Yokohama in 2001, at the Second World Congress, Governments promised together to protect children better: from "
    "prostitution, from trafficking for sexual purposes, from pornography and from sex tourism. Their Global Commitment "
    "renewed what the First World Congress had agreed in Stockholm in 1996, and put first what had to be done first.\n"
    "\n"
    "This region had gone a step further. On its way to Yokohama its Governments and non-governmental organizations "
    "adopted the East Asia and Pacific Regional Commitment and Action Plan. It asks ESCAP and UNICEF, with the help of "
    "ECPAT International, to follow how the Stockholm Declaration and Agenda for Action is being carried out; a mid-term "
    "review took place in Bangkok in 2004.\n"
    "\n"
    "The three bodies, working as an Inter-agency Group, now prepare the region for World Congress III, which the "
    "Government of Brazil hosts in Rio de Janeiro from 25 to 28 November 2008. The regional meeting is built like the "
    "Congress itself: its participants weigh the progress made, look at what is new, sharpen the means of action, and "
    "set targets that can be reached, supported and measured."
)
RAPPORTEUR = english("Mr. Jaap Doek")
RAPPORTEUR_NOTE = six(
    "Rapporteur of World Congress III, former Chair of the Committee on the Rights of the Child. He brings together "
    "what all regions contribute: priorities for action and a set of targets with dates for the Congress to agree on.",
    "Rapporteur du troisième Congrès mondial, ancien Président du Comité des droits de l’enfant. Il réunit les "
    "contributions de toutes les régions : des priorités d’action et des objectifs assortis d’échéances.",
    "Relator del III Congreso Mundial y ex Presidente del Comité de los Derechos del Niño. Reúne las contribuciones de "
    "todas las regiones: prioridades de acción y un conjunto de metas con plazos.",
    "Докладчик третьего Всемирного конгресса, бывший Председатель Комитета по правам ребенка. Он сводит воедино вклад "
    "всех регионов: приоритеты действий и набор целей с указанием сроков.",
    "第三届世界大会报告员，儿童权利委员会前主席。他汇总各区域的意见：行动优先事项和一套有时限的目标。",
    "مقرر المؤتمر العالمي الثالث، والرئيس السابق للجنة حقوق الطفل. ويجمع إسهامات جميع المناطق: أولويات العمل "
    "ومجموعة من الغايات المحددة زمنيا.",
)
PROGRAMME_NOTE = six(
    "This programme is illustrative. The subjects are those of the meeting; times and rooms are examples.",
    "Ce programme est donné à titre d’illustration : les sujets sont ceux de la réunion, les heures et les salles sont des exemples.",
    "Este programa es ilustrativo: los temas son los de la reunión; las horas y las salas son ejemplos.",
    "Эта программа приведена для примера: темы взяты из совещания, время и залы условны.",
    "本日程仅为示例：议题取自会议，时间和会议室均为举例。",
    "هذا البرنامج إيضاحي: المواضيع هي مواضيع الاجتماع، أما الأوقات والقاعات فأمثلة.",
)
HELD_OPEN_NOTE = six(
    "The dates of this meeting are past. Registration is held open so that you can try it out.",
    "Les dates de cette réunion sont passées. L’inscription reste ouverte à titre d’essai.",
    "Las fechas de esta reunión ya pasaron. La inscripción se mantiene abierta a modo de prueba.",
    "Даты этого совещания прошли. Регистрация оставлена открытой, чтобы ее можно было опробовать.",
    "本次会议日期已过。报名保持开放，供试用。",
    "انقضى موعد هذا الاجتماع. والتسجيل مفتوح لأغراض التجربة.",
)

# --- Who, where, and on the way from where to where ----------------------------------------------------------------

# Code in the directory, acronym, name. The order is the one on the organisers' own page.
ORGANISERS = [
    (
        "ESCAP",
        "UNESCAP",
        six(
            "United Nations Economic and Social Commission for Asia and the Pacific",
            "Commission économique et sociale des Nations Unies pour l’Asie et le Pacifique",
            "Comisión Económica y Social de las Naciones Unidas para Asia y el Pacífico",
            "Экономическая и социальная комиссия Организации Объединенных Наций для Азии и Тихого океана",
            "联合国亚洲及太平洋经济社会委员会",
            "لجنة الأمم المتحدة الاقتصادية والاجتماعية لآسيا والمحيط الهادئ",
        ),
    ),
    (
        "UNICEF",
        "UNICEF EAPRO",
        six(
            "UNICEF East Asia and Pacific Regional Office",
            "Bureau régional de l’UNICEF pour l’Asie de l’Est et le Pacifique",
            "Oficina Regional del UNICEF para Asia Oriental y el Pacífico",
            "Региональное отделение ЮНИСЕФ для Восточной Азии и Тихого океана",
            "联合国儿童基金会东亚及太平洋区域办事处",
            "المكتب الإقليمي لليونيسف لشرق آسيا والمحيط الهادئ",
        ),
    ),
    ("ECPAT", "ECPAT", english("ECPAT International")),
]
VENUE = six(
    "United Nations Conference Centre",
    "Centre de conférence des Nations Unies",
    "Centro de Conferencias de las Naciones Unidas",
    "Конференционный центр Организации Объединенных Наций",
    "联合国会议中心",
    "مركز الأمم المتحدة للمؤتمرات",
)
VENUE_SHORT_NAME = "UNCC"
VENUE_ADDRESS = "United Nations Building\nRajadamnern Nok Avenue\nBangkok 10200\nThailand"
VENUE_COUNTRY = "THA"
CITY = six("Bangkok", "Bangkok", "Bangkok", "Бангкок", "曼谷", "بانكوك")

MEETING_ROOM = "MR"
HALL, ROOM_1, ROOM_2, ROOM_3 = "HALL", "CR1", "CR2", "CR3"


def _conference_room(number: int) -> Text:
    return six(
        f"Conference Room {number}",
        f"Salle de conférence {number}",
        f"Sala de conferencias {number}",
        f"Конференц-зал {number}",
        f"第{number}会议室",
        f"قاعة المؤتمرات {number}",
    )


ROOMS = {
    HALL: six("ESCAP Hall", "Salle CESAP", "Sala CESPAP", "Зал ЭСКАТО", "亚太经社会大厅", "قاعة الإسكاب"),
    ROOM_1: _conference_room(1),
    ROOM_2: _conference_room(2),
    ROOM_3: _conference_room(3),
    MEETING_ROOM: six(
        "Meeting Room A",
        "Salle de réunion A",
        "Sala de reuniones A",
        "Комната для заседаний A",
        "A会议室",
        "غرفة الاجتماعات A",
    ),
}

# When, what, whether it is this meeting.
MILESTONES: list[tuple[Text, Text, bool]] = [
    (
        english("1996"),
        six(
            "Stockholm: First World Congress, Declaration and Agenda for Action",
            "Stockholm : premier Congrès mondial, Déclaration et Programme d’action",
            "Estocolmo: primer Congreso Mundial, Declaración y Programa de Acción",
            "Стокгольм: первый Всемирный конгресс, Декларация и Программа действий",
            "斯德哥尔摩：第一届世界大会，《宣言》和《行动纲领》",
            "ستوكهولم: المؤتمر العالمي الأول، الإعلان وبرنامج العمل",
        ),
        False,
    ),
    (
        english("2001"),
        six(
            "East Asia and Pacific Regional Commitment and Action Plan",
            "Engagement et Plan d’action régionaux de l’Asie de l’Est et du Pacifique",
            "Compromiso y Plan de Acción Regional de Asia Oriental y el Pacífico",
            "Региональное обязательство и План действий для Восточной Азии и Тихого океана",
            "《东亚及太平洋区域承诺和行动计划》",
            "الالتزام وخطة العمل الإقليميان لشرق آسيا والمحيط الهادئ",
        ),
        False,
    ),
    (
        english("2001"),
        six(
            "Yokohama: Second World Congress, Global Commitment",
            "Yokohama : deuxième Congrès mondial, Engagement mondial",
            "Yokohama: segundo Congreso Mundial, Compromiso Mundial",
            "Йокогама: второй Всемирный конгресс, Глобальное обязательство",
            "横滨：第二届世界大会，《全球承诺》",
            "يوكوهاما: المؤتمر العالمي الثاني، الالتزام العالمي",
        ),
        False,
    ),
    (
        english("2004"),
        six(
            "Bangkok: Regional Mid-Term Review Meeting",
            "Bangkok : réunion régionale d’examen à mi-parcours",
            "Bangkok: reunión regional de examen de mitad de período",
            "Бангкок: региональное совещание по среднесрочному обзору",
            "曼谷：区域中期审查会议",
            "بانكوك: الاجتماع الإقليمي لاستعراض منتصف المدة",
        ),
        False,
    ),
    (
        six(
            "September 2008",
            "Septembre 2008",
            "Septiembre de 2008",
            "Сентябрь 2008 года",
            "2008年9月",
            "أيلول/سبتمبر 2008",
        ),
        six(
            "Bangkok: this meeting",
            "Bangkok : la présente réunion",
            "Bangkok: esta reunión",
            "Бангкок: это совещание",
            "曼谷：本次会议",
            "بانكوك: هذا الاجتماع",
        ),
        True,
    ),
    (
        six(
            "25–28 November 2008",
            "25-28 novembre 2008",
            "25 a 28 de noviembre de 2008",
            "25–28 ноября 2008 года",
            "2008年11月25日至28日",
            "25-28 تشرين الثاني/نوفمبر 2008",
        ),
        six(
            "Rio de Janeiro: World Congress III",
            "Rio de Janeiro : troisième Congrès mondial",
            "Río de Janeiro: III Congreso Mundial",
            "Рио-де-Жанейро: третий Всемирный конгресс",
            "里约热内卢：第三届世界大会",
            "ريو دي جانيرو: المؤتمر العالمي الثالث",
        ),
        False,
    ),
]

# Illustrative: no document of the meeting is known to have carried it.
LIST_SYMBOL = "E/ESCAP/WC3/2008/INF/2"
LIST_DISTRIBUTION = six(
    "For participants only",
    "Réservé aux participants",
    "Solo para participantes",
    "Только для участников",
    "仅供与会者使用",
    "للمشاركين فقط",
)
