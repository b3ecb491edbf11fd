"""The official categories of an intergovernmental meeting, in the order of its list of participants.

Headings and what goes with them follow the usage of the regional commissions. A meeting takes those it needs, and its
organisers change what they like afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, override

from meeting.languages import Text, columns, six
from meeting.models import EntityKind, Meeting
from registration.models import BadgeColour, Category, LetterKind, Listing, Represents, Standing, Typist

OF_A_STATE = (LetterKind.NOTE_VERBALE, LetterKind.CREDENTIALS, LetterKind.NOMINATION)
OF_A_BODY = (LetterKind.NOMINATION,)
OF_AN_NGO = (LetterKind.ACCREDITATION, LetterKind.NOMINATION)
EVERY_KIND = tuple(EntityKind)


@dataclass(frozen=True)
class OfficialCategory:
    """One of the sixteen: its heading in six languages, who belongs to it, who types, and what it asks for."""

    code: str
    name: Text
    represents: Represents
    kinds: tuple[EntityKind, ...]
    standing: Standing | None = None
    typist: Typist = Typist.EACH
    by_invitation: bool = False
    documents: tuple[LetterKind, ...] = ()
    delegation_quota: int | None = None
    listing: Listing = Listing.NAMES
    badge: BadgeColour = BadgeColour.WHITE
    for_children: bool = False

    @property
    def heading(self) -> str:
        """In the reader's language."""
        return self.name.get(get_language() or "en", self.name["en"])

    def build(self, meeting: Meeting, order: int) -> Category:
        """The category as it begins at `meeting`, not yet saved."""
        return Category(
            meeting=meeting,
            code=self.code,
            order=order,
            represents=self.represents,
            kinds=list(self.kinds),
            standings=[self.standing] if self.standing else [],
            typist=self.typist,
            by_invitation=self.by_invitation,
            required_documents=list(self.documents),
            delegation_quota=self.delegation_quota,
            listing=self.listing,
            badge_colour=self.badge,
            for_children=self.for_children,
            **columns(name=self.name),
        )


def _states(code: str, name: Text, standing: Standing) -> OfficialCategory:
    return OfficialCategory(
        code,
        name,
        Represents.GOVERNMENT,
        (EntityKind.STATE,),
        standing,
        documents=OF_A_STATE,
        badge=BadgeColour.BLUE,
    )


def _bodies(code: str, name: Text, kind: EntityKind, quota: int | None = None) -> OfficialCategory:
    return OfficialCategory(
        code,
        name,
        Represents.AGENCY,
        (kind,),
        documents=OF_A_BODY,
        delegation_quota=quota,
        badge=BadgeColour.GREEN,
    )


