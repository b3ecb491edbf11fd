"""Categories of participants at the sample meeting, in the order of its list of participants."""

from __future__ import annotations

from dataclasses import dataclass

from meeting.languages import Text, six
from meeting.models import EntityKind
from registration.models import Represents, Standing


@dataclass(frozen=True)
class SampleCategory:
    code: str
    name: Text
    represents: Represents
    kind: EntityKind
    standing: Standing | None = None
    delegation_quota: int | None = None


CATEGORIES = (
    SampleCategory(
        "MEM",
        six("Members", "Membres", "Miembros", "Члены", "成员", "الأعضاء"),
        Represents.GOVERNMENT,
        EntityKind.STATE,
        Standing.MEMBER,
    ),
    SampleCategory(
        "ASM",
        six(
            "Associate members",
            "Membres associés",
            "Miembros asociados",
            "Ассоциированные члены",
            "准成员",
            "الأعضاء المنتسبون",
        ),
        Represents.GOVERNMENT,
        EntityKind.STATE,
        Standing.ASSOCIATE,
    ),
    SampleCategory(
        "OTH",
        six("Other States", "Autres États", "Otros Estados", "Другие государства", "其他国家", "دول أخرى"),
        Represents.GOVERNMENT,
        EntityKind.STATE,
        Standing.NONE,
    ),
    SampleCategory(
        "OBS",
        six(
            "Permanent observers",
            "Observateurs permanents",
            "Observadores permanentes",
            "Постоянные наблюдатели",
            "常驻观察员",
            "المراقبون الدائمون",
        ),
        Represents.GOVERNMENT,
        EntityKind.STATE,
        Standing.OBSERVER,
    ),
    SampleCategory(
        "UNB",
        six(
            "United Nations bodies",
            "Organismes des Nations Unies",
            "Órganos de las Naciones Unidas",
            "Органы Организации Объединенных Наций",
            "联合国机构",
            "هيئات الأمم المتحدة",
        ),
        Represents.AGENCY,
        EntityKind.UN_BODY,
    ),
    SampleCategory(
        "SPA",
        six(
            "Specialized agencies and related organizations",
            "Institutions spécialisées et organisations apparentées",
            "Organismos especializados y organizaciones conexas",
            "Специализированные учреждения и связанные с ними организации",
            "专门机构和相关组织",
            "الوكالات المتخصصة والمنظمات ذات الصلة",
        ),
        Represents.AGENCY,
        EntityKind.AGENCY,
    ),
    SampleCategory(
        "IGO",
        six(
            "Intergovernmental organizations",
            "Organisations intergouvernementales",
            "Organizaciones intergubernamentales",
            "Межправительственные организации",
            "政府间组织",
            "المنظمات الحكومية الدولية",
        ),
        Represents.AGENCY,
        EntityKind.IGO,
        delegation_quota=5,
    ),
    SampleCategory(
        "NGO",
        six(
            "Non-governmental organizations",
            "Organisations non gouvernementales",
            "Organizaciones no gubernamentales",
            "Неправительственные организации",
            "非政府组织",
            "المنظمات غير الحكومية",
        ),
        Represents.NGO,
        EntityKind.NGO,
        delegation_quota=5,
    ),
    SampleCategory(
        "ENT",
        six("Other entities", "Autres entités", "Otras entidades", "Другие участники", "其他实体", "كيانات أخرى"),
        Represents.OTHER,
        EntityKind.OTHER,
        delegation_quota=3,
    ),
)
