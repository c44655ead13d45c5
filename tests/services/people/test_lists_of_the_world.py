"""Class lists with headings of many languages and scripts: names in the order in which they are said."""

import pytest

from services.people import list_reading

pytestmark = pytest.mark.req('C7')

LISTS = {
    'Arabic': ('الاسم,الصف,البريد الإلكتروني\nليلى حسن,7b,l@x.org\n', ('ليلى حسن', 'l@x.org', '7b')),
    'Arabic, the whole name': ('الاسم الكامل,الفصل\nليلى حسن,7b\n', ('ليلى حسن', '', '7b')),
    'Arabic, two names': ('الاسم الأول,اسم العائلة,الصف\nليلى,حسن,7b\n', ('ليلى حسن', '', '7b')),
    'Hebrew': ('שם פרטי,שם משפחה,כיתה,דוא״ל\nדנה,לוי,7b,d@x.org\n', ('דנה לוי', 'd@x.org', '7b')),
    'Hebrew, the whole name': ('שם מלא,כיתה\nדנה לוי,7b\n', ('דנה לוי', '', '7b')),
    'Chinese': ('学号,姓名,班级,邮箱\n1001,张华,7b,z@x.org\n', ('张华', 'z@x.org', '7b')),
    'Chinese in Taiwan': ('學號,姓名,班級,電子郵件\n1001,陳怡君,7b,z@x.org\n', ('陳怡君', 'z@x.org', '7b')),
    'Japanese': ('出席番号,氏名,クラス,メールアドレス\n1,山田 花子,7b,z@x.org\n', ('山田 花子', 'z@x.org', '7b')),
    'Japanese, two names': ('姓,名,組\n山田,花子,7b\n', ('山田 花子', '', '7b')),
    'Korean': ('학번,이름,반,이메일\n1,김민준,7b,k@x.org\n', ('김민준', 'k@x.org', '7b')),
    'Greek': ('Επώνυμο;Όνομα;Τμήμα\nΠαπαδόπουλος;Νίκος;7b\n', ('Νίκος Παπαδόπουλος', '', '7b')),
    'Greek in capitals': ('ΕΠΩΝΥΜΟ;ΟΝΟΜΑ;ΤΜΗΜΑ\nΠΑΠΑΔΟΠΟΥΛΟΣ;ΝΙΚΟΣ;7b\n', ('ΝΙΚΟΣ ΠΑΠΑΔΟΠΟΥΛΟΣ', '', '7b')),
    'Bulgarian': ('Име;Фамилия;Клас\nЛена;Брандт;7b\n', ('Лена Брандт', '', '7b')),
    'Serbian': ('Презиме;Име;Разред\nБрандт;Лена;7b\n', ('Лена Брандт', '', '7b')),
    'Ukrainian': ('Прізвище;Ім’я;По батькові;Клас\nМельник;Олена;Іванівна;7b\n', ('Олена Мельник', '', '7b')),
    'Russian, with the name of the father': (
        'Фамилия;Имя;Отчество;Класс;Эл. почта\nБрандт;Лена;Ивановна;7b;l@x.org\n',
        ('Лена Брандт', 'l@x.org', '7b'),
    ),
    'Vietnamese': ('Họ và tên,Lớp\nNguyễn Văn An,7b\n', ('Nguyễn Văn An', '', '7b')),
    'Vietnamese, two names': ('Họ đệm,Tên,Lớp\nNguyễn Văn,An,7b\n', ('Nguyễn Văn An', '', '7b')),
    'Thai': ('ชื่อ,นามสกุล,ชั้น\nสมชาย,ใจดี,7b\n', ('สมชาย ใจดี', '', '7b')),
    'Hindi': ('नाम,कक्षा\nलीना शर्मा,7b\n', ('लीना शर्मा', '', '7b')),
    'Persian': ('نام,نام خانوادگی,کلاس\nلیلا,حسنی,7b\n', ('لیلا حسنی', '', '7b')),
    'Indonesian': ('Nama,Kelas\nBudi Santoso,7b\n', ('Budi Santoso', '', '7b')),
    'Indonesian, with addresses': (
        'Nama Lengkap,Kelas,Surel\nBudi Santoso,7b,b@x.org\n',
        ('Budi Santoso', 'b@x.org', '7b'),
    ),
    'Malay': ('Nama Murid,Kelas\nAli bin Abu,7b\n', ('Ali bin Abu', '', '7b')),
    'Swahili': ('Jina,Darasa\nAsha Juma,7b\n', ('Asha Juma', '', '7b')),
    'Portuguese': ('Nome;Apelido;Turma;Correio eletrónico\nLena;Brandt;7b;l@x.org\n', ('Lena Brandt', 'l@x.org', '7b')),
    'Catalan': ('Cognoms;Nom;Classe\nBrandt;Lena;7b\n', ('Lena Brandt', '', '7b')),
    'Basque': ('Izena;Abizenak;Taldea\nLena;Brandt;7b\n', ('Lena Brandt', '', '7b')),
    'Galician': ('Nome;Apelidos;Grupo\nLena;Brandt;7b\n', ('Lena Brandt', '', '7b')),
    'Estonian': ('Eesnimi;Perekonnanimi;Klass\nLena;Brandt;7b\n', ('Lena Brandt', '', '7b')),
    'Latvian': ('Vārds;Uzvārds;Klase\nLena;Brandt;7b\n', ('Lena Brandt', '', '7b')),
    'Lithuanian': ('Vardas;Pavardė;Klasė\nLena;Brandt;7b\n', ('Lena Brandt', '', '7b')),
    'Icelandic': ('Nafn;Bekkur\nLena Brandt;7b\n', ('Lena Brandt', '', '7b')),
    'Welsh': ('Enw cyntaf;Cyfenw;Dosbarth\nLena;Brandt;7b\n', ('Lena Brandt', '', '7b')),
    'Albanian': ('Emri;Mbiemri;Klasa\nLena;Brandt;7b\n', ('Lena Brandt', '', '7b')),
    'Croatian': ('Prezime;Ime;Razred\nBrandt;Lena;7b\n', ('Lena Brandt', '', '7b')),
    'Slovene': ('Priimek;Ime;Razred\nBrandt;Lena;7b\n', ('Lena Brandt', '', '7b')),
    'Romanian': ('Nume;Prenume;Clasa\nBrandt;Lena;7b\n', ('Lena Brandt', '', '7b')),
    'Turkish': ('Adı;Soyadı;Sınıfı\nLena;Brandt;7b\n', ('Lena Brandt', '', '7b')),
    'Chinese, two names': ('姓,名,班级\n张,华,7b\n', ('张华', '', '7b')),
    'Korean, two names': ('성,이름,반\n김,민준,7b\n', ('김민준', '', '7b')),
    'French without accents': ('NOM;PRENOM;CLASSE\nBrandt;Lena;7b\n', ('Lena Brandt', '', '7b')),
    'Turkish in capitals': ('ADI;SOYADI;SINIFI\nLena;Brandt;7b\n', ('Lena Brandt', '', '7b')),
}