OFFICIAL = (
    _states("MEM", six("Members", "Membres", "Miembros", "Члены", "成员", "الأعضاء"), Standing.MEMBER),
    _states(
        "ASM",
        six(
            "Associate members", "Membres associés", "Miembros asociados", "Ассоциированные члены", "准成员",
            "الأعضاء المنتسبون",
        ),
        Standing.ASSOCIATE,
    ),
    _states(
        "OTH",
        six("Other States", "Autres États", "Otros Estados", "Другие государства", "其他国家", "دول أخرى"),
        Standing.NONE,
    ),
    _states(
        "OBS",
        six(
            "Permanent observers", "Observateurs permanents", "Observadores permanentes", "Постоянные наблюдатели",
            "常驻观察员", "المراقبون الدائمون",
        ),
        Standing.OBSERVER,
    ),
    _bodies(
        "UNB",
        six(
            "United Nations bodies", "Organismes des Nations Unies", "Órganos de las Naciones Unidas",
            "Органы Организации Объединенных Наций", "联合国机构", "هيئات الأمم المتحدة",
        ),
        EntityKind.UN_BODY,
    ),
    _bodies(
        "SPA",
        six(
            "Specialized agencies and related organizations",
            "Institutions spécialisées et organisations apparentées",
            "Organismos especializados y organizaciones conexas",
            "Специализированные учреждения и связанные с ними организации",
            "专门机构和相关组织",
            "الوكالات المتخصصة والمنظمات ذات الصلة",
        ),
        EntityKind.AGENCY,
    ),
    _bodies(
        "IGO",
        six(
            "Intergovernmental organizations", "Organisations intergouvernementales",
            "Organizaciones intergubernamentales", "Межправительственные организации", "政府间组织",
            "المنظمات الحكومية الدولية",
        ),
        EntityKind.IGO,
        quota=5,
    ),
    OfficialCategory(
        "NGO",
        six(
            "Non-governmental organizations", "Organisations non gouvernementales", "Organizaciones no gubernamentales",
            "Неправительственные организации", "非政府组织", "المنظمات غير الحكومية",
        ),
        Represents.NGO,
        (EntityKind.NGO,),
        documents=OF_AN_NGO,
        delegation_quota=5,
        badge=BadgeColour.ORANGE,
    ),
    OfficialCategory(
        "ENT",
        six("Other entities", "Autres entités", "Otras entidades", "Другие участники", "其他实体", "كيانات أخرى"),
        Represents.OTHER,
        (EntityKind.OTHER,),
        documents=OF_A_BODY,
        delegation_quota=3,
    ),
    OfficialCategory(
        "RES",
        six(
            "Resource persons", "Personnes-ressources", "Expertos invitados", "Консультанты", "顾问专家",
            "خبراء مرجعيون",
        ),
        Represents.OTHER,
        (EntityKind.OTHER,),
        by_invitation=True,
    ),
    OfficialCategory(
        "YTH",
        six(
            "Children and young people", "Enfants et jeunes", "Niños y jóvenes", "Дети и молодежь", "儿童和青年",
            "الأطفال والشباب",
        ),
        Represents.OTHER,
        EVERY_KIND,
        typist=Typist.FOCAL_POINT,
        by_invitation=True,
        listing=Listing.NUMBER,
        for_children=True,
    ),
    OfficialCategory(
        "ACC",
        six(
            "Accompanying persons", "Accompagnateurs", "Acompañantes", "Сопровождающие лица", "陪同人员", "المرافقون",
        ),
        Represents.OTHER,
        EVERY_KIND,
        typist=Typist.FOCAL_POINT,
        by_invitation=True,
        listing=Listing.NOT,
        badge=BadgeColour.GREY,
    ),
    OfficialCategory(
        "HST",
        six("Host country", "Pays hôte", "País anfitrión", "Принимающая страна", "东道国", "البلد المضيف"),
        Represents.GOVERNMENT,
        (EntityKind.STATE,),
        typist=Typist.FOCAL_POINT,
        by_invitation=True,
        documents=OF_A_STATE,
        badge=BadgeColour.PURPLE,
    ),
    OfficialCategory(
        "MED",
        six("Media", "Médias", "Medios de comunicación", "Средства массовой информации", "媒体", "وسائل الإعلام"),
        Represents.OTHER,
        (EntityKind.OTHER,),
        by_invitation=True,
        documents=(LetterKind.ASSIGNMENT,),
        listing=Listing.NOT,
        badge=BadgeColour.YELLOW,
    ),
    OfficialCategory(
        "SEC",
        six("Secretariat", "Secrétariat", "Secretaría", "Секретариат", "秘书处", "الأمانة"),
        Represents.AGENCY,
        (EntityKind.UN_BODY, EntityKind.AGENCY, EntityKind.IGO, EntityKind.NGO),
        typist=Typist.FOCAL_POINT,
        by_invitation=True,
        badge=BadgeColour.RED,
    ),
    OfficialCategory(
        "GPH",
        six(
            "Access only, not listed", "Accès seulement, hors liste", "Solo acceso, sin figurar en la lista",
            "Только доступ, без включения в список", "仅限入场，不列入名单", "للدخول فقط، دون إدراج في القائمة",
        ),
        Represents.OTHER,
        EVERY_KIND,
        typist=Typist.FOCAL_POINT,
        by_invitation=True,
        listing=Listing.NOT,
        badge=BadgeColour.GREY,
    ),
)  # fmt: skip
STEP = 10  # room between them for an organiser's own


def add_official(meeting: Meeting, codes: Iterable[str]) -> list[Category]:
    """Those of `codes` that the meeting does not have yet, in official order among what is there.

    A place that another category stands in already is passed over: the new one comes next to it.
    """
    there = {c.code: c.order for c in meeting.categories.all()}
    taken, wanted = set(there.values()), set(codes)
    added = []
    with override("en"):
        for place, official in enumerate(OFFICIAL, start=1):
            if official.code in wanted and official.code not in there:
                order = next(n for n in range(place * STEP, 32_000) if n not in taken)
                taken.add(order)
                category = official.build(meeting, order)
                category.save()
                added.append(category)
    return added
