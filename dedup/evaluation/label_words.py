"""The words of labels: yes and no, and the customary names of columns, in several languages."""

from __future__ import annotations


def _words(*lines: str) -> frozenset[str]:
    """Return the words of lines, which have bars between them."""
    return frozenset(word for line in lines for word in line.split("|"))


YES = _words(
    "1|true|yes|y|t|duplicate|duplicates|dup|match|matches|matched|same|positive|paraphrase|equivalent|oui|vrai|doublon|identique",
    "نعم|صحيح|مكرر|مكررة|evet|doğru|dogru|aynı|ayni|بله|بلی|آری|درست|تکراری|ہاں|جی ہاں|sí|si|verdadero|sim|ja|wahr|да|はい|예|네",
)
"""Words of labels for duplicates, in lower case, with spaces for hyphens and underscores."""

NO = _words(
    "0|false|no|n|f|not duplicate|non duplicate|nonduplicate|no duplicate|unique|distinct|different|non match|nonmatch|no match",
    "not match|unmatched|other|unrelated|negative|not paraphrase|non|faux|différent|لا|خطأ|مختلف|مختلفة|hayır|hayir|yanlış|yanlis",
    "not a duplicate|not duplicates|no duplicates|non duplicates|not a match|not same|not identical|not similar|dissimilar",
    "farklı|farkli|نه|خیر|نادرست|غلط|نہیں|جی نہیں|falso|não|nao|nein|falsch|нет|いいえ|아니오|아니요",
)
"""Words of labels for no duplicates."""

LABELS = _words(
    "label|labels|duplicate|duplicates|isduplicate|isdup|dup|duplicated|relation|ismatch|match|matched|gold|goldlabel|target|y",
    "ytrue|class|quality|truth|groundtruth|same|issame|paraphrase|isparaphrase|annotation|judgement|judgment|verdict|answer",
    "similar|issimilar|isequal|isidentical|clericalmatchscore|doublon|étiquette|etiquette|مكرر|التصنيف|تصنيف|برچسب|تکراری|etiket|لیبل",
)
"""Names of columns of labels, in lower case, letters and digits only; so are all names below."""

CLUSTERS = _words(
    "cluster|clusterid|clusternumber|clusterno|clusterlabel|group|groupid|duplicategroup|dupgroup|duplicatecluster|component",
    "componentid|connectedcomponent|groupe|مجموعة|المجموعة|خوشه|grup|küme",
)
"""Names of columns of clusters."""

HARMLESS = _words(
    "id|pairid|index|unnamed0|line|title|date|time|timestamp|url|lang|language|source|dataset|sourcedataset|note|notes|comment",
    "comments|why|reason|stratum|direction|sure|annotator|matchkey|split|fold|weight|weights|sampleweight|heading",
    "",  # the index of a table of pandas
)
"""Names of columns that are no labels."""

TEXT_WORDS = _words(
    "text|texts|texte|sentence|sent|question|string|content|body|passage|paragraph|headline|snippet|phrase|نص|النص|جملة|متن|metin",
    "cümle",
)
"""Words in the names of columns of texts."""

META_WORDS = _words(
    "dataset|title|heading|date|time|timestamp|lang|language|score|weight|line|containment|length|count|len|start|end|tf|version",
)
"""Words in the names of columns that are neither ids nor texts."""
