"""An illustrative programme of two days. Its subjects come from the meeting; times and rooms are examples, and
nobody is on the podium, because nobody's name is known."""

from __future__ import annotations

from dataclasses import dataclass, field

from meeting.languages import Text, six
from programme.models import Access, SessionKind

from .content import HALL, MEETING_ROOM, ROOM_1, ROOM_2, ROOM_3

FIRST_DAY, SECOND_DAY = "2008-09-18", "2008-09-19"


@dataclass(frozen=True)
class Slot:
    """One part of the programme, in the meeting's own time."""

    day: str
    start: str
    end: str
    kind: SessionKind
    title: Text
    description: Text = field(default_factory=dict)
    agenda_item: str = ""
    room: str = ""
    access: Access = Access.OPEN
    themes: tuple[int, ...] = ()
    focus_areas: tuple[int, ...] = ()
    parts: tuple[Slot, ...] = ()


COFFEE = six("Coffee", "Pause café", "Café", "Перерыв на кофе", "茶歇", "استراحة قهوة")
LUNCH = six("Lunch", "Déjeuner", "Almuerzo", "Обед", "午餐", "غداء")

REGISTRATION = six("Registration", "Inscription", "Inscripción", "Регистрация", "报到", "التسجيل")
OPENING = six("Opening", "Ouverture", "Apertura", "Открытие", "开幕", "الافتتاح")
OPENING_ABOUT = six(
    "Welcome by the organizing bodies and the host Government; opening addresses",
    "Accueil par les organisateurs et le Gouvernement hôte ; allocutions d’ouverture",
    "Bienvenida de los organizadores y del Gobierno anfitrión; discursos de apertura",
    "Приветствия организаторов и правительства принимающей страны; вступительные выступления",
    "主办机构和东道国政府致欢迎辞；开幕致辞",
    "كلمات ترحيب من الهيئات المنظمة والحكومة المضيفة؛ كلمات الافتتاح",
)
AGENDA = six(
    "Adoption of the agenda and election of officers",
    "Adoption de l’ordre du jour et élection du bureau",
    "Aprobación del programa y elección de la Mesa",
    "Утверждение повестки дня и выборы должностных лиц",
    "通过议程和选举主席团成员",
    "إقرار جدول الأعمال وانتخاب أعضاء المكتب",
)
PROGRESS = six(
    "Plenary: progress since Yokohama",
    "Plénière : les progrès depuis Yokohama",
    "Plenaria: avances desde Yokohama",
    "Пленарное заседание: что достигнуто после Йокогамы",
    "全体会议：横滨大会以来的进展",
    "جلسة عامة: التقدم المحرز منذ يوكوهاما",
)
PROGRESS_ABOUT = six(
    "The Regional Commitment and Action Plan, the mid-term review of 2004, and what has happened since",
    "L’Engagement et le Plan d’action régionaux, l’examen à mi-parcours de 2004 et la suite",
    "El Compromiso y Plan de Acción Regional, el examen de mitad de período de 2004 y lo ocurrido desde entonces",
    "Региональное обязательство и План действий, среднесрочный обзор 2004 года и последующие события",
    "《区域承诺和行动计划》、2004年中期审查及其后的发展",
    "الالتزام وخطة العمل الإقليميان، واستعراض منتصف المدة لعام 2004، وما استجد بعده",
)
PANEL = six(
    "Panel: three manifestations of growing importance in the region",
    "Table ronde : trois manifestations qui prennent de l’ampleur dans la région",
    "Mesa redonda: tres manifestaciones de creciente importancia en la región",
    "Дискуссия: три проявления, значение которых в регионе растет",
    "专题讨论：本区域日益突出的三种表现形式",
    "حلقة نقاش: ثلاثة مظاهر متزايدة الأهمية في المنطقة",
)
PANEL_ABOUT = six(
    "For each focus area a moderator, three panellists and a respondent, then questions from the floor",
    "Pour chaque domaine : un modérateur, trois intervenants et un commentateur, puis les questions de la salle",
    "Para cada esfera: moderación, tres panelistas y comentarios, y después preguntas de la sala",
    "По каждому направлению: модератор, три участника и оппонент, затем вопросы из зала",
    "每一重点领域设一名主持人、三名讨论嘉宾和一名评论人，随后回答会场提问",
    "لكل مجال تركيز ميسّر وثلاثة متحدثين ومعقّب، ثم أسئلة الحاضرين",
)
GROUPS_1 = six(
    "Parallel groups: themes 1 to 3",
    "Groupes parallèles : thèmes 1 à 3",
    "Grupos paralelos: temas 1 a 3",
    "Параллельные группы: темы 1–3",
    "平行小组：主题1至3",
    "أفرقة متوازية: المواضيع 1 إلى 3",
)
GROUPS_2 = six(
    "Parallel groups: themes 4 and 5",
    "Groupes parallèles : thèmes 4 et 5",
    "Grupos paralelos: temas 4 y 5",
    "Параллельные группы: темы 4 и 5",
    "平行小组：主题4和5",
    "أفرقة متوازية: الموضوعان 4 و5",
)
GROUPS_ABOUT = six(
    "Each group brings two or three time-bound goals to the plenary",
    "Chaque groupe apporte à la plénière deux ou trois objectifs assortis d’échéances",
    "Cada grupo lleva a la plenaria dos o tres metas con plazos",
    "Каждая группа представляет пленарному заседанию две-три цели с указанием сроков",
    "每组向全体会议提出两至三项有时限的目标",
    "يقدم كل فريق إلى الجلسة العامة هدفين أو ثلاثة أهداف محددة زمنيا",
)
RAPPORTEURS = six(
    "Rapporteurs of the groups compare notes",
    "Concertation des rapporteurs des groupes",
    "Los relatores de los grupos cotejan sus notas",
    "Докладчики групп сверяют записи",
    "各组报告员核对记录",
    "مقررو الأفرقة يقارنون ملاحظاتهم",
)
CHILDREN = six(
    "Recommendations of children and young people",
    "Recommandations des enfants et des jeunes",
    "Recomendaciones de los niños, niñas y jóvenes",
    "Рекомендации детей и молодежи",
    "儿童和青年的建议",
    "توصيات الأطفال والشباب",
)
CHILDREN_ABOUT = six(
    "What they prepared at a meeting of their own. No media, no recording, no photographs",
    "Ce qu’ils ont préparé lors de leur propre réunion. Sans médias, ni enregistrement, ni photographies",
    "Lo que prepararon en su propia reunión. Sin medios de comunicación, grabaciones ni fotografías",
    "Подготовлены на их собственной встрече. Без прессы, записи и фотосъемки",
    "由他们在自己的会议上拟定。不对媒体开放，不录音录像，不拍照",
    "ما أعدّوه في اجتماع خاص بهم. دون وسائط إعلام أو تسجيل أو تصوير",
)
REPORTS = six(
    "Plenary: reports of the five groups",
    "Plénière : rapports des cinq groupes",
    "Plenaria: informes de los cinco grupos",
    "Пленарное заседание: доклады пяти групп",
    "全体会议：五个小组的报告",
    "جلسة عامة: تقارير الأفرقة الخمسة",
)
DRAFTING = six(
    "Drafting group", "Groupe de rédaction", "Grupo de redacción", "Редакционная группа", "起草小组", "فريق الصياغة"
)
GOALS = six(
    "Plenary: time-bound goals, theme by theme",
    "Plénière : objectifs assortis d’échéances, thème par thème",
    "Plenaria: metas con plazos, tema por tema",
    "Пленарное заседание: цели с указанием сроков по каждой теме",
    "全体会议：逐一讨论各主题有时限的目标",
    "جلسة عامة: الأهداف المحددة زمنيا، موضوعا بعد موضوع",
)
OUTCOME = six(
    "Draft outcome: comments",
    "Projet de document final : observations",
    "Proyecto de documento final: observaciones",
    "Проект итогового документа: замечания",
    "成果草案：评论意见",
    "مشروع الوثيقة الختامية: التعليقات",
)
OUTCOME_ABOUT = six(
    "What the region hands to the Rapporteur of World Congress III",
    "Ce que la région remet au Rapporteur du troisième Congrès mondial",
    "Lo que la región entrega al Relator del III Congreso Mundial",
    "То, что регион передаст докладчику третьего Всемирного конгресса",
    "本区域将提交第三届世界大会报告员的内容",
    "ما تقدمه المنطقة إلى مقرر المؤتمر العالمي الثالث",
)
CLOSING = six(
    "Adoption and closing",
    "Adoption et clôture",
    "Aprobación y clausura",
    "Принятие и закрытие",
    "通过和闭幕",
    "الاعتماد والاختتام",
)


