"""The words by which judges name components, scores, weights and totals, in the languages that judges write.

All are lower case and used on lower-cased text: patterns that ignore case cannot skip ahead, and replies are long.
"""

from __future__ import annotations

import re

# Nouns that name a component of the task and little else.
COMPONENT = (
    "components?|comp\\.?|composantes?|composants?|componentes?|componenti|componentă|componenta|komponent(?:en?|y"
    "|ti|s)?"
    "|komponen|komponens|bestanddeel|onderdeel|składnik|bileşen|thành phần|компонент[аеуы]?|συνιστώσα|στοιχείο|רכיב|घटक"
    "|المكون|مكون|องค์ประกอบ|组件|组成部分|部件|构成要素|構成要素|組件|成分|要素|コンポーネント|구성\\s?요소|컴포넌트|요소"
)
# Nouns that name one of several things; a component where they are numbered and scored.
PART = (
    "criteri(?:on|a|um|o|ul|ile)|crit[èe]res?|crit[ée]rios?|crit\\.?|kriteri(?:um|en|a)|kriter|kryterium"
    "|крит[еє]рі?[ийя]{1,2}|κριτήριο"
    "|requirements?|req\\.?|requisitos?|requisit[oi]|anforderung(?:en)?|exigences?|eis|wymaganie|требовани[ея]|вимога"
    "|(?:sub-?\\s?)?(?:instructions?|tasks?|questions?|scores?|criteri(?:on|a))|aspects?|aspekte?|aspett[oi]"
    "|aspectos?|aspekt|аспект"
    "|parts?|partes?|parti[e]?s?|teil(?:aufgabe)?|deel|del|część|část|bölüm|osa|rész|част[ьи]|частина|phần|bagian"
    "|tiêu chí|kriteria"
    "|elements?|élé?ments?|elementos?|element[oi]|elemente?|items?|points?|punkt|constraints?|conditions?|rules?"
    "|dimensions?|categor(?:y|ies)"
    "|sections?|checks?|goals?|objectives?|units?|aufgabe|tâche|tarea|tarefa|compito|пункт|задани[ея]|critique"
    "|المعيار|معيار|العنصر|भाग|मानदंड|部分|要求|评分项|評分項|评估项|标准|標準|准则|子任务|任务|指标|维度|方面|项目|項目|基準|条件|課題|항목|기준|조건"
)
INITIAL = "[cqr]"

