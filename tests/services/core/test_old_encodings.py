"""Texts of older programs are read in the encoding in which their words are of one language."""

import pytest

from services.core.decoding import Unreadable, text_of
from tests.support.work_time import work_of_at_most

pytestmark = pytest.mark.req('C7', 'Q9')

NAMES = {
    'French': ('Zoé Lefèvre|Maël Dœuff|Hélène Beauséjour|Anaïs Forêt', 'cp1252 mac_roman iso8859_15'),
    'French for DOS': ('Prénom|Zoé Lefèvre|Maël Noël|Hélène Beauséjour|Anaïs Forêt', 'cp850 cp437'),
    'German': ('Jürgen Groß|Änne Müller|Björn Köhler|Ülkü Öz', 'cp1252 mac_roman cp850 cp437'),
    'Spanish': ('José Muñoz|María Núñez|Sofía Gómez|Íñigo Güell', 'cp1252 mac_roman cp850 iso8859_15'),
    'Italian': ('Niccolò Dalò|Noè Cantù|Mosè Però', 'cp1252 mac_roman'),
    'Danish': ('Søren Kjær|Åse Bjørn|Mads Østergård', 'cp1252 mac_roman cp850'),
    'Swedish': ('Åsa Öberg|Björn Sjögren|Kåre Ängström|Pär Håkansson', 'cp1252 mac_roman cp850'),
    'Polish': ('Łucja Ślęzak|Błażej Wołczek|Paweł Kamiński', 'cp1250 iso8859_2 cp852 mac_latin2'),
    'Czech': ('Tomáš Dvořák|Jiří Novák|Lukáš Černý|Zdeněk Šťastný', 'cp1250 iso8859_2 cp852 mac_latin2'),
    'Hungarian': ('Ákos Szabó|Gergő Kovács|Réka Őze|Dénes Fűzi', 'cp1250'),
    'Turkish': ('Ayşe Yılmaz|Çağla Öztürk|İbrahim Şahin', 'cp1254 iso8859_9 cp857'),
    'Russian': ('Иван Петров|Семён Щукин|Тёма Ёлкин', 'cp1251 iso8859_5 koi8_r cp866 mac_cyrillic'),
    'Ukrainian': ('Олена Їжак|Іван Петренко|Єва Ґалаґан', 'cp1251 koi8_u'),
    'Greek': ('Γιώργος Παπαδόπουλος|Ελένη Νικολάου', 'cp1253 iso8859_7 cp737'),
    'Latvian': ('Jānis Bērziņš|Līga Kļaviņa|Ģirts Ķēniņš', 'cp1257'),
    'Hebrew': ('דנה לוי|יוסי כהן|אברהם מזרחי', 'cp1255 iso8859_8'),
    'Arabic': ('ليلى حسن|أحمد علي|محمد إبراهيم', 'cp1256 iso8859_6'),
    'Japanese': ('山田 花子|鈴木 太郎|佐藤 美咲|高橋 さくら', 'cp932 euc_jp'),
    'Chinese': ('张华|王小明|李娜|刘洋|陈静', 'gb18030'),
    'Chinese in Taiwan': ('陳怡君|林志明|王淑芬|黃俊傑', 'big5'),
    'Korean': ('김민준|이서연|박지후|최수빈', 'cp949'),
    'a class of many countries': ('Jürgen Groß|Zoé Lefèvre|José Muñoz|Søren Kjær|João Simões', 'cp1252 mac_roman'),
}


@pytest.mark.parametrize('language', NAMES)
def test_names_of_each_language(language: str) -> None:
    names, encodings = NAMES[language]
    text = 'name;group\n' + names.replace('|', ';7b\n')
    for encoding in encodings.split():
        assert text_of(text.encode(encoding)) == text, encoding


@pytest.mark.parametrize(
    ('text', 'encodings'),
    [
        ('氏名;組\n山田;7b\n', 'cp932 euc_jp'),
        ('姓名;班级\n李娜;7b\n', 'gb18030'),
        ('שם מלא;כיתה\nדנה לוי;7b\n', 'cp1255 cp862'),
        ('ชื่อ;นามสกุล\nสมชาย;ใจดี\n', 'cp874'),
        ('Adı;Soyadı\nYağız;Sor\n', 'cp1254 iso8859_9 cp857'),
    ],
    ids=['Japanese', 'Chinese', 'Hebrew', 'Thai', 'Turkish'],
)
def test_a_word_that_such_files_have_tells_the_encoding(text: str, encodings: str) -> None:
    known = {'氏名', '姓名', '班级', 'שם', 'מלא', 'นามสก', 'soyadı'}
    for encoding in encodings.split():
        assert text_of(text.encode(encoding), known) == text, encoding


@pytest.mark.parametrize(
    'text',
    ['x² = 4', '½ cup of café', '3 × 4 = 12', '5 km² groß', '£5 – “quoted” naïve', 'Größe 3 µm ± 2 %', '10 °C ¾ voll'],
)
def test_signs_of_sums_are_no_letters_of_another_encoding(text: str) -> None:
    assert text_of(text.encode('cp1252')) == text


def test_what_is_at_the_end_of_a_file_for_an_old_program_is_left_out() -> None:
    assert text_of(b'name\nLena\n\x1a') == text_of(b'name\nLena\n' + b'\x00' * 12) == 'name\nLena\n'
    assert text_of(b'name\nLe\x00na') == 'name\nLena'


@pytest.mark.parametrize('mark', ['', '\ufeff'])
@pytest.mark.parametrize('encoding', ['utf-32-le', 'utf-32-be'])
def test_four_bytes_for_each_letter_are_noticed_with_and_without_their_mark(encoding: str, mark: str) -> None:
    for text in 'name\nZoë Groß\nŁucja 👩\u200d🎓\n', 'n\n张\n', 'n\na\n':
        assert text_of((mark + text).encode(encoding)) == text


def test_two_bytes_for_each_letter_are_no_four() -> None:
    for encoding in 'utf-16-le', 'utf-16-be':
        assert text_of('a\nb\nc\nd\n'.encode(encoding)) == 'a\nb\nc\nd\n'


def test_a_frame_in_the_place_of_a_letter_is_noticed_and_refused_with_its_line() -> None:
    with pytest.raises(Unreadable, match='line 3'):
        text_of('name\nAnna\nҶамшед Ғафуров\n'.encode('koi8_t'))
    table = 'Größe │ Käfig\n──────┘\nJürgen│Müller\n'
    assert text_of(table.encode('cp437')) == table, 'a table of DOS has frames around its words'


def test_lines_of_two_encodings_are_not_guessed() -> None:
    with pytest.raises(Unreadable, match='line 3'):
        text_of('name\nJürgen\n'.encode() + 'Zoë Müller\nÄnne Groß\n'.encode('cp1252'))


def test_a_long_text_costs_no_more_than_its_length() -> None:
    with work_of_at_most(3):
        with pytest.raises(Unreadable):
            text_of(bytes(range(0xA0, 0x100)) * 20_000)
        text_of('Groß;x²'.encode('cp1252') * 200_000)
        text_of('Groß山'.encode('gb18030', errors='ignore') * 200_000)
