"""The words for the columns of class lists in more languages, by fact: as `HEADINGS` has them, between bars."""

from collections.abc import Mapping
from types import MappingProxyType

MORE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        'name': 'elevnavn|elevens navn|الاسم|الاسم الكامل|اسم الطالب|اسم الطالبة|اسم التلميذ|الاسم الثلاثي'
        '|الاسم الرباعي|الطالب'
        '|שם|שם מלא|שם התלמיד|שם תלמיד|שם התלמיד/ה|שם הסטודנט|姓名|学生姓名|學生姓名|学员姓名|名字'
        '|名前|氏名|生徒名|生徒氏名'
        '|児童名|児童氏名|学生氏名|이름|성명|학생명|학생 이름|학생이름|họ và tên|họ tên|họ và tên học sinh'
        '|tên học sinh'
        '|ชื่อ|ชื่อ นามสกุล|ชื่อ สกุล|ชื่อและนามสกุล|ชื่อนักเรียน|नाम|पूरा नाम|छात्र का नाम|विद्यार्थी का नाम'
        '|نام|نام و نام خانوادگی|نام دانش آموز|نام دانشجو|nama|nama lengkap|nama murid|nama siswa|nama pelajar'
        '|nama mahasiswa|nama peserta didik|jina|jina kamili|jina la mwanafunzi|nafn|fullt nafn|nemandi'
        '|täisnimi|õpilane|õpilase nimi|vārds uzvārds|vārds un uzvārds|skolēns'
        '|vardas pavardė|vardas ir pavardė|mokinys'
        '|ainm|enw|enw llawn|disgybl|emri i plotë|nxënësi|emër mbiemër|izen abizenak|ikaslea|nom i cognoms'
        '|cognoms i nom'
        '|alumne|nome do aluno|nome do estudante|estudante|μαθητής|μαθήτρια|όνομα και επώνυμο|επώνυμο και όνομα'
        '|επώνυμο όνομα|όνομα επώνυμο|име и фамилия|име и презиме|презиме и име|фамилия имя отчество|фамилия имя'
        '|фамилия и имя|имя и фамилия|ф и о|учащийся|студент|студенты|ученики|прізвище та ім я|прізвище ім я'
        '|прізвище ім я по батькові|студентка|isim soyisim|ad ve soyad|adı ve soyadı|tanuló|tanuló neve|diák'
        '|uczestnik|uczniowie|deltager|deltaker|deltagare|opiskelija|osallistuja'
        '|wie heißt du|what s your name|comment t appelles tu|cómo te llamas|come ti chiami|hoe heet je'
        '|cursist|volledige naam|naam leerling|player|sort name|students|learners|namen|noms',
        'first': 'known as|known as forename'
        '|الاسم الأول|الاسم الاول|שם פרטי|名|给名|下の名前|tên|प्रथम नाम|पहला नाम|nama depan|jina la kwanza'
        '|fornafn|eesnimi|vārds|vardas|enw cyntaf|emri|emër|izena|име|isim|isim adı|nom de pila|ชื่อจริง',
        'last': 'long name|last initial|last name initial|surname initial|initial of last name|initial of surname'
        '|اسم العائلة|العائلة|اللقب|الكنية|النسبة|שם משפחה|משפחה|姓|姓氏|苗字|성|성씨|họ|họ đệm|họ và đệm'
        '|họ và tên đệm|นามสกุล|สกุล|उपनाम|कुलनाम|अंतिम नाम|نام خانوادگی|nama belakang|nama keluarga|jina la ukoo'
        '|jina la mwisho|eftirnafn|kenninafn|perekonnanimi|perenimi|uzvārds|pavardė|sloinne|cyfenw|mbiemri|mbiemër'
        '|abizena|abizenak|cognom|cognoms|primer cognom|apelidos|презиме|soyisim|priezvisko',
        'email': 'address email|contacts email'
        '|e mail 1 value|البريد الإلكتروني|البريد الالكتروني|الإيميل|بريد إلكتروني|דוא״ל'
        '|דוא"ל|דואל|אימייל|מייל|דואר אלקטרוני'
        '|邮箱|电子邮箱|电子邮件|邮件|邮箱地址|電子郵件|電子信箱|信箱|電郵|メールアドレス|メール|eメール|이메일'
        '|이메일 주소|전자우편'
        '|эл почта|электронная почта|почта|адрес электронной почты|эл адрес|ел пошта|електронна пошта|пошта|имейл'
        '|е пошта|имејл|мейл|ηλεκτρονικό ταχυδρομείο|ηλεκτρονική διεύθυνση|διεύθυνση email|อีเมล|ईमेल|ایمیل'
        '|پست الکترونیک'
        '|surel|alamat email|emel|correio eletrónico|correio eletrônico'
        '|endereço de email|endereço de e mail|barua pepe'
        '|el paštas|e pasts|e pasta adrese|netfang|tölvupóstur|ríomhphost|ebost|correu|correu electrònic'
        '|helbide elektronikoa|adres e mail|adres email|poczta|e mail cím|email cím',
        'number': 'extern key|externe id|interne id nummer|user id|unique user id|unique id|person id'
        '|perm id|other id|adm no|adno|admission number|pupil id|sis number|orgdefinedid|nsn|ine|nia'
        '|n id escolar|nº id escolar|id alumno|stamnr|stamnummer|leerlingnummer|stamboeknummer|elevnr'
        '|oktatási azonosító'
        '|学号|學號|学籍番号|学生番号|학번|رقم الطالب|الرقم الجامعي|الرقم الأكاديمي|ת ז'
        '|ת״ז|תעודת זהות|מספר זהות'
        '|mã học sinh|mã số học sinh|mã sinh viên|mã số sinh viên|mssv|รหัสนักเรียน|รหัสนักศึกษา|nisn|nomor induk'
        '|öğrenci no|okul no|αριθμός μητρώου|شماره دانش آموزی|شماره دانشجویی|numer albumu|nr albumu|isikukood'
        '|oppilasnumero',
        'group': 'klasse name|klassen klassenbezeichnung|lesgroep|deine klasse|welche klasse|which class are you in'
        '|kl|base class|basisgruppe|reg class|class & sec|class & section|class and section|class sec|group1'
        '|cohort|cohort1|oddelek'
        '|oddział|curso|hmrm|home rm|الصف|الفصل|الشعبة|المجموعة|כיתה|קבוצה|הקבצה|班级|班級|班|组|组别|組|組別'
        '|クラス|学級|グループ|반|학급|분반'
        '|lớp|nhóm|ชั้น|ชั้นเรียน|ห้อง|กลุ่ม|कक्षा|वर्ग|کلاس|گروه|kelas|rombel|kelompok|kumpulan|darasa|bekkur|hópur'
        '|rühm'
        '|klase|klasė|grupė|grúpa|dosbarth|grŵp|taldea|gela|grup|разред|одељење|паралелка|група|группа|гурт'
        '|ομάδα|τάξη|sınıfı|şube|şubesi|csoport|ryhma|opetusryhmä',
        'left': '状态|狀態|学籍状态|在籍状況|状態|상태|학적|الحالة|סטטוס|מצב|tila|tilanne|stan|situação da matrícula',
        'role': 'الدور|תפקיד|角色|身份|役割|역할|vai trò|บทบาท|भूमिका|نقش|peran|роль|ролі'
        '|ρόλος|hlutverk|loma|papel|função',
    }
)