def _group(number: int, room: str) -> Slot:
    """A parallel group; it takes its title from its theme, and day and times from the slot it stands in."""
    return Slot("", "", "", SessionKind.GROUP, {}, room=room, themes=(number,))


PROGRAMME = (
    Slot(FIRST_DAY, "08:00", "09:00", SessionKind.REGISTRATION, REGISTRATION),
    Slot(FIRST_DAY, "09:00", "09:45", SessionKind.OPENING, OPENING, OPENING_ABOUT, "1 (a)", HALL),
    Slot(FIRST_DAY, "09:45", "10:00", SessionKind.PLENARY, AGENDA, {}, "1 (b), (c)", HALL, Access.DELEGATIONS),
    Slot(FIRST_DAY, "10:00", "10:30", SessionKind.BREAK, COFFEE),
    Slot(FIRST_DAY, "10:30", "12:00", SessionKind.PLENARY, PROGRESS, PROGRESS_ABOUT, "2", HALL, themes=(5,)),
    Slot(FIRST_DAY, "12:00", "13:00", SessionKind.BREAK, LUNCH),
    Slot(FIRST_DAY, "13:00", "14:45", SessionKind.PANEL, PANEL, PANEL_ABOUT, "3", HALL, focus_areas=(1, 2, 3)),
    Slot(FIRST_DAY, "14:45", "15:00", SessionKind.BREAK, COFFEE),
    Slot(
        *(FIRST_DAY, "15:00", "17:00", SessionKind.GROUPS, GROUPS_1, GROUPS_ABOUT, "4"),
        themes=(1, 2, 3),
        parts=(_group(1, ROOM_1), _group(2, ROOM_2), _group(3, ROOM_3)),
    ),
    Slot(FIRST_DAY, "17:00", "17:30", SessionKind.DRAFTING, RAPPORTEURS, {}, "", MEETING_ROOM, Access.CLOSED),
    Slot(SECOND_DAY, "09:00", "09:45", SessionKind.CHILDREN, CHILDREN, CHILDREN_ABOUT, "5", HALL, Access.NO_MEDIA),
    Slot(
        *(SECOND_DAY, "09:45", "11:00", SessionKind.GROUPS, GROUPS_2, GROUPS_ABOUT, "4"),
        themes=(4, 5),
        parts=(_group(4, ROOM_1), _group(5, ROOM_2)),
    ),
    Slot(SECOND_DAY, "11:00", "11:15", SessionKind.BREAK, COFFEE),
    Slot(SECOND_DAY, "11:15", "12:15", SessionKind.PLENARY, REPORTS, {}, "4", HALL, themes=(1, 2, 3, 4, 5)),
    Slot(SECOND_DAY, "12:15", "13:30", SessionKind.BREAK, LUNCH),
    Slot(SECOND_DAY, "12:30", "13:30", SessionKind.DRAFTING, DRAFTING, {}, "", MEETING_ROOM, Access.CLOSED),
    Slot(SECOND_DAY, "13:30", "15:00", SessionKind.PLENARY, GOALS, {}, "6", HALL, themes=(1, 2, 3, 4, 5)),
    Slot(SECOND_DAY, "15:00", "15:30", SessionKind.BREAK, COFFEE),
    Slot(SECOND_DAY, "15:30", "16:30", SessionKind.PLENARY, OUTCOME, OUTCOME_ABOUT, "7", HALL),
    Slot(SECOND_DAY, "16:30", "17:00", SessionKind.CLOSING, CLOSING, {}, "8", HALL),
)
