"""Lines of marks lists that count or sum up: “Highest”, “Moyenne de la classe”, “Средний балл”, “Max. Punkte”."""

import re

_SURE = """
    total totals subtotal average averages avg highest lowest median deviation stdev percentage percent passed failed
    points possible score scores weight weighting due rate number count
    present absent anwesend abwesend présents absents presentes ausentes
    summe gesamt gesamtzahl anzahl durchschnitt klassendurchschnitt klassenschnitt notenschnitt schnitt mittelwert
    klassenmittel notendurchschnitt punkte höchstpunktzahl maximalpunktzahl gewichtung ø ⌀ standardabweichung prozent
    moyenne effectif écart médiane barème coefficient haute basse pondération
    promedio puntos puntuación ponderación porcentaje desviación nota totale punteggio punti voto deviazione
    gemiddelde klasgemiddelde totaal hoogste laagste punten aantal
    średnia suma liczba punkty punktów najwyższa najniższa průměr celkem součet počet bodů bodov priemer
    gjennomsnitt gennemsnit medelvärde genomsnitt snitt summa antal poeng poäng keskiarvo yhteensä lukumäärä
    átlag összesen összeg prosjek ukupno povprečje skupaj medie ortalama toplam adet
    средний средняя среднее балл баллы итого всего количество максимум минимум сума разом кількість бал оцінка
    μέσος σύνολο άθροισμα βαθμός 平均 平均分 平均点 合计 合計 总计 總計 总分 最高分 最低分 最高点 最低点 人数 人數
    満点 满分 평균 합계 총점 최고점 최저점 만점 인원 المجموع المتوسط المعدل ממוצע סכום rata-rata jumlah
"""
_DOUBTFUL = 'mean media mediana sum max min mode range mark marks best pass maximum minimum moy note'
"""what may be somebody's name as well; with a word like “class” beside it, it is none"""
_OF_A_CLASS = """
    class course group grade overall students pupils test klasse kurs classe clase grupo gruppo groupe klas klasy třídy
    sınıf класса
"""
_BETWEEN = """
    grand of the in out date std standard type par de la le du del della die der da do plus más alta baja kl. о общий
"""
_WORDS = frozenset((_SURE + _DOUBTFUL + _OF_A_CLASS + ' ' + _BETWEEN).casefold().split())
_TELLING = frozenset(_SURE.casefold().split())
_DOUBTFUL_WORDS, _CLASS_WORDS = frozenset(_DOUBTFUL.split()), frozenset(_OF_A_CLASS.split())
_COUNTED = re.compile(r'[^\d:]+:\s*\d+(?:[.,]\d+)?\s*%?')
_SEX = frozenset(['boys', 'girls', 'male', 'female', 'jungen', 'mädchen', 'filles', 'garçons', 'niños', 'niñas'])


def sums_up(name: str) -> bool:
    """Tell whether what stands for a name, in small letters, is what a line of figures is called."""
    if _COUNTED.fullmatch(name) or name in _SEX:
        return True
    words = {word.strip('.,:()%') for word in name.split() if not word[0].isdigit()} - {''}
    if not words or not words <= _WORDS:
        return False
    return bool(words & _TELLING or (words & _DOUBTFUL_WORDS and words & _CLASS_WORDS)) or words == {'out', 'of'}


def names_a_class(name: str) -> bool:
    """Tell whether what stands for a name, in small letters, says “class” or “pupils”, as in “Class average”."""
    return bool(_CLASS_WORDS & set(name.split())) or name.startswith('klassen')
