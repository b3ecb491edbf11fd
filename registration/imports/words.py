"""What people write above a column, in six languages; compared folded, so capitals and accents do not matter."""

from __future__ import annotations

from functools import cache

from meeting.collation import fold

# Besides the fields of a row: where it belongs, and what it is known by.
PLACE = ("reference", "category", "entity")

WORDS: dict[str, tuple[str, ...]] = {
    "reference": (
        "reference", "registration reference", "reference number", "registration number", "reg no", "ref",
        "ref no", "référence", "numéro de référence", "numéro d’inscription", "referencia", "número de referencia",
        "número de inscripción", "регистрационный номер", "номер заявки", "справочный номер", "ссылка",
        "الرقم المرجعي", "المرجع", "رقم التسجيل", "编号", "参考编号", "注册编号", "登记号",
    ),
    "category": (
        "category", "participant category", "category of participant", "participant type", "type of participant",
        "catégorie", "catégorie de participant", "type de participant", "categoría", "categoría de participante",
        "tipo de participante", "категория", "категория участника", "тип участника", "الفئة", "فئة المشارك",
        "نوع المشارك", "类别", "参会类别", "参会者类别",
    ),
    "entity": (
        "entity", "represents", "delegation", "country", "country or organization", "country/organization",
        "country or territory", "state", "member state", "government", "nominator", "representing",
        "nationality or organization", "entité", "représente", "délégation", "pays", "pays ou organisation",
        "pays/organisation", "état", "état membre", "gouvernement", "entidad", "representa", "representa a",
        "delegación", "país", "país u organización", "estado", "estado miembro", "gobierno", "субъект",
        "представляет", "делегация", "страна", "страна или организация", "государство", "правительство", "الكيان",
        "يمثل", "الجهة", "الوفد", "البلد", "الدولة", "البلد أو المنظمة", "实体", "代表", "代表团", "国家",
        "国家或组织", "国家/组织", "所代表的实体",
    ),
    "honorific": (
        "form of address", "honorific", "salutation", "courtesy title", "prefix", "mr/ms", "mr./ms.", "mr ms",
        "mr/mrs", "mr/mrs/ms", "civilité", "formule de politesse", "titre de civilité", "m/mme", "m./mme",
        "tratamiento", "fórmula de tratamiento", "sr/sra", "sr./sra.", "обращение", "форма обращения", "г-н/г-жа",
        "صيغة المخاطبة", "اللقب", "لقب المخاطبة", "السيد/السيدة", "称谓", "尊称", "先生/女士",
    ),
    "given_names": (
        "given names", "given name", "given name(s)", "first name", "first names", "first name(s)", "forename",
        "forenames", "christian name", "first and middle name", "first and middle names", "prénom", "prénoms",
        "prénom(s)", "nombre", "nombres", "nombre de pila", "nombre(s)", "имя", "имена", "имя и отчество",
        "имя отчество", "الاسم الأول", "الأسماء الأولى", "الأسماء الشخصية", "الاسم الشخصي", "الاسم", "名", "名字",
    ),
    "family_name": (
        "family name", "family name(s)", "surname", "surname(s)", "last name", "last name(s)", "family names",
        "nom", "nom de famille", "nom(s)", "noms", "apellido", "apellidos", "apellido(s)", "фамилия",
        "اسم العائلة", "اللقب العائلي", "الكنية", "اسم الأسرة", "姓", "姓氏",
    ),
    "display_name": (
        "printed name", "name as it should be printed", "name on badge", "badge name", "display name", "name",
        "full name", "names", "participant", "participant name", "name of participant", "delegate",
        "name of delegate", "delegate name", "nom complet", "nom imprimé", "nom à imprimer", "nom sur le badge",
        "nom et prénom", "nom et prénoms", "prénom et nom", "nom tel qu’il doit être imprimé", "nombre completo",
        "nombre impreso", "nombre y apellido", "nombre y apellidos", "nombre en la credencial",
        "nombre tal como debe imprimirse", "фио", "полное имя", "ф.и.о.", "имя для печати", "имя на бейдже",
        "имя и фамилия", "фамилия и имя", "фамилия, имя", "имя, как его следует напечатать", "الاسم الكامل",
        "الاسم المطبوع", "الاسم على الشارة", "الاسم كما ينبغي طباعته", "姓名", "全名", "印刷姓名", "打印姓名",
        "胸卡姓名", "证件上的姓名",
    ),
    "passport_name": (
        "passport name", "name as in the passport", "name as in passport", "name in passport",
        "name as shown in passport", "name as per passport", "nom sur le passeport",
        "nom tel que sur le passeport", "nom figurant sur le passeport", "nom dans le passeport",
        "nombre en el pasaporte", "nombre como en el pasaporte", "nombre según pasaporte", "имя в паспорте",
        "имя как в паспорте", "имя по паспорту", "الاسم كما في جواز السفر", "الاسم في جواز السفر", "护照姓名",
        "护照上的姓名",
    ),
    "functional_title": (
        "functional title", "title", "job title", "position", "function", "title/function", "designation", "post",
        "occupation", "title and function", "titre fonctionnel", "fonction", "fonctions", "titre", "poste",
        "titre/fonction", "cargo", "puesto", "título", "función", "título funcional", "cargo o función",
        "должность", "занимаемая должность", "название должности", "المسمى الوظيفي", "اللقب الوظيفي", "الوظيفة",
        "المنصب", "职务", "职位", "职称", "职衔",
    ),
    "department": (
        "ministry or department", "department", "ministry", "ministry/department", "department/ministry",
        "division", "unit", "office", "ministère ou département", "ministère", "département", "service",
        "direction", "ministère/département", "ministerio o departamento", "ministerio", "departamento",
        "dependencia", "ministerio/departamento", "министерство или департамент", "министерство", "департамент",
        "ведомство", "министерство/ведомство", "отдел", "الوزارة أو الإدارة", "الوزارة", "الإدارة", "القسم",
        "部委或部门", "部委", "部门", "部", "司局",
    ),
    "organisation": (
        "organization", "organisation", "home organization", "home organisation", "institution", "employer",
        "agency", "affiliation", "company", "organisme", "établissement", "employeur", "organización",
        "institución", "empleador", "организация", "учреждение", "место работы", "المنظمة", "المؤسسة", "جهة العمل",
        "组织", "机构", "单位", "所属机构", "工作单位",
    ),
    "role": (
        "role", "role in the delegation", "role in delegation", "capacity", "status in delegation", "rôle",
        "rôle dans la délégation", "qualité", "función en la delegación", "rol", "papel", "papel en la delegación",
        "rol en la delegación", "calidad", "роль", "роль в делегации", "статус в делегации", "в качестве", "الدور",
        "الدور في الوفد", "الصفة", "角色", "在代表团中的角色", "在代表团中的职务", "代表团职务", "身份",
    ),
    "email": (
        "email", "e-mail", "email address", "e-mail address", "mail", "electronic mail", "courriel",
        "adresse électronique", "adresse e-mail", "adresse email", "adresse de courriel", "mél", "correo",
        "correo electrónico", "correo-e", "dirección de correo electrónico", "электронная почта", "эл. почта",
        "адрес электронной почты", "почта", "имейл", "البريد الإلكتروني", "البريد الالكتروني",
        "عنوان البريد الإلكتروني", "电子邮件", "电子邮箱", "邮箱", "电邮", "邮件地址", "电子邮件地址",
    ),
    "phone": (
        "telephone", "phone", "phone number", "telephone number", "mobile", "mobile phone", "mobile number",
        "cell phone", "cell", "tel", "tel no", "contact number", "téléphone", "numéro de téléphone", "portable",
        "tél", "mobile (téléphone)", "teléfono", "número de teléfono", "móvil", "celular", "телефон",
        "номер телефона", "мобильный телефон", "моб. телефон", "الهاتف", "رقم الهاتف", "الهاتف المحمول", "الجوال",
        "电话", "电话号码", "手机", "手机号码",
    ),
    "birth_date": (
        "date of birth", "birth date", "birthdate", "birthday", "dob", "born", "date de naissance", "né(e) le",
        "né le", "naissance", "fecha de nacimiento", "nacimiento", "дата рождения", "родился", "تاريخ الميلاد",
        "تاريخ الولادة", "出生日期", "生日", "出生年月日",
    ),
    "modality": (
        "takes part", "participation", "mode of participation", "attendance", "type of attendance", "modality",
        "in person or online", "participe", "mode de participation", "modalité", "modalidad", "participa",
        "modalidad de participación", "участвует", "форма участия", "формат участия", "يشارك", "طريقة المشاركة",
        "نوع المشاركة", "参加方式", "参会方式", "参与方式", "出席方式",
    ),
    "language": (
        "language", "language of our messages", "preferred language", "correspondence language",
        "language of correspondence", "langue", "langue de nos messages", "langue de correspondance",
        "langue préférée", "idioma", "idioma de nuestros mensajes", "idioma de correspondencia",
        "idioma preferido", "язык", "язык наших сообщений", "язык переписки", "язык сообщений", "اللغة",
        "لغة المراسلة", "لغة رسائلنا", "语言", "通信语言", "消息语言", "我们信息的语言",
    ),
    "on_behalf": (
        "no mail to this person", "no mail", "no email", "on behalf", "mail to focal point", "vip",
        "registered on behalf", "pas de courriel à cette personne", "aucun message à cette personne",
        "pas de courriel", "sin correo a esta persona", "sin correo", "ningún mensaje a esta persona", "без писем",
        "не писать этому лицу", "لا بريد لهذا الشخص", "بدون بريد", "لا رسائل لهذا الشخص", "不给此人发邮件",
        "不发邮件", "不向此人发邮件",
    ),
    "precedence": (
        "order in the delegation", "order", "precedence", "order of precedence", "rank",
        "ordre dans la délégation", "ordre", "préséance",
        "ordre de préséance", "rang", "orden en la delegación", "orden", "precedencia",
        "orden de precedencia", "порядок в делегации", "порядок", "старшинство",
        "الترتيب في الوفد", "الترتيب", "الأسبقية", "代表团中的顺序", "顺序", "排序", "礼宾顺序",
    ),
}  # fmt: skip

# Known, and on purpose not taken: what our own exports tell besides.
LEFT_OUT = (
    # Lines are counted in most rosters; that is no order of precedence.
    "no", "n°", "nr", "s n", "sl no", "sr no", "serial number", "number", "numéro", "n.º", "número",
    "п п", "номер п п", "م", "رقم", "序号",
    "status", "since", "submitted", "statut", "état de la demande", "depuis", "envoyé",
        "estado de la inscripción", "desde", "enviado", "статус", "с какого времени", "отправлено", "الحالة",
        "منذ", "أُرسل", "状态", "自", "已提交", "what to do", "à faire", "qué hacer", "что сделать", "ما العمل",
        "怎么办", "remarks", "remarques", "observaciones", "примечания", "ملاحظات", "备注",
)  # fmt: skip


@cache
def known() -> dict[str, str]:
    """Field by folded heading; the empty field for what is left out."""
    found: dict[str, str] = {fold(word): "" for word in LEFT_OUT}
    for field, words in WORDS.items():
        for word in words:
            if key := fold(word):
                found[key] = field
        found[fold(field.replace("_", " "))] = field
        found[field] = field
    return found
