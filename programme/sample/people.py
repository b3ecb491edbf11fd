"""Parts of invented names, by the habits of many places: order, scripts, single names. Nobody real is meant."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Pool:
    """Given names of women and of men, and family names; how they stand together says `form`."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...] = ("",)
    form: str = "{given} {family}"


@dataclass(frozen=True)
class Name:
    given: str
    family: str
    display: str


def pool(women: str, men: str, families: str = "", form: str = "{given} {family}") -> Pool:
    return Pool(_split(women), _split(men), _split(families) or ("",), form)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


FAMILY_FIRST = "{family} {given}"
JOINED = "{family}{given}"

# For each place the way names are written in Latin letters first, then in its own script or by another habit.
CULTURES: dict[str, tuple[Pool, ...]] = {
    "th": (
        pool(
            "Anong, Pimchanok, Suda, Malee, Ratana, Siriporn, Kanokwan, Duangjai",
            "Somchai, Kittisak, Narong, Wichai, Prasert, Thanakorn, Chaiwat, Surasak",
            "Srisombat, Wongsakul, Thongdee, Rattanakul, Boonmee, Suwannarat, Kaewkhao, Charoensuk, Intharaksa, Phanomwan",
        ),
        pool(
            "อนงค์, พิมพ์ชนก, สุดา, มาลี, รัตนา, ศิริพร, กนกวรรณ",
            "สมชาย, กิตติศักดิ์, ณรงค์, วิชัย, ประเสริฐ, ธนากร",
            "ศรีสมบัติ, วงศ์สกุล, ทองดี, รัตนกุล, บุญมี, สุวรรณรัตน์, แก้วขาว, เจริญสุข",
        ),
    ),
    "lo": (
        pool(
            "Sengdao, Chanthala, Phonesavanh, Manivanh, Bouavanh, Latsamy",
            "Bounmy, Khamla, Viengkham, Somphone, Keooudone, Thongsavanh",
            "Vongsa, Phommachanh, Sisavath, Keovilay, Inthavong, Luangrath, Chanthavong",
        ),
        pool("ແສງດາວ, ຈັນທະລາ, ມະນີວັນ, ບົວວັນ", "ບຸນມີ, ຄຳຫຼ້າ, ວຽງຄຳ, ສົມພອນ", "ວົງສາ, ພົມມະຈັນ, ສີສະຫວັດ, ແກ້ວວິໄລ, ອິນທະວົງ"),
    ),
    "km": (
        pool(
            "Chanthou, Bopha, Sreymom, Pisey, Sopheap, Kunthea, Channary",
            "Vuthy, Dara, Rithy, Vannak, Kosal, Samnang, Visal",
            "Sok, Chea, Keo, Heng, Chan, Mao, Nhem, Prak, Ros, Touch",
            FAMILY_FIRST,
        ),
        pool("ច័ន្ទធូ, បុប្ផា, សុភាព, ពិសី", "វុទ្ធី, តារា, រិទ្ធី, កុសល", "សុខ, ជា, កែវ, ហេង, ចាន់, ម៉ៅ", FAMILY_FIRST),
    ),
    # No family names: the whole name stands in one field.
    "my": (
        pool(
            "Khin Thida Aye, Thiri Myat Noe, Ei Phyu Sin, Nilar Win, Hnin Ei Khaing, Su Su Hlaing, Yin Yin Maw, Mya",
            "Aung Ko Latt, Zaw Min Htet, Kyaw Soe Naing, Thein Lwin Oo, Min Thant Zin, Ye Htut Aung, Hla Moe, Thant",
            form="{given}",
        ),
        pool("ခင်သီတာအေး, သီရိမြတ်နိုး, အိဖြူစင်, နီလာဝင်း", "အောင်ကိုလတ်, ဇော်မင်းထက်, ကျော်စိုးနိုင်, သိန်းလွင်ဦး", form="{given}"),
    ),
    "vi": (
        pool(
            "Thị Hoài An, Minh Châu, Thu Hà, Thị Ngọc Ánh, Bích Đào, Thị Lan Hương, Phương Uyên, Thị Thúy Quỳnh",
            "Văn Đức, Quốc Bảo, Hữu Phước, Đình Khôi, Anh Tuấn, Trọng Nghĩa, Công Thành, Xuân Trường",
            "Nguyễn, Trần, Lê, Phạm, Hoàng, Phan, Vũ, Đặng, Bùi, Đỗ, Dương, Lý",
            FAMILY_FIRST,
        ),
    ),
    "zh": (
        pool(
            "Ruolan, Xiaoyan, Lihua, Yuqing, Meiling, Xue, Jingyi",
            "Wei, Jianguo, Haitao, Zhiqiang, Min, Yongsheng, Lei",
            "Wang, Li, Zhang, Chen, Liu, Zhao, Wu, Zhou, Sun, Ma, Xu, Wen, Lü",
            FAMILY_FIRST,
        ),
        pool("若兰, 晓燕, 丽华, 玉清, 美玲, 雪", "伟, 建国, 海涛, 志强, 敏, 永生", "王, 李, 张, 陈, 刘, 赵, 吴, 周, 孙, 马, 欧阳", JOINED),
    ),
    "hk": (
        pool(
            "Ka Yan, Wing Sze, Mei Fong, Lai Kuen",
            "Chi Keung, Wai Man, Kwok Hung, Tsz Ho",
            "Chan, Wong, Leung, Cheung, Ho, Lam, Ng, Yuen",
            FAMILY_FIRST,
        ),
        pool("嘉欣, 詠詩, 美芳, 麗娟", "志強, 偉文, 國雄, 子豪", "陳, 黃, 梁, 張, 何, 林, 吳, 袁", JOINED),
    ),
    "ja": (
        pool(
            "Haruka, Yumi, Aiko, Sachiko, Megumi, Yōko",
            "Kenji, Takeshi, Naoki, Hiroshi, Shōta, Kōji",
            "Satō, Suzuki, Takahashi, Itō, Watanabe, Kobayashi, Yoshida, Matsumoto, Inoue, Shimizu, Abe, Ōno",
        ),
        pool("遥, 由美, 愛子, 幸子, 恵", "健二, 武, 直樹, 博, 翔太", "佐藤, 鈴木, 高橋, 伊藤, 渡辺, 小林, 吉田, 阿部, 大野", FAMILY_FIRST),
    ),
    "ko": (
        pool(
            "Min-seo, Soo-jin, Eun-ji, Hye-rin, Ji-won",
            "Ji-hoon, Hyun-woo, Sung-ho, Dong-min, Tae-yang",
            "Kim, Lee, Park, Choi, Jung, Kang, Yoon, Lim, Han",
            FAMILY_FIRST,
        ),
        pool("민서, 수진, 은지, 혜린", "지훈, 현우, 성호, 동민", "김, 이, 박, 최, 정, 강, 윤", JOINED),
    ),
    "mn": (
        pool(
            "Enkhtuya, Oyuunchimeg, Tsetseg, Narantuya, Bolormaa",
            "Batbayar, Ganbold, Munkhbat, Sukhbat, Erdenebileg",
            "Dorjiin, Boldyn, Tömöriin, Gantulgyn, Püreviin",
            FAMILY_FIRST,
        ),
        pool("Энхтуяа, Оюунчимэг, Цэцэг, Наранцэцэг", "Батбаяр, Ганболд, Мөнхбат, Эрдэнэ", "Доржийн, Болдын, Төмөрийн, Гантулгын, Пүрэвийн", FAMILY_FIRST),
    ),
    "id": (
        pool(
            "Dewi, Rina, Sri, Ayu, Ratih, Kartini, Putu Ayu",
            "Agus, Budi, Eko, Rizky, Hendra, I Made, Yohanes",
            "Wulandari, Larasati, Prasetyo, Nugroho, Siregar, Simanjuntak, Hidayat, Kusuma, Tanjung",
        ),
        pool("Hartini, Wahyuni, Nurhayati, Sumiati, Supartini", "Supriyadi, Sutrisno, Kusnadi, Marsudi, Suparman", form="{given}"),
    ),
    "ms": (
        pool(
            "Nur Aisyah binti Ismail, Siti Hajar binti Osman, Faridah binti Yusof, Noraini binti Hassan",
            "Ahmad Faizal bin Osman, Mohd Hafiz bin Razali, Zulkifli bin Mat Isa, Khairul bin Hashim",
            form="{given}",
        ),
        pool("Mei Yee, Kavitha, Suet Lin", "Kok Leong, Rajendran, Chee Wai", "Tan, Lim, Subramaniam, Ong, Teoh", FAMILY_FIRST),
    ),
    "ph": (
        pool(
            "Maria Luz, Rosalinda, Corazón, Maria Teresa, Josefina, Liwayway",
            "José Andrés, Emmanuel, Benjie, Renato, Dominador, Amado",
            "Peñaflorida, Aguhar, Buenaventura, Macaraeg, Dimaculangan, de los Reyes, Ybañez, Catacutan",
        ),
    ),
    "pacific": (
        pool(
            "ʻAna, Litia, Losa, Teuila, Mele, Kaʻiulani, Sisilia, Faʻafetai, Tepaeru",
            "Siaosi, Sione, Tevita, Jone, Faleolo, Manoa, Taʻitaʻifono, Ioane, Teuira",
            "Tuʻipeatau, Taʻaleo, Waqanisau, Naulivou, Tupuʻola, Fonuaʻea, Maʻafala, Kabua-Lajuan, Leʻaupepe",
        ),
    ),
    "kiribati": (
        pool("Teretia, Nei Maria, Taoingina, Rotia", "Tebuka, Ioteba, Kaitu, Bwere", "Tebwatoro, Teiwaki-Ioane, Bauro, Tokataake"),
        pool("Teretia, Nei Maria, Bwebwe", "Tebuka, Ioteba, Kaitu", form="{given}"),
    ),
    "melanesia": (
        pool(
            "Grace, Rosemary, Ruth, Jennifer, Marie-Noëlle, Leisale",
            "Moses, Peter, Willie, Jean-Pierre, Kila, Obed",
            "Kaupa, Waramin, Taripoa, Kalsakau-Bule, Wamejo, Maenuʻu, Tabi, Natapei-Molisa",
        ),
    ),
    "sa": (
        pool(
            "Ananya, Sunita, Farzana, Kamala, Nirmala, Shanthi",
            "Arjun, Bikash, Rashedul, Deepak, Prabath, Imran",
            "Chatterjee, Gurung, Chowdhury, Shrestha, Jayawardene-Silva, Perera, Thapa, Qureshi, Nair",
        ),
        pool("अनन्या, सुनीता, कमला, निर्मला", "अर्जुन, विकास, दीपक, राजेश", "गुरुङ, श्रेष्ठ, थापा, शर्मा, नायर"),
        pool("ফারজানা, শিরিন, নাসরিন", "রাশেদুল, কামরুল, আনিসুর", "চৌধুরী, রহমান, আহমেদ"),
    ),
    "bt": (pool("Karma Choden, Pema Lhamo, Sonam Yangzom, Dechen", "Tenzin Wangdi, Kinley Dorji, Ugyen, Jigme Tshering", form="{given}"),),
    "fa": (
        pool("Laleh, Shirin, Zahra, Parwana", "Dariush, Farhad, Najibullah, Behrouz", "Karimzadeh, Ahmadi, Sultani, Mohebbi"),
        pool("لاله, شیرین, زهرا, پروانه", "داریوش, فرهاد, نجیب‌الله, بهروز", "کریم‌زاده, احمدی, سلطانی, محبی"),
    ),
    "ar": (
        pool("Layla, Nour al-Huda, Samira, Amal", "Omar, Khalil, Abd al-Rahman, Yousef", "Haddad, al-Mansouri, Salem, ben Youssef, el-Sayed"),
        pool("ليلى, نور الهدى, سميرة, أمل", "عمر, خليل, عبد الرحمن, يوسف", "حداد, المنصوري, سالم, السيد"),
    ),
    "ru": (
        pool("Elena, Gulnora, Aigul, Nino, Lusine", "Aleksei, Bakhtiyor, Nurlan, Giorgi, Armen", "Chernykh, Yoʻldosh, Seitkali, Kobalia, Sahakyan, Turgunov, Orlovskikh"),
        pool("Елена, Айгүл, Гулнора, Светлана", "Алексей, Нурлан, Бахтиёр, Сергей", "Воронцовых, Сейітқали, Юлдош, Черных, Ткаченко"),
    ),
    "tr": (pool("Şule, Gülçin, İpek, Zeynep", "İbrahim, Çağrı, Oğuz, Emre", "Yıldırım, Çelik, Öztürkoğlu, Şahin, Güneş"),),
    "en": (
        pool(
            "Margaret, Catherine, Fiona, Hinemoa, Priya, Louise",
            "Daniel, Alastair, Hēmi, Christopher, Rhys, Patrick",
            "Whitcombe, O’Donoghue, Tāwhiri, MacIntosh, Okeley, Fairweather, St. Clair, Nguyen-Smith, Hargreaves",
        ),
    ),
    "fr": (
        pool("Élodie, Françoise, Hélène, Aïcha, Vahinerii", "François, Jérôme, Théo, Benoît, Teva", "Marchand, Lefèvre, Gaudry, d’Aubigné, Nöel-Brun, Tetuanui, Wénéhoua"),
    ),
    "pt": (pool("Luíza, Conceição, Natércia, Joana", "João Batista, Estêvão, Mário, Agostinho", "Araújo, Guimarães, da Conceição, Soares Magno, Brandão"),),
    "nordic": (pool("Ingrid, Åsa, Saga, Solveig", "Jürgen, Søren, Bjørn, Göran", "Solheim, Lindström, Großmann, Sølvberg, van der Hoeven, Müller-Lüders"),),
}  # fmt: skip

# Where a person sits says little about where they come from.
ANYWHERE = tuple(CULTURES)


def draw(culture: str, rng: random.Random) -> tuple[Name, bool]:
    """An invented name, and whether it is a woman's; three in four in the first way of writing of the place."""
    ways = CULTURES[culture]
    way = ways[0] if len(ways) == 1 or rng.random() < 0.75 else rng.choice(ways[1:])
    is_woman = rng.random() < 0.55
    given, family = rng.choice(way.women if is_woman else way.men), rng.choice(way.families)
    return Name(given, family, way.form.format(given=given, family=family).strip()), is_woman
