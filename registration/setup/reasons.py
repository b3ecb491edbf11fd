"""The usual reasons for sending a registration back, rejecting it or letting it wait, ready in six languages.

Organisers take them with one button and change what they like. Adding them again brings only those that are missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import get_language, override

from meeting.languages import Text, columns, six
from meeting.models import AuditEntry, Meeting, User
from registration.models import CannedReason

Use = CannedReason.Use
STEP = 10  # room between them for an organiser's own


@dataclass(frozen=True)
class UsualReason:
    """A short name for reviewers, and the words that the delegate reads."""

    use: CannedReason.Use
    name: Text
    text: Text
    fields: tuple[str, ...] = ()  # what is to be put right

    def build(self, meeting: Meeting, order: int) -> CannedReason:
        """As it begins at `meeting`, not yet saved; its name in the language of whoever adds it."""
        name = self.name.get(get_language() or "en", self.name["en"])
        return CannedReason(
            meeting=meeting, use=self.use, order=order, name=name, fields_to_mend=[*self.fields],
            **columns(text=self.text),
        )  # fmt: skip


USUAL = (
    UsualReason(
        Use.RETURN,
        six("No letter", "Pas de lettre", "Falta la carta", "Нет письма", "缺少函件", "لا توجد رسالة"),
        six(
            "We have not received the letter that announces you. Please add the note verbale or the letter of "
            "nomination and send your registration again.",
            "Nous n’avons pas reçu la lettre qui vous annonce. Veuillez joindre la note verbale ou la lettre de "
            "désignation, puis renvoyer votre inscription.",
            "No hemos recibido la carta que anuncia su participación. Adjunte la nota verbal o la carta de "
            "designación y envíe de nuevo su inscripción.",
            "Мы не получили письма, которое извещает о вашем участии. Пожалуйста, приложите вербальную ноту или "
            "письмо о назначении и отправьте регистрацию снова.",
            "我们尚未收到通知您与会的函件。请附上普通照会或提名函，然后重新提交注册。",
            "لم نتلقَّ الرسالة التي تُعلن مشاركتكم. يرجى إرفاق المذكرة الشفوية أو رسالة الترشيح ثم إرسال التسجيل من جديد.",
        ),
        ("letter",),
    ),
    UsualReason(
        Use.RETURN,
        six(
            "The letter does not name them", "La lettre ne nomme pas la personne", "La carta no nombra a la persona",
            "В письме нет этого имени", "函件未列其姓名", "الرسالة لا تذكر الاسم",
        ),
        six(
            "Your name does not stand in the letter of your delegation. Please send a letter that names you, or ask "
            "your focal point to do so.",
            "Votre nom ne figure pas dans la lettre de votre délégation. Veuillez envoyer une lettre qui vous nomme, "
            "ou demander à votre point focal de le faire.",
            "Su nombre no figura en la carta de su delegación. Envíe una carta que le nombre o pida a su punto focal "
            "que lo haga.",
            "Вашего имени нет в письме вашей делегации. Пожалуйста, пришлите письмо, в котором вы названы, или "
            "попросите об этом координатора делегации.",
            "贵代表团的函件中没有您的姓名。请提交列有您姓名的函件，或请贵代表团联络人提交。",
            "لا يرد اسمكم في رسالة وفدكم. يرجى إرسال رسالة تذكر اسمكم، أو الطلب من منسق وفدكم أن يفعل ذلك.",
        ),
        ("letter",),
    ),
    UsualReason(
        Use.RETURN,
        six(
            "Name differs from the passport", "Le nom diffère du passeport", "El nombre difiere del pasaporte",
            "Имя не как в паспорте", "姓名与护照不符", "الاسم يختلف عن جواز السفر",
        ),
        six(
            "Your name is written differently in your passport. Please write it as it stands there: it is checked at "
            "the entrance.",
            "Votre nom s’écrit autrement dans votre passeport. Veuillez l’écrire comme il y figure : il est vérifié à "
            "l’entrée.",
            "Su nombre está escrito de otra forma en su pasaporte. Escríbalo como figura en él: se comprueba en la "
            "entrada.",
            "В вашем паспорте имя написано иначе. Пожалуйста, напишите его так же, как там: его проверяют на входе.",
            "您的姓名与护照上的写法不同。请按护照填写：入口处将予以核对。",
            "اسمكم مكتوب في جواز سفركم على نحو مختلف. يرجى كتابته كما هو وارد فيه، إذ يُتحقق منه عند المدخل.",
        ),
        ("given_names", "family_name", "passport_name"),
    ),
    UsualReason(
        Use.RETURN,
        six(
            "Wrong category", "Catégorie erronée", "Categoría equivocada", "Не та категория", "类别有误",
            "فئة غير صحيحة",
        ),
        six(
            "You have registered in a category that is not that of your organization. Please choose whom you "
            "represent once more and send your registration again.",
            "Vous vous êtes inscrit dans une catégorie qui n’est pas celle de votre organisation. Veuillez indiquer à "
            "nouveau qui vous représentez et renvoyer votre inscription.",
            "Se ha inscrito en una categoría que no es la de su organización. Indique de nuevo a quién representa y "
            "envíe otra vez su inscripción.",
            "Вы зарегистрировались в категории, к которой ваша организация не относится. Пожалуйста, укажите снова, "
            "кого вы представляете, и отправьте регистрацию еще раз.",
            "您所选的注册类别与贵组织不符。请重新选择您所代表的一方，然后再次提交注册。",
            "سجلتم في فئة ليست فئة منظمتكم. يرجى اختيار الجهة التي تمثلونها مرة أخرى وإرسال التسجيل من جديد.",
        ),
        ("category",),
    ),
    UsualReason(
        Use.RETURN,
        six(
            "File cannot be read", "Fichier illisible", "Archivo ilegible", "Файл не читается", "文件无法辨认",
            "الملف غير مقروء",
        ),
        six(
            "We cannot read the file you sent. Please send a clear photograph or scan of the whole page, or a PDF.",
            "Nous ne pouvons pas lire le fichier envoyé. Veuillez envoyer une photographie ou une numérisation nette "
            "de la page entière, ou un PDF.",
            "No podemos leer el archivo que envió. Envíe una fotografía o copia escaneada nítida de la página "
            "completa, o un PDF.",
            "Мы не можем прочитать присланный файл. Пожалуйста, пришлите четкую фотографию или скан всей страницы "
            "либо PDF.",
            "您提交的文件无法辨认。请提交整页的清晰照片或扫描件，或PDF文件。",
            "لا نستطيع قراءة الملف الذي أرسلتموه. يرجى إرسال صورة أو نسخة ممسوحة واضحة للصفحة كاملة، أو ملف PDF.",
        ),
        ("letter",),
    ),
    UsualReason(
        Use.WAITLIST,
        six(
            "Delegation has no seat left", "Plus de siège pour la délégation", "La delegación no tiene más plazas",
            "У делегации нет мест", "代表团名额已满", "لا مقعد متبقٍّ للوفد",
        ),
        six(
            "All seats of your delegation are taken. We write to you as soon as one is free.",
            "Tous les sièges de votre délégation sont pris. Nous vous écrirons dès qu’un siège se libère.",
            "Todas las plazas de su delegación están ocupadas. Le escribiremos en cuanto quede una libre.",
            "Все места вашей делегации заняты. Мы напишем вам, как только одно из них освободится.",
            "贵代表团的名额已满。一有空额，我们将立即通知您。",
            "جميع مقاعد وفدكم مشغولة. سنكتب إليكم حالما يتوفر مقعد.",
        ),
    ),
    UsualReason(
        Use.REJECT,
        six(
            "Delegation has no seat", "Pas de siège pour la délégation", "La delegación no tiene plaza",
            "Для делегации нет места", "代表团没有名额", "لا مقعد للوفد",
        ),
        six(
            "All seats of your delegation are taken, and no more can be given. Your focal point can let you come in "
            "the place of somebody else.",
            "Tous les sièges de votre délégation sont pris et aucun autre ne peut être accordé. Votre point focal peut "
            "vous faire venir à la place d’une autre personne.",
            "Todas las plazas de su delegación están ocupadas y no se pueden conceder más. Su punto focal puede "
            "inscribirle en lugar de otra persona.",
            "Все места вашей делегации заняты, и больше мест дать нельзя. Координатор делегации может направить вас "
            "вместо другого участника.",
            "贵代表团的名额已满，无法再增加。贵代表团联络人可安排您替代他人与会。",
            "جميع مقاعد وفدكم مشغولة، ولا يمكن منح المزيد. يستطيع منسق وفدكم أن يتيح لكم الحضور بدلا من شخص آخر.",
        ),
    ),
    UsualReason(
        Use.REJECT,
        six(
            "Not from this organization", "Ne vient pas de cette organisation", "No procede de esta organización",
            "Не от этой организации", "并非来自该组织", "ليس من هذه المنظمة",
        ),
        six(
            "The organization you named tells us that this registration does not come from it. If that is a mistake, "
            "please come again with a letter from the organization.",
            "L’organisation que vous avez indiquée nous informe que cette inscription n’émane pas d’elle. S’il s’agit "
            "d’une erreur, veuillez vous réinscrire avec une lettre de l’organisation.",
            "La organización que indicó nos informa de que esta inscripción no procede de ella. Si se trata de un "
            "error, inscríbase de nuevo con una carta de la organización.",
            "Указанная вами организация сообщила, что эта регистрация исходит не от нее. Если это ошибка, "
            "пожалуйста, зарегистрируйтесь снова с письмом организации.",
            "您所填写的组织告知我们，此项注册并非由其提出。如有误，请附上该组织的函件重新注册。",
            "أبلغتنا المنظمة التي ذكرتموها أن هذا التسجيل ليس صادرا عنها. إن كان ذلك خطأ، فيرجى التسجيل من جديد "
            "مع رسالة من المنظمة.",
        ),
    ),
    UsualReason(
        Use.REJECT,
        six(
            "Registered twice", "Inscription en double", "Inscripción duplicada", "Повторная регистрация", "重复注册",
            "تسجيل مكرر",
        ),
        six(
            "You are registered twice. Your other registration stays, and you need do nothing.",
            "Vous êtes inscrit deux fois. Votre autre inscription reste valable et vous n’avez rien à faire.",
            "Está inscrito dos veces. Su otra inscripción sigue en pie y no tiene que hacer nada.",
            "Вы зарегистрированы дважды. Другая ваша регистрация остается в силе, и вам ничего не нужно делать.",
            "您已重复注册。您的另一份注册继续有效，无需再办理任何手续。",
            "أنتم مسجلون مرتين. يبقى تسجيلكم الآخر قائما، ولا يلزمكم القيام بأي شيء.",
        ),
    ),
)  # fmt: skip


def missing(meeting: Meeting) -> list[UsualReason]:
    """Those of which the meeting has nothing in the same words."""
    there = set(CannedReason.objects.filter(meeting=meeting).values_list("use", "text_en"))
    return [reason for reason in USUAL if (reason.use, reason.text["en"]) not in there]


@transaction.atomic
def add_usual(meeting: Meeting, *, by: User | None = None) -> list[CannedReason]:
    """Add those that are missing, behind what is there."""
    last = CannedReason.objects.filter(meeting=meeting).order_by("-order").values_list("order", flat=True).first() or 0
    built = [reason.build(meeting, last + STEP * n) for n, reason in enumerate(missing(meeting), 1)]
    with override("en"):
        for reason in built:
            reason.save()
    if built:
        names = [reason.name for reason in built]
        AuditEntry.objects.create(
            meeting=meeting, by=by, action=AuditEntry.Action.SETUP, about="ready reasons", detail={"added": names}
        )
    return built
