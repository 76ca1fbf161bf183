// Puts the page that stands in for the editor into the reader's language; its own is English.

import { isRightToLeft, language } from './words.js';

const WORDS = {
  de: {
    title: 'Scratch ist noch nicht auf diesem Computer',
    lead: 'Alles andere funktioniert. Zu den Blöcken führen zwei Wege:',
    install: 'Scratch auf diesen Computer holen',
    installWhen: 'Gut für eine Klasse: Danach geht es ohne Internet.',
    node: 'Bitte jemanden Erwachsenes, Node.js zu installieren (die Version mit LTS). Peekaboo braucht es einmal, mit Internet, um Scratch zu holen.',
    stop: 'Halte Peekaboo in seinem Fenster an:',
    again: 'Starte es wieder:',
    done: 'Das habe ich gemacht',
    turbowarp: 'TurboWarp im Internet benutzen',
    turbowarpWhen: 'Gut für einen schnellen Blick: nichts zu installieren.',
    keep: 'Lass Peekaboo auf diesem Computer laufen.',
    open: 'Öffne TurboWarp mit dem Knopf. Es ist Scratch sehr ähnlich.',
    allow:
      'Wenn der Browser fragt, ob die Seite diesen Computer erreichen darf, erlaube es. Bilder gehen trotzdem nur an Peekaboo hier.',
    openTurbowarp: 'TurboWarp öffnen',
    notAffiliated: 'Scratch ist ein Projekt der Scratch Foundation; Peekaboo gehört nicht dazu.',
  },
  es: {
    title: 'Scratch aún no está en esta computadora',
    lead: 'Todo lo demás funciona. Hay dos maneras de tener bloques:',
    install: 'Poner Scratch en esta computadora',
    installWhen: 'Lo mejor para una clase: después funciona sin internet.',
    node: 'Pide a una persona adulta que instale Node.js (la versión LTS). Peekaboo lo necesita una vez, con internet, para traer Scratch.',
    stop: 'Detén Peekaboo en su ventana:',
    again: 'Inícialo de nuevo:',
    done: 'Ya lo hice',
    turbowarp: 'Usar TurboWarp en internet',
    turbowarpWhen: 'Lo mejor para un vistazo: no hay que instalar nada.',
    keep: 'Deja Peekaboo funcionando en esta computadora.',
    open: 'Abre TurboWarp con el botón. Se parece mucho a Scratch.',
    allow:
      'Si el navegador pregunta si la página puede acceder a esta computadora, permítelo. Las imágenes siguen yendo solo a Peekaboo.',
    openTurbowarp: 'Abrir TurboWarp',
    notAffiliated:
      'Scratch es un proyecto de la Scratch Foundation; Peekaboo no está afiliado a ella.',
  },
  fr: {
    title: 'Scratch n’est pas encore sur cet ordinateur',
    lead: 'Tout le reste fonctionne. Il y a deux façons d’avoir des blocs :',
    install: 'Mettre Scratch sur cet ordinateur',
    installWhen: 'Le mieux pour une classe : ensuite, plus besoin d’internet.',
    node: 'Demande à un adulte d’installer Node.js (la version LTS). Peekaboo en a besoin une fois, avec internet, pour aller chercher Scratch.',
    stop: 'Arrête Peekaboo dans sa fenêtre :',
    again: 'Relance-le :',
    done: 'C’est fait',
    turbowarp: 'Utiliser TurboWarp sur internet',
    turbowarpWhen: 'Le mieux pour un coup d’œil : rien à installer.',
    keep: 'Laisse Peekaboo tourner sur cet ordinateur.',
    open: 'Ouvre TurboWarp avec le bouton. Il ressemble beaucoup à Scratch.',
    allow:
      'Si le navigateur demande si la page peut accéder à cet ordinateur, accepte. Les images ne vont toujours qu’à Peekaboo, ici.',
    openTurbowarp: 'Ouvrir TurboWarp',
    notAffiliated: 'Scratch est un projet de la Scratch Foundation ; Peekaboo n’y est pas affilié.',
  },
  ja: {
    title: 'Scratchはまだこのコンピューターにありません',
    lead: 'ほかはぜんぶ使えます。ブロックを使う方法は2つあります：',
    install: 'このコンピューターにScratchを入れる',
    installWhen: '授業におすすめ：あとはインターネットなしで使えます。',
    node: '大人の人にNode.js（LTSと書いてある版）を入れてもらおう。Scratchを取ってくるために、インターネットといっしょに一度だけ必要です。',
    stop: 'Peekabooのウィンドウで止める：',
    again: 'もういちど起動する：',
    done: 'できました',
    turbowarp: 'インターネットのTurboWarpを使う',
    turbowarpWhen: 'ちょっと見たいときにおすすめ：何も入れなくてよい。',
    keep: 'このコンピューターでPeekabooを動かしたままにする。',
    open: 'ボタンでTurboWarpをひらく。Scratchにとてもよく似ています。',
    allow:
      'このコンピューターへのアクセスを許可するかブラウザーに聞かれたら、許可する。絵が送られるのは、ここのPeekabooだけです。',
    openTurbowarp: 'TurboWarpをひらく',
    notAffiliated: 'ScratchはScratch財団のプロジェクトで、Peekabooはそれとは関係がありません。',
  },
  ar: {
    title: 'Scratch ليس على هذا الحاسوب بعد',
    lead: 'كل شيء آخر يعمل. هناك طريقتان للحصول على اللبنات:',
    install: 'ضع Scratch على هذا الحاسوب',
    installWhen: 'الأفضل للفصل: بعدها يعمل دون إنترنت.',
    node: 'اطلب من شخص بالغ تثبيت Node.js (الإصدار LTS). يحتاجه Peekaboo مرة واحدة، مع الإنترنت، لجلب Scratch.',
    stop: 'أوقف Peekaboo في نافذته:',
    again: 'شغّله من جديد:',
    done: 'فعلت ذلك',
    turbowarp: 'استخدم TurboWarp على الإنترنت',
    turbowarpWhen: 'الأفضل لنظرة سريعة: لا حاجة إلى تثبيت شيء.',
    keep: 'أبقِ Peekaboo يعمل على هذا الحاسوب.',
    open: 'افتح TurboWarp بالزر. إنه يشبه Scratch كثيرًا.',
    allow:
      'إذا سأل المتصفح هل يُسمح للصفحة بالوصول إلى هذا الحاسوب فاسمح بذلك. تبقى الصور هنا عند Peekaboo فقط.',
    openTurbowarp: 'افتح TurboWarp',
    notAffiliated: 'Scratch مشروع من مؤسسة Scratch، وPeekaboo غير تابع لها.',
  },
};

const words = WORDS[language];
if (words) {
  document.documentElement.lang = language;
  document.documentElement.dir = isRightToLeft ? 'rtl' : 'ltr';
  document.title = `${words.title} · Peekaboo`;
  for (const element of document.querySelectorAll('[data-words]')) {
    element.textContent = words[element.dataset.words];
  }
}
