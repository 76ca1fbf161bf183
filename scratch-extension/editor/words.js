// The few texts of this page itself. The editor and the blocks bring their own translations.

const en = {
  loading: 'Scratch is opening …',
  ok: 'OK',
  tryAgain: 'Try again',
  startPage: 'Peekaboo start page',
  teach: 'Teach your own',
  lessons: 'Lessons',
  aboutScratch: 'About Scratch',
  notAffiliated: {
    title: 'Scratch and Peekaboo',
    text:
      'Scratch is a project of the Scratch Foundation; Peekaboo is not affiliated with it. ' +
      'This is its official editor, unchanged, under the licence AGPL-3.0.',
  },
  failed: {
    title: 'Scratch did not open',
    text:
      'Is Peekaboo still running? Look at the window in which it was started, ' + 'then try again.',
  },
  noSuchProject: {
    title: 'That project is not here',
    text: 'Maybe its name is not quite right. An empty project is open instead.',
  },
  brokenProject: {
    title: 'That project is broken',
    text:
      'Its file cannot be read. An empty project is open instead; ' +
      'to open another one, use the File menu.',
  },
  missingBlocks: {
    title: 'Some blocks are missing',
    text:
      'This project uses blocks that are not here. Everything else is open, and the missing ' +
      'blocks stay in its file.',
  },
};

const de = {
  loading: 'Scratch wird geöffnet …',
  ok: 'OK',
  tryAgain: 'Noch einmal',
  startPage: 'Peekaboo-Startseite',
  teach: 'Bring ihm etwas bei',
  lessons: 'Lektionen',
  aboutScratch: 'Über Scratch',
  notAffiliated: {
    title: 'Scratch und Peekaboo',
    text:
      'Scratch ist ein Projekt der Scratch Foundation; Peekaboo gehört nicht dazu. ' +
      'Das hier ist der offizielle Editor, unverändert, unter der Lizenz AGPL-3.0.',
  },
  failed: {
    title: 'Scratch ließ sich nicht öffnen',
    text:
      'Läuft Peekaboo noch? Sieh in dem Fenster nach, in dem es gestartet wurde, ' +
      'und versuche es noch einmal.',
  },
  noSuchProject: {
    title: 'Dieses Projekt gibt es hier nicht',
    text: 'Vielleicht stimmt der Name nicht ganz. Stattdessen ist ein leeres Projekt offen.',
  },
  brokenProject: {
    title: 'Dieses Projekt ist kaputt',
    text:
      'Die Datei lässt sich nicht lesen. Stattdessen ist ein leeres Projekt offen; ' +
      'ein anderes öffnest du im Menü Datei.',
  },
  missingBlocks: {
    title: 'Einige Blöcke fehlen',
    text:
      'Dieses Projekt benutzt Blöcke, die es hier nicht gibt. Alles andere ist offen, und die ' +
      'fehlenden Blöcke bleiben in der Datei.',
  },
};

const es = {
  loading: 'Abriendo Scratch…',
  ok: 'Aceptar',
  tryAgain: 'Intentar de nuevo',
  startPage: 'Inicio de Peekaboo',
  teach: 'Enséñale tú',
  lessons: 'Actividades',
  aboutScratch: 'Acerca de Scratch',
  notAffiliated: {
    title: 'Scratch y Peekaboo',
    text:
      'Scratch es un proyecto de la Scratch Foundation; Peekaboo no está vinculado a ella. ' +
      'Este es su editor oficial, sin cambios, con licencia AGPL-3.0.',
  },
  failed: {
    title: 'Scratch no se ha abierto',
    text:
      '¿Sigue funcionando Peekaboo? Mira la ventana en la que se inició ' + 'e inténtalo de nuevo.',
  },
  noSuchProject: {
    title: 'Ese proyecto no está aquí',
    text: 'Quizá el nombre no sea exacto. En su lugar se ha abierto un proyecto vacío.',
  },
  brokenProject: {
    title: 'Ese proyecto está dañado',
    text:
      'No se puede leer el archivo. En su lugar se ha abierto un proyecto vacío; ' +
      'para abrir otro, usa el menú Archivo.',
  },
  missingBlocks: {
    title: 'Faltan algunos bloques',
    text:
      'Este proyecto usa bloques que no están aquí. Todo lo demás está abierto, y los bloques ' +
      'que faltan se quedan en su archivo.',
  },
};

