"""Words of bylines, datelines, credits, tag lines and link lines, in the languages of newsrooms: evidence beside position and shape."""

from __future__ import annotations

OUTLETS = """
ap | afp | reuters | upi | dpa | efe | ansa | tass | xinhua | bbc | cnn | bloomberg | anadolu | aa | dha | iha | pti | ani |
app | kyodo | sana | spa | wam | petra | map | aps | tap | kuna | bna | qna | ina | mena | irna | isna | al jazeera |
the associated press | associated press | agence france-presse | staff | news desk | web desk | wires | agencies | رويترز |
واس | وام | سانا | كونا | بنا | قنا | بترا | سبأ | وفا | معا | واج | وات | ومع | واف | أ ف ب | ا ف ب | أفب | د ب أ | أ ش أ |
ي ب أ | فرانس برس | الفرنسية | الألمانية | الأناضول | شينخوا | أسوشيتد برس | أسوشييتد برس | سبوتنيك | نوفوستي | تاس | إرنا |
فارس | تسنيم | مهر | عين اليوم | سبق | الوئام | عاجل | تواصل | المواطن | عكاظ | الشرق الأوسط | الجزيرة نت | العربية نت |
سكاي نيوز | سكاي نيوز عربية | بي بي سي | سي إن إن | روسيا اليوم | القدس العربي | العربي الجديد | عنب بلدي | وكالات | وكالة |
الوكالات | الأنباء | صحف | أخبار 24 | الحياة | الاقتصادية | اليوم السابع | ایرنا | ایسنا | تسنیم | ایلنا | رویترز |
آسوشیتدپرس | خبرآنلاین | خبرگزاری | باختر | بی بی سی | اے پی پی | اے ایف پی | رائٹرز | روئٹرز | آن لائن | ویب ڈیسک | ڈان نیوز |
ڈان | جنگ | اسٹاف رپورٹر | نمائندہ جنگ | مانیٹرنگ ڈیسک | نیوز ڈیسک
"""
"""News agencies, outlets, and what stands in their place: "agencies", "web desk"."""

AGENCIES = """
وكالة | وكالات | الأنباء | أنباء | صحيفة | قناة | إذاعة | مجلة | تلفزيون | موقع |
agency | agencies | news | newspaper | broadcaster | channel | agence |
journal | chaîne | ajansı | gazetesi | خبرگزاری | روزنامه | ایجنسی | اخبار
"""
"""Words before the name of an agency that is a source."""

CREDITS = """
متابعات | متابعة | خاص | ترجمة | تصوير | تقرير | تحرير | إعداد | كتب | كتبت | مراسل | مراسلنا | أرشيف | صور | محليات | دولي |
from our correspondent | staff reporter | staff writer | special | correspondent | envoyé spécial | correspondant |
correspondance | özel | muhabir | haber merkezi | خبرنگار | گروه | سرویس | نمائندہ خصوصی | اسٹاف رپورٹر | خصوصی رپورٹ
"""
"""Words that stand for a reporter or a desk."""

