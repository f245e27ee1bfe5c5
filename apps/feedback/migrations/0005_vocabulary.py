"""What a comment is about: its language and themes on the answer, and the words that tell them."""

from django.db import migrations, models

# language -> theme -> words: where operations begin; they add their own.
WORDS = {
    "en": {
        "delivery": "deliver*|late|delay*|driver*|courier*|carrier*|arriv*|on time|in time|shipment*|shipping|transport|waited|too early|missing|incomplete|short",
        "quality": "quality|broke*|defect*|faulty|damag*|scratch*|worn|rust*|leak*|fell apart|does not fit|doesn't fit|wrong size|wrong item|wrong product|durable|sturdy",
        "price": "price*|pricing|expensive|cheap*|cost*|discount*|surcharge*|overcharg*|quote*|freight charge*|value for money",
        "range": "range|assortment|catalogue|catalog|in stock|out of stock|availab*|backorder*|back order*|substitut*|alternativ*|discontinued|do not have|don't have",
        "people": "rep|rude|friendly|helpful|kind|staff|service|support|call*|phone*|nobody told|nobody called|nobody answered|no one answered|no one called|no answer|team|polite*|contact person",
        "documents": "invoice*|delivery note*|packing slip*|credit note*|statement*|paperwork|document*|certificate*|data sheet*|datasheet*|po number|purchase order|receipt*",
        "packaging": "packag*|packing|boxes|box|carton*|pallet*|wrapp*|label*|cardboard|plastic",
        "ordering": "website|web site|portal|shop|search*|order form|ordering|log in|login|password|checkout|cart|punchout|app|easy to order|reorder*",
    },
    "de": {
        "delivery": "liefer*|zustell*|verspät*|zu spät|spät|pünktlich*|fahrer*|spediteur*|spedition*|sendung*|versand*|transport*|fehlte*|unvollständig*|warten|gewartet",
        "quality": "qualität*|kaputt*|defekt*|beschädig*|schaden|zerkratzt*|undicht*|falscher artikel|falsche ware|passt nicht|rost*",
        "price": "preis*|teuer*|billig*|günstig*|kosten*|rabatt*|zuschlag*|angebot*|frachtkosten|konditionen",
        "range": "sortiment*|auswahl|katalog*|lager*|verfügbar*|rückstand*|ersatz*|alternativ*|nicht vorrätig|ausverkauft",
        "people": "mitarbeiter*|berater*|außendienst*|innendienst*|freundlich*|unfreundlich*|hilfsbereit*|service|betreuung|telefon*|erreichbar*|ansprechpartner*|niemand|rückruf*",
        "documents": "rechnung*|lieferschein*|gutschrift*|beleg*|unterlagen|dokument*|zertifikat*|datenblatt*|bestellnummer*",
        "packaging": "verpack*|karton*|palette*|etikett*|folie*|umverpackung",
        "ordering": "webseite*|website*|portal*|shop*|suche*|bestellvorgang|bestellung aufgeben|anmeld*|passwort*|warenkorb*|bedienung",
    },
    "fr": {
        "delivery": "livr*|retard*|en retard|tard|délai*|chauffeur*|transporteur*|colis|expédition*|à l'heure|manqu*|incompl*|attend*",
        "quality": "qualité*|cassé*|défectueu*|abîmé*|endommagé*|rayé*|fuite*|mauvais article|mauvaise taille|solide*",
        "price": "prix|cher*|chère*|coût*|remise*|tarif*|devis|frais de port|supplément*|promotion*",
        "range": "gamme*|choix|catalogue*|stock*|rupture*|disponib*|alternati*|remplacement*|assortiment*",
        "people": "commercial*|conseill*|aimable*|sympathique*|serviable*|service client|téléphone*|joignable*|personne ne|équipe*|accueil",
        "documents": "facture*|bon de livraison|avoir|document*|certificat*|fiche technique|numéro de commande",
        "packaging": "emball*|carton*|palette*|étiquette*|plastique",
        "ordering": "site|portail|recherche*|commander en ligne|mot de passe|panier|connexion|ergonomi*",
    },
    "fa": {
        "delivery": "تحویل*|ارسال*|دیر|تاخیر*|تأخیر*|راننده*|پیک|باربری*|حمل|به‌موقع|به موقع|نرسید*|رسید|کسری*|ناقص*",
        "quality": "کیفیت*|خراب*|شکسته*|معیوب*|آسیب*|صدمه*|نشتی*|اشتباه*|زنگ‌زده|محکم",
        "price": "قیمت*|گران*|ارزان*|هزینه*|تخفیف*|کرایه*|پیش‌فاکتور*",
        "range": "تنوع*|موجودی*|موجود*|ناموجود*|جایگزین*|کاتالوگ*|محصولات",
        "people": "کارشناس*|پشتیبان*|برخورد*|مودب*|مهربان*|تماس*|تلفن*|پاسخ*|جواب*|همکار*",
        "documents": "فاکتور*|صورتحساب*|صورت‌حساب*|حواله*|مدارک|گواهی*|برگه*|رسید تحویل",
        "packaging": "بسته‌بندی*|بسته بندی*|جعبه*|کارتن*|پالت*|برچسب*|لفاف*",
        "ordering": "سایت*|پرتال*|پورتال*|جستجو*|جست‌وجو*|سبد*|رمز*|ثبت سفارش|ورود",
    },
    "th": {
        "delivery": "จัดส่ง|ส่งของ|ส่งช้า|ล่าช้า|ช้า|ตรงเวลา|คนขับ|ขนส่ง|ไม่ครบ|ขาด|รอนาน|มาถึง|ส่งไว|ส่งเร็ว",
        "quality": "คุณภาพ|แตก|ชำรุด|เสียหาย|พัง|รั่ว|สนิม|ผิดรุ่น|ผิดขนาด|ของผิด|ทนทาน",
        "price": "ราคา|แพง|ค่าส่ง|ส่วนลด|ค่าใช้จ่าย|ใบเสนอราคา",
        "range": "สต็อก|สต๊อก|สินค้าหมด|ไม่มีของ|มีให้เลือก|หลากหลาย|แคตตาล็อก|ทดแทน",
        "people": "พนักงาน|เซลส์|เซลล์|บริการ|สุภาพ|ติดต่อ|โทร|ตอบช้า|ตอบเร็ว|ดูแล|ช่วยเหลือ",
        "documents": "ใบกำกับ|ใบส่งของ|ใบแจ้งหนี้|ใบเสร็จ|เอกสาร|ใบลดหนี้|ใบรับรอง",
        "packaging": "บรรจุภัณฑ์|แพ็ค|แพ็ก|กล่อง|พาเลท|หีบห่อ|ฉลาก|พลาสติก",
        "ordering": "เว็บ|ระบบ|สั่งซื้อ|ค้นหา|ตะกร้า|รหัสผ่าน|เข้าสู่ระบบ|ใช้งาน",
    },
    "ko": {
        "delivery": "배송*|배달*|늦*|지연*|기사님*|기사*|택배*|도착*|누락*|빠르*|빨리|수량 부족",
        "quality": "품질*|불량*|파손*|깨*|고장*|하자*|누수*|녹슨*|오배송*|튼튼*",
        "price": "가격*|비싸*|비싼*|저렴*|할인*|단가*|운임*|견적*|배송비*",
        "range": "재고*|품절*|종류*|구색*|대체품*|대체*|카탈로그*|단종*",
        "people": "담당자*|직원*|친절*|불친절*|상담*|전화*|응대*|연락*|서비스*",
        "documents": "송장*|거래명세*|명세서*|세금계산서*|계산서*|서류*|인증서*|영수증*|주문번호*",
        "packaging": "포장*|박스*|상자*|팔레트*|파렛트*|라벨*|비닐*",
        "ordering": "사이트*|웹사이트*|홈페이지*|포털*|검색*|장바구니*|로그인*|비밀번호*|주문하기*",
    },
    "vi": {
        "delivery": "giao hàng|giao*|trễ|chậm|muộn|đúng hẹn|đúng giờ|tài xế|vận chuyển|thiếu hàng|thiếu|chờ lâu|nhận hàng",
        "quality": "chất lượng|hỏng|hư|vỡ|lỗi|gãy|trầy|rò rỉ|gỉ sét|sai hàng|sai mẫu|bền",
        "price": "giá|đắt|rẻ|mắc|chi phí|chiết khấu|giảm giá|báo giá|phí vận chuyển",
        "range": "hết hàng|còn hàng|tồn kho|đa dạng|danh mục|thay thế|mẫu mã|ngừng sản xuất",
        "people": "nhân viên|tư vấn|thái độ|nhiệt tình|lịch sự|gọi điện|điện thoại|liên hệ|phản hồi|hỗ trợ|phục vụ",
        "documents": "hóa đơn|hoá đơn|phiếu giao hàng|chứng từ|giấy tờ|chứng nhận|biên lai|số đơn hàng",
        "packaging": "đóng gói|bao bì|thùng|hộp|pallet|nhãn|gói hàng",
        "ordering": "trang web|website|cổng|tìm kiếm|giỏ hàng|đăng nhập|mật khẩu|đặt hàng",
    },
}


