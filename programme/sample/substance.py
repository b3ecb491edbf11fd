"""What the sample meeting deals with: five objectives, three focus areas, the five themes of the Congress."""

from meeting.languages import Text, six

OBJECTIVES: list[Text] = [
    six(
        "Look into new challenges and dimensions of the commercial sexual exploitation of children, and aim strategies and measures at them more closely, building on what has been achieved",
        "Examiner les nouveaux défis et les nouvelles dimensions de l’exploitation sexuelle des enfants à des fins commerciales, et mieux cibler les stratégies et les mesures à partir des progrès accomplis",
        "Estudiar los nuevos retos y dimensiones de la explotación sexual comercial de la infancia y orientar mejor las estrategias y medidas, a partir de los avances logrados",
        "Рассмотреть новые вызовы и проявления коммерческой сексуальной эксплуатации детей и сделать стратегии и меры более адресными, опираясь на достигнутое",
        "研究对儿童的商业性性剥削的新挑战和新层面，在已有进展基础上制定更有针对性的战略和措施",
        "بحث التحديات والأبعاد الجديدة للاستغلال الجنسي التجاري للأطفال، ووضع استراتيجيات وتدابير أدق توجيها استنادا إلى ما تحقق من تقدم",
    ),
    six(
        "Find out what works in different parts of the region, good practices included, and make it easier to learn from one another",
        "Déterminer ce qui donne des résultats dans les différentes parties de la région, bonnes pratiques comprises, et faciliter l’échange d’expériences",
        "Averiguar qué funciona en las distintas partes de la región, incluidas las buenas prácticas, y facilitar el intercambio de experiencias",
        "Выяснить, что дает результаты в разных частях региона, включая передовую практику, и облегчить обмен опытом",
        "了解区域各地行之有效的办法，包括良好做法，并便利经验交流",
        "معرفة ما يثبت نجاحه في مختلف أنحاء المنطقة، بما في ذلك الممارسات الجيدة، وتيسير تبادل الخبرات",
    ),
    six(
        "Open the way to closer cooperation on the key issues: across borders, within the region and between regions",
        "Ouvrir la voie à une coopération plus étroite sur les questions essentielles : transfrontière, régionale et interrégionale",
        "Abrir vías para una cooperación más estrecha en las cuestiones clave: transfronteriza, regional e interregional",
        "Открыть путь к более тесному сотрудничеству по ключевым вопросам: трансграничному, региональному и межрегиональному",
        "为在关键问题上加强跨境、区域内和区域间合作开辟渠道",
        "فتح السبل أمام تعاون أوثق في القضايا الرئيسية: عبر الحدود وداخل المنطقة وبين المناطق",
    ),
    six(
        "Set in motion an approach that takes in the whole system and every sector, so that the right of children and adolescents to protection from sexual exploitation is guaranteed",
        "Impulser une démarche systémique et multisectorielle qui garantisse le droit des enfants et des adolescents à être protégés de l’exploitation sexuelle",
        "Impulsar un enfoque sistémico y multisectorial que garantice el derecho de niños, niñas y adolescentes a ser protegidos de la explotación sexual",
        "Дать толчок системному и межотраслевому подходу, гарантирующему право детей и подростков на защиту от сексуальной эксплуатации",
        "推动系统性、多部门的办法，保障儿童和青少年免遭性剥削的权利",
        "الدفع نحو نهج شامل للنظام ومتعدد القطاعات يكفل حق الأطفال والمراهقين في الحماية من الاستغلال الجنسي",
    ),
    six(
        "Name goals with a date for each of the themes of the Congress",
        "Fixer des objectifs assortis d’échéances pour chacun des thèmes du Congrès",
        "Fijar metas con plazos para cada uno de los temas del Congreso",
        "Наметить цели с указанием сроков по каждой из тем Конгресса",
        "为大会各项主题确定有时限的目标",
        "تحديد أهداف ذات آجال زمنية لكل موضوع من مواضيع المؤتمر",
    ),
]