CITIES = """
الرياض | جدة | مكة | مكة المكرمة | المدينة المنورة | الدمام | الخبر | الظهران | الطائف | أبها | عسير | خميس مشيط | جازان |
جيزان | نجران | تبوك | حائل | بريدة | القصيم | عنيزة | عرعر | سكاكا | الجوف | الباحة | الأحساء | الهفوف | القطيف | الجبيل |
ينبع | الخرج | السيح | حفر الباطن | الليث | القنفذة | المنامة | الكويت | أبوظبي | أبو ظبي | دبي | الشارقة | عجمان | مسقط |
صنعاء | عدن | تعز | دمشق | حلب | حمص | حماة | درعا | إدلب | اللاذقية | دير الزور | الرقة | الحسكة | القامشلي | بيروت | طرابلس |
صيدا | عمان | إربد | القدس | القدس المحتلة | رام الله | غزة | نابلس | الخليل | جنين | بغداد | البصرة | الموصل | أربيل | كركوك |
النجف | كربلاء | القاهرة | الإسكندرية | الجيزة | السويس | الخرطوم | تونس | صفاقس | الجزائر | وهران | الرباط | الدار البيضاء |
مراكش | بنغازي | نواكشوط | واشنطن | نيويورك | لندن | باريس | برلين | موسكو | أنقرة | إسطنبول | طهران | بكين | طوكيو | سيول |
نيودلهي | إسلام آباد | كابول | جنيف | فيينا | بروكسل | روما | مدريد | سيدني | سنغافورة | لوس أنجلوس | شيكاغو | كييف | أثينا |
أوتاوا | washington | new york | london | paris | berlin | moscow | beijing | jerusalem | gaza | tokyo | geneva | brussels |
rome | cairo | beirut | damascus | aleppo | baghdad | tehran | riyadh | dubai | kabul | islamabad | karachi | new delhi |
mumbai | delhi | los angeles | chicago | united nations | ankara | istanbul | izmir | lyon | marseille | lille | bordeaux |
toulouse | nantes | genève | bruxelles | londres | rabat | alger | tunis | dakar | abidjan | bamako | bursa | adana | antalya |
diyarbakır | gaziantep | konya | van | trabzon | تهران | مشهد | اصفهان | شیراز | تبریز | اهواز | کرج | قم | کرمان | کابل |
هرات | رشت | ارومیه | واشنگتن | اسلام آباد | کراچی | لاہور | پشاور | کوئٹہ | راولپنڈی | فیصل آباد | ملتان | حیدرآباد |
نئی دہلی | ممبئی | سری نگر | مظفرآباد | لکھنؤ
"""
"""Cities from which news is filed, beside those of CLDR."""

TAGS = (
    "سمات|وسوم|الوسوم|الكلمات المفتاحية|كلمات مفتاحية|كلمات دلالية|هاشتاق|Tags?|Keywords|Topics|Filed under|Mots[- ]clés|"
    "Étiquettes|Etiketler|Anahtar kelimeler|برچسب[ \u200c]?ها|کلید ?واژه[ \u200c]?ها|کلیدواژه|ٹیگز|موضوعات"
)
"""How a line of tags begins."""

LINKS = (
    "رابط (?:الخبر|المقال|الموضوع|التقرير)|للاطلاع على (?:الخبر|المقال|الموضوع|التقرير)|المزيد على|لمزيد من التفاصيل|"
    "لقراءة المزيد|اقرأ (?:أيضا|المزيد)|شاهد أيضا|مواضيع ذات صلة|أخبار ذات صلة|[Rr]ead (?:more|also|next)|[Ss]ee also|"
    "[Mm]ore (?:on|at|from)|[Rr]elated(?: stories| articles)?|[Ss]ource link|[Ll]ien vers l['’]article|(?:À|A|à) lire aussi|"
    "[Ll]ire (?:aussi|la suite)|[Vv]oir aussi|İlgili haberler?|[Hh]aberin devamı|[Dd]evamını oku|بیشتر بخوانید|"
    "همچنین بخوانید|لینک خبر|ادامه مطلب|مزید پڑھیں|یہ بھی پڑھیں|خبر کا لنک"
)
"""How a line begins that leads to other articles or to the source."""

SIGNED = (
    "[Rr]eporting by|[Aa]dditional reporting|[Ww]riting by|[Ee]dit(?:ed|ing) by|[Cc]ompiled by|[Tt]ranslated by|"
    "[Rr]eportage de|[Rr]édigé par|[Éé]dité par|[Éé]crit par|[Hh]aberi? yazan|[Mm]uhabir:|[Ee]ditör:|[Pp]hotos?(?: by|:)|"
    "[Ii]mages?:|[Cc]rédit photo|[Ff]otoğraf:|©|[Cc]opyright|إعداد|تحرير|تصوير|ترجمة|شارك في التغطية|شارك في إعداد|"
    "حقوق النشر|عدسة|گزارش از|تدوین|عکس:|تصویر:|ترجمہ|رپورٹ:|فوٹو:"
)
"""How a sign-off begins: who reported, edited, took the picture."""

BY = "By|Par|De notre correspondante?|Yazan|Haber:|Von|كتب|كتبت|بقلم|تقرير|إعداد|تحرير|تصوير|ترجمة|نوشته|نویسنده|گزارش|تحریر|رپورٹ"
"""Words before the name in a byline."""
