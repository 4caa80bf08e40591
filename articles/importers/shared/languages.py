"""Languages as records name them, as the short codes of ISO 639-1."""

import re

# Each two-letter code with its codes of three letters (libraries and linguists use different ones for some languages).
_CODES = """
aa aar|ab abk|ae ave|af afr|ak aka|am amh|an arg|ar ara|as asm|av ava|ay aym|az aze|ba bak|be bel|bg bul|bi bis|bm bam
bn ben|bo tib bod|br bre|bs bos|ca cat|ce che|ch cha|co cos|cr cre|cs cze ces|cu chu|cv chv|cy wel cym|da dan
de ger deu|dv div|dz dzo|ee ewe|el gre ell|en eng|eo epo|es spa|et est|eu baq eus|fa per fas|ff ful|fi fin|fj fij|fo fao
fr fre fra|fy fry|ga gle|gd gla|gl glg|gn grn|gu guj|gv glv|ha hau|he heb|hi hin|ho hmo|hr hrv scr|ht hat|hu hun
hy arm hye|hz her|ia ina|id ind|ie ile|ig ibo|ii iii|ik ipk|io ido|is ice isl|it ita|iu iku|ja jpn|jv jav|ka geo kat
kg kon|ki kik|kj kua|kk kaz|kl kal|km khm|kn kan|ko kor|kr kau|ks kas|ku kur|kv kom|kw cor|ky kir|la lat|lb ltz|lg lug
li lim|ln lin|lo lao|lt lit|lu lub|lv lav|mg mlg|mh mah|mi mao mri|mk mac mkd|ml mal|mn mon|mr mar|ms may msa|mt mlt
my bur mya|na nau|nb nob|nd nde|ne nep|ng ndo|nl dut nld|nn nno|no nor|nr nbl|nv nav|ny nya|oc oci|oj oji|om orm|or ori
os oss|pa pan|pi pli|pl pol|ps pus|pt por|qu que|rm roh|rn run|ro rum ron|ru rus|rw kin|sa san|sc srd|sd snd|se sme
sg sag|si sin|sk slo slk|sl slv|sm smo|sn sna|so som|sq alb sqi|sr srp scc|ss ssw|st sot|su sun|sv swe|sw swa|ta tam
te tel|tg tgk|th tha|ti tir|tk tuk|tl tgl|tn tsn|to ton|tr tur|ts tso|tt tat|tw twi|ty tah|ug uig|uk ukr|ur urd|uz uzb
ve ven|vi vie|vo vol|wa wln|wo wol|xh xho|yi yid|yo yor|za zha|zh chi zho|zu zul
"""
# The names under which reference managers file most of the literature, in English and in the language itself.
_NAMES = """
ar arabic|bg bulgarian|ca catalan|cs czech|da danish dansk|de german deutsch|el greek|en english|es spanish español
et estonian|fa persian farsi|fi finnish suomi|fr french français|he hebrew|hi hindi|hr croatian|hu hungarian magyar
id indonesian|is icelandic|it italian italiano|ja japanese|ko korean|lt lithuanian|lv latvian|nl dutch nederlands
no norwegian norsk|pl polish polski|pt portuguese português|ro romanian|ru russian|sk slovak|sl slovenian slovene
sr serbian|sv swedish svenska|th thai|tr turkish|uk ukrainian|vi vietnamese|zh chinese
"""
_SHORT = {word: names[0] for line in re.split(r"[|\n]", _CODES + _NAMES) if (names := line.split()) for word in names}
_REGION = re.compile(r"([A-Za-z]{2,3})[-_][A-Za-z]{2,4}(?:[-_][A-Za-z]{2,4})?")


def code(written: str) -> str:
    """The language in two letters where it has such a code ("eng", "ENG", "en-GB", "English" -> "en").

    Anything else stays as written: "mul" (several languages), "und" (not determined), rare languages.
    """
    written = written.strip()
    region = _REGION.fullmatch(written)
    return _SHORT.get((region[1] if region else written).lower(), written)