SCORE = (
    "scores?|scored|points? (?:awarded|given|earned|achieved|obtained|received)|awarded|award|achieved|earned|obtained"
    "|received|given|got|gets?|marks?|grades?|graded|ratings?|rated|result|verdict|points|pts"
    "|erreicht(?:e punkte)?|vergeben|punktzahl|bewertung|wertung|ergebnis|erhalten|punkte|note|obtenus?|attribués?"
    "|reçus?|score"
    "|puntuación|puntaje|puntos|nota|obtenid[oa]s?|otorgad[oa]s?|calificación|pontuação|pontos|obtid[oa]s?"
    "|atribuíd[oa]s?"
    "|punteggio|punti|voto|ottenut[oi]|assegnat[oi]|оценка|балл(?:ы|ов)?|получено|набрано|ocena|punkty|wynik|puan"
    "|skor|điểm|nilai|poäng"
    "|得分|评分|評分|分数|分數|得点|点数|スコア|評価|採点|점수|득점|평가"
)
WEIGHT = (
    "max(?:imum|imal|imale|imo|ima|\\.)?|most|possible|available|weight(?:s|age|ing)?|weighted|worth|allocated"
    "|allocation|allotted"
    "|out of|of|full|limit|cap|target|expected|potential|ceiling|best|top|achievable|attainable|assigned|value"
    "|möglich(?:e|en)?|höchst(?:e|punktzahl|wert)?|gewicht(?:ung)?|erreichbar(?:e)?|poids|barème|possibles?|peso"
    "|posibles?|possíveis|possível"
    "|massimo|máxim[oa]s?|possibil[ei]|макс(?:имум|имальн\\w*)?|вес|возможн\\w*|waga|ağırlık|tối đa|bobot|gewicht"
    "|满分|滿分|权重|權重|最高|最大|总分值|分值|配点|満点|重み|上限|만점|배점|최대|가중치"
)
TOTAL = (
    "grand total|total|overall|final|sum|aggregate|gesamt(?:punktzahl|punkte|wertung|bewertung|ergebnis|note|summe)?"
    "|summe|insgesamt"
    "|puntuación total|puntaje total|pontuação total|pontuação final|punteggio totale|totale|somme|score total"
    "|note totale|note globale|note finale"
    "|suma|totaal|итого(?:вый балл)?|всего|общ(?:ий|ая)|сумма|итоговая оценка|razem|łącznie|toplam|tổng(?: cộng"
    "| điểm)?|jumlah|totalt|yhteensä|celkem"
    "|总得分|總得分|总分|總分|总计|總計|合计|合計|总评分|总成绩|最终得分"
    "|総合得点|総得点|総計|合計点|合計得点|총점|총합|합계|총 점수|총계|المجموع|कुल"
)
NOTE = (
    "comments?|notes?|reasons?|reasoning|why|explanations?|rationale|justifications?|evidence|feedback|remarks?"
    "|description"
    "|analysis|details?|kommentar|begründung|anmerkung|commentaire|justification|raison|comentario|comentário|motivo"
    "|razón"
    "|commento|motivazione|комментарий|обоснование|理由|说明|備考|备注|评语|원문|이유|설명|비고"
)
SHARE = "share|percent(?:age)?|%|anteil|prozent|ratio|fraction|normali[sz]ed|pct|百分比|割合|비율"
ASIDE = (
    "confidence|certainty|probability|difficulty|deduct(?:ion|ed|ions)?|penalt(?:y|ies)|lost|loss|missed|count"
    "|found|words?|length|delta|change|difference|diff|gap"
)
LABEL = f"{COMPONENT}|{PART}|#|no\\.?|nr\\.?|n°|№|id|number|name|index|what|type|text|序号|编号|番号|번호"
UNIT = (
    "points?|pts?\\.?|marks?|punkten?|punkte|pkt\\.?|puntos?|pontos?|punt[oi]|балл(?:а|ов|ы)?|poäng|puan|điểm|poin"
    "|pkt|punkty|punktów"
    "|分|点|점|नंबर"
)
OUT_OF = "out of|of|from|din|over|von|aus|sur|de|di|su|из|van de|van|av|af|ud af|na|z|dari|trên|từ|från|üzerinden"

DRAFT = (
    "drafts?|first (?:pass|impression|thoughts?|look|round|try|attempt|idea|guess|reading|version)|initial(?:ly)?"
    "|preliminary|provisional|tentative(?:ly)?|rough|attempt 1|round 1|pass 1|example|e\\.g\\.|for instance"
    "|illustration|template|format (?:is|looks|would)|(?:use|follow) (?:this|the following) (?:\\w+ )?format"
    "|hypothetical(?:ly)?|suppose|imagine|(?:would|could|might) (?:be|say|have|get|earn|receive|read|look)"
    "|(?:previous|old|earlier|superseded) (?:scores?|marks|version|verdict|points)|entwurf|erster eindruck|beispiel"
    "|ébauche|brouillon|exemple|borrador|ejemplo|rascunho|exemplo|bozza|esempio|черновик|пример"
    "|草稿|初步|初评|初稿|示例|例如|下書き|例|초안|예시|예를"
)
THOUGHTS = "thinking|thoughts?|scratch(?:pad)?|brainstorm(?:ing)?|reasoning aloud|notes to self|überlegung(?:en)?|思考"
OTHERS = (
    "self[- ]?(?:grade[sd]?|scores?|assess\\w*|evaluat\\w*|rating|awarded)|claimed (?:scores?|marks|points)"
    "|(?:response|answer|author|writer|model|student)['’]s own|own words|alleged|quot(?:ed|ation)"
)
FINAL = (
    "edit|actually|final(?:ly|ised|ized)?|verdict|corrected|correction|revised|revision|updated|amended"
    "|second (?:pass|look"
    "|thoughts?|round|version)"
    "|this (?:one )?counts|reconsidered|re-?check\\w*|adjusted|on reflection|my (?:own )?(?:marks|scores|grades"
    "|verdict)|actual|definitive|conclusion"
    "|endgültig\\w*|korrigiert\\w*|définitif|finale?s?|corrigé|definitiv[oa]s?|corregid[oa]|corrigid[oa]|corrett[oi]"
    "|окончательн\\w*|итогов\\w*"
    "|最终|最終|修正|更正|最后|정정|최종"
)

