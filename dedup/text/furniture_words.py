"""Words of share boxes, and words that lead to other articles, in the languages of newsrooms."""

from __future__ import annotations

NETWORKS = """
tweet twittern tweeter tuitear twitta tweetle твитнуть تغريد غرد ٹویٹ
facebook fb twitter x whatsapp whats telegram instagram linkedin pinterest reddit messenger viber snapchat
tiktok youtube threads bluesky
mastodon skype tumblr vk vkontakte odnoklassniki wechat weibo flipboard pocket gmail google rss soundcloud sms
imo nextdoor truthsocial xing
فيسبوك فايسبوك فيس فايس تويتر تويتير اكس واتساب واتسآب واتس وتساب الواتساب الفيسبوك تيليغرام تلغرام تليغرام
تيليجرام تيلغرام تلجرام تليجرام
تيلجرام انستغرام انستجرام انستقرام إنستغرام لينكدان لينكدإن لينكد بينتريست بنترست بينترست ماسنجر مسنجر فايبر
سناب سنابشات تيك تيكتوك يوتيوب
ريديت ثريدز فليبورد جوجل غوغل
فیسبوک فیس توییتر تویتر ایکس واتساپ واتس تلگرام اینستاگرام لینکدین لینکداین پینترست مسنجر ایتا سروش روبیکا بله
گوگل
ٹوئٹر ٹویٹر واٹس واٹساپ ٹیلی ٹیلیگرام انسٹاگرام لنکڈ لنکڈن میسنجر یوٹیوب
фейсбук твиттер телеграм телеграмм вконтакте вк одноклассники ватсап вотсап инстаграм ок
"""
"""Names of networks, and the first words of names that have two."""

ACTIONS = """
share sharing print email mail send pin follow copy link url save bookmark subscribe post like comment
comments repost
شارك شاركها شاركوا شارِك مشاركة المشاركة مشاركه انشر أنشر أرسل ارسل إرسال طباعة اطبع الطباعة نسخ انسخ الرابط
رابط بريد البريد إيميل ايميل الايميل حفظ
احفظ تعليق تعليقات تابعنا تابعونا تابعوا أعجبني اعجبني
partager partagez partage envoyer imprimer courriel mel copier lien enregistrer suivez abonnez
commenter
compartir comparte compártelo enviar imprimir copiar enlace correo guardar síguenos
teilen drucken mailen kopieren merken senden versenden pinnen
condividi condividere stampa invia copia salva
compartilhar compartilhe partilhar enviar copiar
delen afdrukken kopieer stuur
paylaş paylas yazdır gönder kopyala bağlantıyı bağlantı linki posta kaydet takip
اشتراک اشتراک‌گذاری گذاری بگذارید ارسال چاپ کپی لینک پیوند ایمیل پست ذخیره همرسانی هم‌رسانی بازنشر
شیئر شئیر پرنٹ کاپی لنک میل ای‌میل بھیجیں محفوظ فالو
поделиться поделитесь отправить распечатать печать скопировать копировать ссылку ссылка почта почту почте
сохранить
click clicking opens window loading
اضغط انقر للمشاركة لتشارك فتح نافذة إعجاب معجب تحميل كوبي لينك
cliquez ouvre fenêtre chargement imprime
haz clic abre ventana clique abrir janela klicken klick öffnet fenster fai clic finestra
нажмите откроется окне
"""
"""Words of what a button of a share box does."""

CONNECTORS = """
new a friend opening للتشارك جديدة بهذه ل pour dans une nouvelle un para compartir una nueva um in neuem wird una nuova
чтобы новом
on to via by with the this that article page story news in our us a an and or e it of at app up plus now
channel account more
على عبر إلى الى في هذا هذه الخبر المقال المقالة الصفحة الموضوع مع عن من و بواسطة الإلكتروني إلكتروني
الالكتروني بوك اب آب شات توك ان إن القصير المختصر صفحتنا
قناتنا حسابنا صديق لصديق
sur par le la les cet cette article ce de nous électronique au à via l
en por el lo este esta artículo electrónico
auf per den diesen artikel bei mit via
su questo articolo il tramite per
no na o este artigo por
op via dit artikel
da de te ta ile bu haberi haber üzerinden ya
به در با دوستان این خبر مطلب کوتاه از طریق را برای
پر کریں کیجیے کیجئے کرے یہ خبر بک ایپ گرام ان بذریعہ ای کو
в на по этой эту статью новость электронной
"""
"""Small words between them, and the second words of names that have two."""

UNSPACED = """
分享 分享到 分享至 微信 朋友圈 微博 新浪微博 推特 脸书 臉書 打印 列印 复制 複製 链接 連結 邮件 轉發 转发 收藏 好友 扫一扫
シェア ツイート リンク コピー 印刷 LINE
"""
"""Words of share boxes in scripts that put no spaces between words."""

LEADS = """
read also | also read | read more | read next | see also | see more | more on this | related |
related articles | related stories | related news | related topics | more from | you may also like |
you might also like | recommended | most read | don't miss | continue reading | recommended stories
| up next | watch also | listen also | more stories | also in the news | what to read next |
اقرأ أيضا | إقرأ أيضا | اقرا ايضا | اقرأ المزيد | اقرأ أيضًا | اقرؤوا أيضا | شاهد أيضا |
مواضيع ذات صلة | مواضيع مرتبطة | أخبار ذات صلة | مقالات ذات صلة | ذات صلة | المزيد من | للمزيد |
طالع أيضا | تابع أيضا | قد يهمك | قد يعجبك | الأكثر قراءة | لقراءة المزيد | موضوعات متعلقة |
أخبار متعلقة | lire aussi | à lire aussi | a lire aussi | à lire | lire également | lire la suite |
voir aussi | sur le même sujet | articles liés | pour aller plus loin | lea también | lee también |
leer más | te puede interesar | noticias relacionadas | ver también | lesen sie auch |
mehr zum thema | auch interessant | weiterlesen | leia também | leia mais | leggi anche | lees ook |
ilgili haberler | ayrıca okuyun | bunları da okuyun | bunlar da ilginizi çekebilir |
ilginizi çekebilir | devamını oku | okumaya devam et | بیشتر بخوانید | بیشتر بدانید | همچنین بخوانید
| مطالب مرتبط | اخبار مرتبط | خبرهای مرتبط | ادامه مطلب | در همین زمینه | مرتبط | مزید پڑھیں |
یہ بھی پڑھیں | متعلقہ خبریں | مزید خبریں | یہ بھی دیکھیں | читайте также | читать далее | по теме |
смотрите также | 延伸阅读 | 相关阅读 | 相关新闻 | 関連記事
"""
"""How a line begins that leads to other articles."""
