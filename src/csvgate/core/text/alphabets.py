"""Which characters beyond ASCII the languages of the world use, and how often: the most frequent ones first.

Knows no bytes; `pages` weighs with it how plausible a text is.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable

# Letters by frequency, one word per language.
WESTERN = (
    "üäöß",  # German
    "éèàêçâôîûùïëœæ",  # French
    "óíáñéúü",  # Spanish, Irish
    "ãçáéõíóêâúàôü",  # Portuguese
    "àèìòùé",  # Italian
    "äöåé",  # Swedish, Finnish
    "øåæéö",  # Danish, Norwegian
    "áðíéóþöæúý",  # Icelandic
    "ëéïöèü",  # Dutch
    "àèéíòóúçïü",  # Catalan
    "äõüöšž",  # Estonian
    "’£“”–é°€…©®™½²ºª\xa0§«»•¼¾³±×µ¿¡¥¢‘",  # English: hardly letters, but signs  # noqa: RUF001
)
CENTRAL = (
    "łąęóżśćńź",  # Polish
    "íáéěřšýžčůúťňďó",  # Czech
    "áíéčšýžúľťôäňóďĺŕ",  # Slovak
    "áéöőóüíűú",  # Hungarian
    "čšžćđ",  # Slovene, Croatian
    "ăîâşţ",  # Romanian
)
BALTIC = ("ėšųąčūžįę", "āīēšņļūžģčķ")
CYRILLIC = (
    "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",  # Russian
    "оанівитерсклудмпзьябгчйєхїжцюшщґф",  # Ukrainian
    "аоиетнрвслкдпмзъугбчцящжхйшюф",  # Bulgarian
    "аоиенрстјукдвмплзгбшчцжхњћљђфџ",  # Serbian
    "аіенцырскдулявўбпмзтьгчйэжшёхюф",  # Belarusian
)
GREEK = ("αοιετσνηυρπκμλςωδγάχίθφόέβήξύώζψϊϋ",)
TURKISH = ("ışüğçöİâî",)
HEBREW = ("יוהלאתרבמשנםחדקפעכטזגסןצךץף",)
ARABIC = ("اليمنرتوبعدسفهكقحجشصطةخزأضذىغإثءظئؤآ", "ایرندهمتوبشسکزلگپخقفعجچحصغطضذژظث")
THAI = ("านรอกเงมยลวดทสตะปบคหแจพชขใไโผซถณศฟธษญฉภฆ่้ี์ัิืุูำ็ึ",)
HALFWIDTH = ("ﾝｲｼﾞｶｳｽﾄｸｱﾗﾘﾙｻｷｵﾀｺﾏﾐﾔﾕﾖﾊﾋﾌﾅﾆﾂﾁﾃｴｹｾｿﾇﾈﾉﾍﾎﾑﾒﾛﾚﾜｦｯｬｭｮｰﾟ",)
# Signs that stand beside words and figures, whatever the language.
MARKS = "’€“”–£°…«»„—©®™§²³½¼¾±×ªº¡¿¥µ•·‘‚\xa0"  # noqa: RUF001  look-alikes are the point

_SIMPLIFIED = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种"
    "事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第"
    "公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合"
    "回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总"
    "何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听"
    "白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带"
    "导争运省街号广州京龙华李刘陈杨黄赵周吴"
)
_TRADITIONAL = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種"
    "事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第"
    "公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合"
    "回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總"
    "何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則聽"
    "白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳師觀清今切院讓識候帶"
    "導爭運省街號臺台灣縣巷樓龍華李劉陳楊黃趙周吳"
)
_KANJI = (
    "日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電"
    "校語土木聞食車何南万毎白天母火右読友左休父雨会社部者事業同自地市県区町駅京都府村田井藤佐木鈴野島橋原林崎石屋店商品"
    "号数量価格合計税込注文番住所氏名郎美和明文正平成令新株式有限本店支店課係長員住民票登録更新変更発注納期在庫単位種類"
    "分目的方法動物全体使用場所情報理由結果内容関係思定力問最手代表物通開加対立意味作家度化動理主実現明性強回経法"
)
_HANGUL = (
    "이다는에의가을고하지를로은한서기도사시자들어리나인그아해대수게정라일부스있보제만주면니구장상여으안전우까경오세조않"
    "관성문미신실적동러성요거선것계공과원화비내년말무습생와국회중학모방간개명남연생진소트위려았었했드유영물입마발던분행"
    "등치력받저람없음산된체교차될운야바때른달반통업의강재김박최정임용양번설호황불심권단양형특별금월서울부산광역구동읍면"
    "길민존평등권태양심엄며누포코르히크레네티노파데타터키프라파테호모델격품주식번째순"
)
# Hiragana come before katakana, kanji after both.
_HIRAGANA = (
    "のいにるたをしはとがなてでかすもこられうそつんまきあよどけさりくっおじえみちめだやばろせわずほへひふ"
    "ねごぎげべゆょゃびざぞぜぐづぢぶぼぬむぱぴぷぺぽぅゅぁぃぇぉ"
)
_KATAKANA = (
    "ーンスルトリラアイクシッドレフロタマジグプコメキサカテニバデュパチブィオハャゴムウミガモナノズビョソェケダベセホエポワ"
    "ネピヤゲヒツヨペゼユザボヂヌァォ"
)
_FULLWIDTH = (
    "、。「」・（）　：；，！？〜－【】《》“”％＆／０１２３４５６７８９"  # noqa: RUF001
    "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"  # noqa: RUF001
)


@functools.cache
def frequencies(alphabets: tuple[str, ...], index: int, *, is_shouted: bool) -> dict[str, float]:
    """How probable each character beyond ASCII is in a language (the logarithm); `is_shouted`: mostly in capitals."""
    small, capital = (0.1, 0.65) if is_shouted else (0.65, 0.1)
    letters = "".join(dict.fromkeys("".join(alphabets)))
    found: dict[str, float] = {}
    groups = (_cased(MARKS, 0.15, 0.0), _cased(letters, 0.07, 0.03), _cased(alphabets[index], small, capital))
    for group in groups:
        for letter, probability in group:
            found[letter] = found.get(letter, 0.0) + probability
    return _logarithms(found)


def _cased(letters: str, small: float, capital: float) -> Iterable[tuple[str, float]]:
    """Each letter with its weight, and its capital."""
    # Gusein-Zade's law: it falls faster at the end than Zipf's, as the letters of alphabets do.
    weights = [math.log((len(letters) + 1) / rank) for rank in range(1, len(letters) + 1)]
    whole = sum(weights)
    for letter, weight in zip(letters, weights, strict=True):
        share = weight / whole
        upper = letter.upper()
        is_cased = upper != letter and len(upper) == 1
        yield letter, share * (small if is_cased else small + capital)
        if is_cased and upper > "\x7f":
            yield upper, share * capital


@functools.cache
def ideographs(language: str) -> dict[str, float]:
    """The same for the languages of East Asia, whose characters are thousands."""
    parts: dict[str, tuple[tuple[float, str], ...]] = {
        "ja": ((0.45, _HIRAGANA), (0.15, _KATAKANA), (0.2, _KANJI), (0.12, _rows("euc_jp", 0xB0, 0xCF))),
        "zh-Hans": ((0.6, _SIMPLIFIED), (0.3, _rows("gb2312", 0xB0, 0xD7))),
        "zh-Hant": ((0.6, _TRADITIONAL), (0.3, _rows("big5", 0xA4, 0xC6))),
        "ko": ((0.65, _HANGUL), (0.25, _rows("euc_kr", 0xB0, 0xC8))),
    }
    found: dict[str, float] = {}
    for share, characters in (*parts[language], (0.05, _FULLWIDTH)):
        each = share / len(characters)
        for character in characters:
            found[character] = found.get(character, 0.0) + each
    return _logarithms(found)


def _logarithms(found: dict[str, float]) -> dict[str, float]:
    return {letter: math.log(probability) for letter, probability in found.items() if probability}


def _rows(charset: str, first: int, last: int) -> str:
    """The part of a national character set that holds its frequent characters."""
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)] if charset == "big5" else range(0xA1, 0xFF)
    pairs = (bytes((lead, trail)) for lead in range(first, last + 1) for trail in trails)
    return b"".join(pairs).decode(charset, "ignore")