FOCUS_AREAS: list[Text] = [
    six(
        "Child prostitution and its relation to gender dynamics",
        "La prostitution des enfants et ses liens avec les rapports entre les sexes",
        "La prostitución infantil y su relación con las dinámicas de género",
        "Детская проституция и ее связь с гендерными отношениями",
        "儿童卖淫及其与性别关系的联系",
        "بغاء الأطفال وعلاقته بديناميات النوع الاجتماعي",
    ),
    six(
        "Child trafficking for sexual purposes and its links with migration",
        "La traite des enfants à des fins sexuelles et ses liens avec les migrations",
        "La trata de niños con fines sexuales y sus vínculos con la migración",
        "Торговля детьми в сексуальных целях и ее связь с миграцией",
        "以性为目的的贩运儿童及其与移徙的联系",
        "الاتجار بالأطفال لأغراض جنسية وصلاته بالهجرة",
    ),
    six(
        "Child sex tourism and its associations with corporations and industry",
        "Le tourisme pédosexuel et ses rapports avec les entreprises et l’industrie",
        "El turismo sexual con niños y su relación con las empresas y la industria",
        "Детский секс-туризм и его связь с компаниями и отраслью",
        "儿童色情旅游及其与企业和行业的关联",
        "السياحة الجنسية التي تستهدف الأطفال وارتباطها بالشركات والصناعة",
    ),
]