ORDINALS = {
    word: place
    for place, words in enumerate(
        (
            "first|1st|erste[rsn]?|première?|primer[oa]?|primeir[oa]|prim[oa]|первый|первая|第一|첫\\s?번째|첫째",
            "second|2nd|zweite[rsn]?|deuxième|second[oa]|segund[oa]|второй|вторая|第二|두\\s?번째|둘째",
            "third|3rd|dritte[rsn]?|troisième|tercer[oa]?|terceir[oa]|terz[oa]|третий|третья|第三|세\\s?번째|셋째",
            "fourth|4th|vierte[rsn]?|quatrième|cuart[oa]|quart[oa]|четв[её]рт\\w+|第四|네\\s?번째|넷째",
            "fifth|5th|fünfte[rsn]?|cinquième|quint[oa]|пят\\w+|第五|다섯\\s?번째",
            "sixth|6th|sechste[rsn]?|sixième|sext[oa]|шест\\w+|第六",
            "seventh|7th|siebte[rsn]?|septième|séptim[oa]|第七",
            "eighth|8th|achte[rsn]?|huitième|第八",
            "ninth|9th|neunte[rsn]?|第九",
            "tenth|10th|zehnte[rsn]?|第十",
        ),
        start=1,
    )
    for word in words.split("|")
}
CARDINALS = {
    word: place
    for place, words in enumerate(
        (
            "zero|zéro|cero", "one|eins|eine?|una?|uno|um", "two|zwei|deux|dos|due|dois", "three|drei|trois|tres|tre"
                "|três",
            "four|vier|quatre|cuatro|quattro|quatro", "five|fünf|cinq|cinco|cinque", "six|sechs|seis|sei",
            "seven|sieben|sept|siete",
            "eight|acht|huit|ocho", "nine|neun|neuf|nueve", "ten|zehn|dix|diez", "eleven", "twelve",
        )
    )
    for word in words.split("|")
}  # fmt: skip
HAN = {sign: place for place, sign in enumerate("零一二三四五六七八九十")}
ROMAN = {sign: place for place, sign in enumerate("i ii iii iv v vi vii viii ix x".split(), start=1)}


def alternation(words: str) -> str:
    """The same alternatives, grouped by how they begin: a pattern that gives up at the first letter is far faster."""
    grouped: dict[str, list[str]] = {}
    for word in _alternatives(words):
        plain = len(word) > 1 and word[0].isalnum() and word[1] not in "?*+{|"
        grouped.setdefault(word[0] if plain else word, []).append(word[1:] if plain else "")
    parts = []
    for first, rests in grouped.items():
        if len(rests) == 1:
            parts.append(first + rests[0])
        else:
            parts.append(f"{first}(?:{alternation('|'.join(rests)) if len(first) == 1 else '|'.join(rests)})")
    return "|".join(parts)


def nouns(words: str) -> str:
    """The alternatives, those in Latin letters not in the middle of a word. Most places of a text fail at once."""
    latin = [word for word in _alternatives(words) if word[0].isascii()]
    other = [word for word in _alternatives(words) if not word[0].isascii()]
    return rf"(?<![a-z])(?:{alternation('|'.join(latin))})|(?![\0-\x7f])(?:{alternation('|'.join(other))})"


def _alternatives(words: str) -> list[str]:
    parts, depth, last = [], 0, 0
    for place, sign in enumerate(words):
        if sign in "([" and words[place - 1 : place] != "\\":
            depth += 1
        elif sign in ")]" and words[place - 1 : place] != "\\":
            depth -= 1
        elif sign == "|" and not depth:
            parts.append(words[last:place])
            last = place + 1
    return [*parts, words[last:]]


def word_pattern(words: str) -> re.Pattern[str]:
    """Finds any of the words as a word of its own; signs of scripts without spaces need no borders."""
    return re.compile(rf"(?<![a-zà-ÿа-я])(?:{alternation(words)})(?![a-zà-ÿа-я])")