def begin(apps, schema_editor):
    vocabulary = apps.get_model("feedback", "Vocabulary")
    vocabulary.objects.bulk_create(
        [
            vocabulary(language=language, theme=theme, words=words.replace("|", "\n"))
            for language, themes in WORDS.items()
            for theme, words in themes.items()
        ]
    )


class Migration(migrations.Migration):
    dependencies = [("feedback", "0004_what_was_asked_about")]

    operations = [
        migrations.CreateModel(
            name="Vocabulary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(choices=[("ar", "Arabic"), ("de", "German"), ("en", "English"), ("es", "Spanish"), ("fa", "Persian"), ("fr", "French"), ("it", "Italian"), ("ja", "Japanese"), ("ko", "Korean"), ("nl", "Dutch"), ("ru", "Russian"), ("th", "Thai"), ("vi", "Vietnamese"), ("zh", "Simplified Chinese")], max_length=2, verbose_name="language")),
                ("theme", models.CharField(choices=[("delivery", "Delivery"), ("quality", "Quality"), ("price", "Prices"), ("range", "Range and stock"), ("people", "People"), ("documents", "Documents"), ("packaging", "Packaging"), ("ordering", "Ordering")], max_length=12, verbose_name="theme")),
                ("words", models.TextField(blank=True, help_text="One word or phrase on a line. With a * at its end it stands for every word that begins so.", verbose_name="words")),
            ],
            options={
                "verbose_name": "vocabulary of comments",
                "verbose_name_plural": "vocabulary of comments",
                "ordering": ["language", "theme"],
                "constraints": [models.UniqueConstraint(fields=("language", "theme"), name="one_vocabulary_per_language_and_theme", violation_error_message="This theme has its words in this language already: add to them.")],
            },
        ),
        migrations.AddField(
            model_name="answer",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=2, verbose_name="language of the comment"),
        ),
        migrations.AddField(
            model_name="answer",
            name="themes",
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, verbose_name="themes"),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(condition=models.Q(("comment", ""), _negated=True), fields=["-answered_at"], name="answer_with_words"),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop, elidable=False),
    ]