# Title, description.
THEMES: list[tuple[Text, Text]] = [
    (
        six(
            "Commercial sexual exploitation of children",
            "Exploitation sexuelle des enfants à des fins commerciales",
            "Explotación sexual comercial de la infancia",
            "Коммерческая сексуальная эксплуатация детей",
            "对儿童的商业性性剥削",
            "الاستغلال الجنسي التجاري للأطفال",
        ),
        six(
            "How it changes, and how to meet challenges old and new: trafficking, prostitution, tourism, child pornography and crimes committed with new technologies.",
            "Ses formes changeantes et les moyens de répondre aux défis anciens et nouveaux : traite, prostitution, tourisme, pédopornographie et infractions commises au moyen des nouvelles technologies.",
            "Cómo cambia y cómo responder a los retos antiguos y nuevos: trata, prostitución, turismo, pornografía infantil y delitos cometidos con las nuevas tecnologías.",
            "Как она меняется и как отвечать на прежние и новые вызовы: торговля детьми, проституция, туризм, детская порнография и преступления с применением новых технологий.",
            "其变化形式以及应对新老挑战的办法：贩运、卖淫、旅游、儿童色情制品和利用新技术实施的犯罪。",
            "أشكاله المتغيرة وسبل مواجهة التحديات القديمة والجديدة: الاتجار والبغاء والسياحة واستغلال الأطفال في المواد الإباحية والجرائم المرتكبة بالتكنولوجيات الجديدة.",
        ),
    ),
    (
        six(
            "Legal framework and enforcement",
            "Cadre juridique et application des lois",
            "Marco jurídico y aplicación de la ley",
            "Правовая база и правоприменение",
            "法律框架与执法",
            "الإطار القانوني والإنفاذ",
        ),
        six(
            "Law reform, the Optional Protocol on the sale of children, child prostitution and child pornography, impunity and responsibility, and special investigations.",
            "Réforme des lois, Protocole facultatif concernant la vente d’enfants, la prostitution des enfants et la pornographie mettant en scène des enfants, impunité et responsabilité, enquêtes spéciales.",
            "Reforma legislativa, Protocolo Facultativo relativo a la venta de niños, la prostitución infantil y la utilización de niños en la pornografía, impunidad y responsabilidad, e investigaciones especiales.",
            "Реформа законов, Факультативный протокол, касающийся торговли детьми, детской проституции и детской порнографии, безнаказанность и ответственность, специальные расследования.",
            "法律改革，《关于买卖儿童、儿童卖淫和儿童色情制品问题的任择议定书》，有罪不罚与责任，以及特别侦查程序。",
            "إصلاح القوانين، والبروتوكول الاختياري بشأن بيع الأطفال واستغلال الأطفال في البغاء وفي المواد الإباحية، والإفلات من العقاب والمسؤولية، والتحقيقات الخاصة.",
        ),
    ),
    (
        six(
            "Integrated inter-agency policies",
            "Politiques interinstitutions intégrées",
            "Políticas interinstitucionales integradas",
            "Комплексная межведомственная политика",
            "机构间综合政策",
            "السياسات المتكاملة المشتركة بين الجهات",
        ),
        six(
            "Public policies across sectors, cooperation between levels of government, the link with the justice system, and the part of training bodies.",
            "Politiques publiques intersectorielles, coopération entre niveaux de gouvernement, lien avec la justice et rôle des organismes de formation.",
            "Políticas públicas intersectoriales, cooperación entre niveles de gobierno, vínculo con la justicia y papel de las entidades de formación.",
            "Межотраслевая государственная политика, взаимодействие между уровнями управления, связь с правосудием и роль учебных организаций.",
            "跨部门公共政策、各级政府之间的合作、与司法系统的衔接以及培训机构的作用。",
            "السياسات العامة المشتركة بين القطاعات، والتعاون بين مستويات الحكم، والصلة بنظام العدالة، ودور هيئات التدريب.",
        ),
    ),
    (
        six(
            "Initiatives of social responsibility",
            "Initiatives de responsabilité sociale",
            "Iniciativas de responsabilidad social",
            "Инициативы в области социальной ответственности",
            "社会责任倡议",
            "مبادرات المسؤولية الاجتماعية",
        ),
        six(
            "Markets and self-regulation, the part of the world’s financial systems, good business practice, private initiative and public policy.",
            "Marché et autorégulation, rôle des systèmes financiers mondiaux, bonnes pratiques des entreprises, initiative privée et politiques publiques.",
            "Mercado y autorregulación, papel de los sistemas financieros mundiales, buenas prácticas empresariales, iniciativa privada y políticas públicas.",
            "Рынок и саморегулирование, роль мировых финансовых систем, добросовестная деловая практика, частная инициатива и государственная политика.",
            "市场与自律、全球金融体系的作用、良好商业做法、私人倡议和公共政策。",
            "السوق والتنظيم الذاتي، ودور النظم المالية العالمية، والممارسات التجارية الجيدة، والمبادرات الخاصة والسياسات العامة.",
        ),
    ),
    (
        six(
            "Strategies for international cooperation",
            "Stratégies de coopération internationale",
            "Estrategias de cooperación internacional",
            "Стратегии международного сотрудничества",
            "国际合作战略",
            "استراتيجيات التعاون الدولي",
        ),
        six(
            "Multilateral and regional mechanisms, action against cross-border crime, information systems, what agencies have learned, and following up earlier Congresses.",
            "Mécanismes multilatéraux et régionaux, lutte contre la criminalité transfrontière, systèmes d’information, expérience des organismes et suivi des congrès précédents.",
            "Mecanismos multilaterales y regionales, lucha contra los delitos transfronterizos, sistemas de información, experiencia de los organismos y seguimiento de los congresos anteriores.",
            "Многосторонние и региональные механизмы, борьба с трансграничной преступностью, информационные системы, опыт учреждений и последующие меры по итогам прежних конгрессов.",
            "多边和区域机制、打击跨境犯罪、信息系统、各机构的经验以及历届大会的后续落实。",
            "الآليات المتعددة الأطراف والإقليمية، ومكافحة الجريمة عبر الحدود، ونظم المعلومات، وخبرة الوكالات، ومتابعة المؤتمرات السابقة.",
        ),
    ),
]