@pytest.mark.parametrize('language', LISTS)
def test_lists_of_each_language(language: str) -> None:
    text, expected = LISTS[language]
    (person,) = list_reading.read(text.encode())
    assert (person.name, person.email, person.group) == expected


@pytest.mark.parametrize(
    ('text', 'names'),
    [
        ('Student,Surname,Class\nLena,Brandt,7b\nMaría José,Ruiz,7b\n', ['Lena Brandt', 'María José Ruiz']),
        ('Student,Surname,Class\nLena Brandt,Brandt,7b\n"Said, Omar",Said,7b\n', ['Lena Brandt', 'Omar Said']),
        ('Name,Ten,Class\nLena Brandt,9,7b\nOmar Said,10,7b\n', ['Lena Brandt', 'Omar Said']),
    ],
    ids=['the first name', 'the whole name', 'a mark of at most ten'],
)
def test_a_column_called_name_beside_one_with_half_of_it(text: str, names: list[str]) -> None:
    assert [person.name for person in list_reading.read(text.encode())] == names


@pytest.mark.parametrize(
    ('text', 'name', 'encodings'),
    [
        ('氏名,クラス\n山田 花子,7b\n', '山田 花子', 'cp932 euc_jp'),
        ('姓名,班级\n李娜,7b\n', '李娜', 'gb18030 utf-16-le utf-16-be'),
        ('姓名,班級\n陳怡君,7b\n', '陳怡君', 'big5'),
        ('이름,반\n김민준,7b\n', '김민준', 'cp949'),
        ('ФИО;Класс\nЛена Брандт;7b\n', 'Лена Брандт', 'cp1251 koi8_r cp866 mac_cyrillic utf-16-le'),
        ('Ονοματεπώνυμο;Τμήμα\nΝίκος Παπάς;7b\n', 'Νίκος Παπάς', 'cp1253 iso8859_7 cp737'),
        ('שם מלא;כיתה\nדנה לוי;7b\n', 'דנה לוי', 'cp1255 iso8859_8 cp862'),
        ('الاسم;الصف\nليلى حسن;7b\n', 'ليلى حسن', 'cp1256 iso8859_6'),
        ('Adı;Soyadı;Sınıf\nOğuz;Şahin;7b\n', 'Oğuz Şahin', 'cp1254 iso8859_9 cp857'),
        ('Nazwisko;Imię;Klasa\nŻak;Michał;7b\n', 'Michał Żak', 'cp1250 iso8859_2 cp852 mac_latin2'),
        ('Vārds;Uzvārds;Klase\nJānis;Bērziņš;7b\n', 'Jānis Bērziņš', 'cp1257'),
    ],
)
def test_lists_of_old_programs_of_each_language(text: str, name: str, encodings: str) -> None:
    for encoding in encodings.split():
        (person,) = list_reading.read(text.encode(encoding))
        assert (person.name, person.group) == (name, '7b'), encoding