const fr = {
  loading: 'Scratch s’ouvre…',
  ok: 'OK',
  tryAgain: 'Réessayer',
  startPage: 'Accueil de Peekaboo',
  teach: 'Entraîne-le toi-même',
  lessons: 'Activités',
  aboutScratch: 'À propos de Scratch',
  notAffiliated: {
    title: 'Scratch et Peekaboo',
    text:
      'Scratch est un projet de la Scratch Foundation ; Peekaboo n’y est pas affilié. ' +
      'Voici son éditeur officiel, inchangé, sous licence AGPL-3.0.',
  },
  failed: {
    title: 'Scratch ne s’est pas ouvert',
    text: 'Peekaboo est-il encore lancé ? Regarde la fenêtre où il a démarré, ' + 'puis réessaie.',
  },
  noSuchProject: {
    title: 'Ce projet n’est pas ici',
    text: 'Son nom n’est peut-être pas tout à fait juste. Un projet vide est ouvert à sa place.',
  },
  brokenProject: {
    title: 'Ce projet est abîmé',
    text:
      'Son fichier est illisible. Un projet vide est ouvert à sa place ; ' +
      'pour en ouvrir un autre, utilise le menu Fichier.',
  },
  missingBlocks: {
    title: 'Il manque des blocs',
    text:
      'Ce projet utilise des blocs qui ne sont pas ici. Tout le reste est ouvert, et les blocs ' +
      'manquants restent dans son fichier.',
  },
};

const ja = {
  loading: 'Scratch を開いています…',
  ok: 'OK',
  tryAgain: 'もう一度',
  startPage: 'Peekaboo のスタートページ',
  teach: '自分で教える',
  lessons: 'レッスン',
  aboutScratch: 'Scratch について',
  notAffiliated: {
    title: 'Scratch と Peekaboo',
    text:
      'Scratch は Scratch 財団のプロジェクトで、Peekaboo はそれとは関係がありません。' +
      'これは公式エディターをそのまま使ったものです（ライセンスは AGPL-3.0）。',
  },
  failed: {
    title: 'Scratch が開けませんでした',
    text: 'Peekaboo は動いていますか？　起動したウィンドウを見て、もう一度ためしてください。',
  },
  noSuchProject: {
    title: 'そのプロジェクトはここにありません',
    text: '名前が少しちがうのかもしれません。かわりに空のプロジェクトを開きました。',
  },
  brokenProject: {
    title: 'そのプロジェクトはこわれています',
    text:
      'ファイルが読めません。かわりに空のプロジェクトを開きました。' +
      'ほかのプロジェクトは「ファイル」メニューから開けます。',
  },
  missingBlocks: {
    title: '使えないブロックがあります',
    text:
      'このプロジェクトには、ここにないブロックが使われています。' +
      'ほかはすべて開いていて、ないブロックもファイルには残ります。',
  },
};

const ar = {
  loading: 'يجري فتح Scratch …',
  ok: 'حسنًا',
  tryAgain: 'حاول مرة أخرى',
  startPage: 'صفحة بداية Peekaboo',
  teach: 'علّمه بنفسك',
  lessons: 'الدروس',
  aboutScratch: 'عن Scratch',
  notAffiliated: {
    title: 'Scratch وPeekaboo',
    text:
      'Scratch مشروع من مؤسسة Scratch، وPeekaboo غير تابع لها. ' +
      'هذا هو المحرر الرسمي كما هو، برخصة AGPL-3.0.',
  },
  failed: {
    title: 'لم يُفتح Scratch',
    text: 'هل ما زال Peekaboo يعمل؟ انظر إلى النافذة التي بدأ منها، ثم حاول مرة أخرى.',
  },
  noSuchProject: {
    title: 'هذا المشروع غير موجود هنا',
    text: 'ربما كان الاسم غير صحيح. فُتح مشروع فارغ بدلًا منه.',
  },
  brokenProject: {
    title: 'هذا المشروع تالف',
    text: 'لا يمكن قراءة ملفه. فُتح مشروع فارغ بدلًا منه؛ لفتح مشروع آخر استخدم قائمة «ملف».',
  },
  missingBlocks: {
    title: 'بعض اللبنات ناقصة',
    text: 'يستخدم هذا المشروع لبنات غير موجودة هنا. كل ما عداها مفتوح، وتبقى اللبنات الناقصة في ملفه.',
  },
};

const tables = { en, de, es, fr, ja, ar };

const REMEMBERED = 'peekaboo.language';
const asked = new URLSearchParams(location.search).get('locale');

// What somebody chose on Peekaboo's other pages, which keep it under this name.
function remembered() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null; // A browser that keeps nothing: its own language decides.
  }
}

export function remember(locale) {
  try {
    localStorage.setItem(REMEMBERED, locale);
  } catch {
    // A browser that keeps nothing asks again the next time.
  }
}

function firstKnown(wishes) {
  const names = wishes.filter(Boolean).map((name) => name.toLowerCase().split('-')[0]);
  return names.find((name) => name in tables) ?? 'en';
}

// The language that was chosen by hand, or null; the editor knows more languages than this page.
export const chosen = asked ?? remembered();
export const language = firstKnown([chosen, ...navigator.languages]);
export const isRightToLeft = language === 'ar';
export const words = tables[language];
