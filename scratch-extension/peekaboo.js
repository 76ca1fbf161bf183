// Name: Peekaboo
// ID: peekaboo
// Description: Cover a part of a picture and see what it does to a classifier.
// By: The Peekaboo makers
// License: MPL-2.0

/* Needs Peekaboo's helper program on the same computer, which runs the classifiers. */

(function (Scratch) {
  'use strict';

  if (!Scratch.extensions.unsandboxed) {
    throw new Error('Peekaboo draws on the stage, so it has to run without the sandbox.');
  }

  const { BlockType, ArgumentType } = Scratch;

  // ---------------------------------------------------------------------------------------------
  // Words. Every language has every text; names in [BRACKETS] are filled in and stay as they are.
  // ---------------------------------------------------------------------------------------------

  /** @type {Record<string, Record<string, string>>} */
  const WORDS = {
    en: {
      language: 'en',
      useModel: 'use model [MODEL]',
      classify: 'classify [PICTURE]',
      label: 'label',
      confidence: 'confidence',
      confidenceOf: 'confidence of [LABEL]',
      classifyLabel: 'classify [PICTURE] (label)',
      classifyConfidence: 'classify [PICTURE] (confidence)',
      setSquares: 'use [COLUMNS] squares across and [ROWS] down',
      setCover: 'cover with [COVER]',
      coverArea: 'cover area row [ROW] column [COLUMN]',
      coverSquare: 'cover square [SQUARE]',
      uncover: 'uncover everything',
      numberOfSquares: 'number of squares',
      xOfSquare: 'x of square [SQUARE]',
      yOfSquare: 'y of square [SQUARE]',
      measureRelevance: 'measure relevance of [PICTURE]',
      showRelevance: 'show relevance with ghost effect',
      hideRelevance: 'hide relevance',
      relevanceOfSquare: 'relevance of square [SQUARE]',
      ghostOfSquare: 'ghost effect for square [SQUARE]',
      mostRelevantSquare: 'most relevant square',
      anySquareMattered: 'did any square matter?',
      relevanceSentence: 'what happened',
      setMeasure: 'measure by [MEASURE]',
      setAmplify: 'set amplify to [AMPLIFY]',
      stage: 'the stage',
      backdrop: 'the backdrop',
      sprite: 'this sprite',
      camera: 'the camera',
      black: 'black',
      grey: 'grey',
      white: 'white',
      mean: 'average colour',
      blur: 'blur',
      noise: 'noise',
      auto: 'auto',
      log_odds: 'log-odds',
      noLabels: '(no labels yet)',
      none: 'none',
      nothingMattered:
        'Nothing seemed to matter: [TARGET] stayed at [BEFORE], whichever square was covered.',
      stayed: '[TARGET] stayed at [LOWEST] or more, whichever square was covered.',
      unsure: '[TARGET] was only at [BEFORE] from the start.',
      shook: 'Covering row [ROW], column [COLUMN] shook the classifier the most.',
      dropped: 'Covering row [ROW], column [COLUMN] dropped [TARGET] from [BEFORE] to [AFTER].',
      thenSaid: 'Then it said [LABEL].',
      notClassified: 'Nothing is classified yet.',
      notMeasured: 'Nothing is measured yet.',
      helperMissing:
        'Peekaboo’s helper is not running. Start it on this computer and try again: I will find it by myself.',
      helperStopped: 'Peekaboo’s helper stopped in the middle. Please try again.',
      helperSlow: 'Peekaboo’s helper is taking too long. Please try again.',
      helperBusy: 'Peekaboo’s helper is busy. Please try again in a moment.',
      wentWrong: 'Oops, something went wrong inside Peekaboo. Please try again.',
      unknownModel: 'I do not know a model “[NAME]”. I know: [NAMES].',
      unknownLabel: 'This model has no label “[NAME]”. It knows: [NAMES].',
      unknownChoice: '“[NAME]” does not work here. Choose one of these: [NAMES].',
      badAmplify: '“[NAME]” does not work here. Choose auto or a number above 0.',
      badGrid: 'Choose whole numbers from 1 to [LARGEST] for the squares across and down.',
      noSquare: 'There is no square “[NAME]”. Squares count from 1 to [COUNT].',
      noArea: 'There is no such area. Rows count from 1 to [ROWS], columns from 1 to [COLUMNS].',
      noCamera: 'I cannot see through the camera. Is one plugged in, and may this page use it?',
      noCostume: 'I cannot read this costume. Please try another one.',
    },
    de: {
      language: 'de',
      useModel: 'benutze Modell [MODEL]',
      classify: 'erkenne [PICTURE]',
      label: 'Name',
      confidence: 'Sicherheit',
      confidenceOf: 'Sicherheit für [LABEL]',
      classifyLabel: 'erkenne [PICTURE] (Name)',
      classifyConfidence: 'erkenne [PICTURE] (Sicherheit)',
      setSquares: 'benutze [COLUMNS] Felder nebeneinander und [ROWS] untereinander',
      setCover: 'verdecke mit: [COVER]',
      coverArea: 'verdecke den Bereich in Zeile [ROW] Spalte [COLUMN]',
      coverSquare: 'verdecke Feld [SQUARE]',
      uncover: 'decke alles auf',
      numberOfSquares: 'Anzahl der Felder',
      xOfSquare: 'x von Feld [SQUARE]',
      yOfSquare: 'y von Feld [SQUARE]',
      measureRelevance: 'miss, was wichtig ist für [PICTURE]',
      showRelevance: 'zeige mit Durchsichtigkeit, was wichtig ist',
      hideRelevance: 'verstecke, was wichtig ist',
      relevanceOfSquare: 'Wichtigkeit von Feld [SQUARE]',
      ghostOfSquare: 'Durchsichtigkeit für Feld [SQUARE]',
      mostRelevantSquare: 'wichtigstes Feld',
      anySquareMattered: 'war ein Feld wichtig?',
      relevanceSentence: 'was passiert ist',
      setMeasure: 'miss mit: [MEASURE]',
      setAmplify: 'setze Verstärkung auf [AMPLIFY]',
      stage: 'die Bühne',
      backdrop: 'das Bühnenbild',
      sprite: 'diese Figur',
      camera: 'die Kamera',
      black: 'Schwarz',
      grey: 'Grau',
      white: 'Weiß',
      mean: 'Durchschnittsfarbe',
      blur: 'Unschärfe',
      noise: 'Rauschen',
      auto: 'automatisch',
      log_odds: 'Log-Odds',
      noLabels: '(noch keine Namen)',
      none: 'keines',
      nothingMattered:
        'Nichts schien wichtig zu sein: [TARGET] blieb bei [BEFORE], egal welches Feld verdeckt war.',
      stayed: '[TARGET] blieb bei [LOWEST] oder mehr, egal welches Feld verdeckt war.',
      unsure: '[TARGET] lag von Anfang an nur bei [BEFORE].',
      shook:
        'Am meisten ins Wanken kam der Klassifikator, als Zeile [ROW], Spalte [COLUMN] verdeckt war.',
      dropped: 'Zeile [ROW], Spalte [COLUMN] verdeckt: [TARGET] fiel von [BEFORE] auf [AFTER].',
      thenSaid: 'Dann sagte er [LABEL].',
      notClassified: 'Noch ist nichts erkannt.',
      notMeasured: 'Noch ist nichts gemessen.',
      helperMissing:
        'Peekaboos Helfer läuft nicht. Starte ihn auf diesem Computer und versuche es noch einmal: Ich finde ihn von selbst.',
      helperStopped: 'Peekaboos Helfer hat mittendrin aufgehört. Bitte versuche es noch einmal.',
      helperSlow: 'Peekaboos Helfer braucht zu lange. Bitte versuche es noch einmal.',
      helperBusy: 'Peekaboos Helfer ist beschäftigt. Bitte versuche es gleich noch einmal.',
      wentWrong: 'Hoppla, in Peekaboo ging etwas schief. Bitte versuche es noch einmal.',
      unknownModel: 'Ein Modell „[NAME]“ kenne ich nicht. Ich kenne: [NAMES].',
      unknownLabel: 'Dieses Modell kennt „[NAME]“ nicht. Es kennt: [NAMES].',
      unknownChoice: '„[NAME]“ geht hier nicht. Wähle eines davon: [NAMES].',
      badAmplify: '„[NAME]“ geht hier nicht. Wähle auto oder eine Zahl über 0.',
      badGrid: 'Wähle für die Felder ganze Zahlen von 1 bis [LARGEST].',
      noSquare: 'Ein Feld „[NAME]“ gibt es nicht. Die Felder zählen von 1 bis [COUNT].',
      noArea:
        'Diesen Bereich gibt es nicht. Zeilen zählen von 1 bis [ROWS], Spalten von 1 bis [COLUMNS].',
      noCamera:
        'Ich kann nicht durch die Kamera sehen. Ist eine angeschlossen, und darf diese Seite sie benutzen?',
      noCostume: 'Ich kann dieses Kostüm nicht lesen. Bitte versuche ein anderes.',
    },
    es: {
      language: 'es',
      useModel: 'usar el modelo [MODEL]',
      classify: 'clasificar [PICTURE]',
      label: 'etiqueta',
      confidence: 'confianza',
      confidenceOf: 'confianza en [LABEL]',
      classifyLabel: 'clasificar [PICTURE] (etiqueta)',
      classifyConfidence: 'clasificar [PICTURE] (confianza)',
      setSquares: 'usar [COLUMNS] cuadros a lo ancho y [ROWS] a lo alto',
      setCover: 'tapar con [COVER]',
      coverArea: 'tapar la zona fila [ROW] columna [COLUMN]',
      coverSquare: 'tapar el cuadro [SQUARE]',
      uncover: 'destapar todo',
      numberOfSquares: 'número de cuadros',
      xOfSquare: 'x del cuadro [SQUARE]',
      yOfSquare: 'y del cuadro [SQUARE]',
      measureRelevance: 'medir qué es importante en [PICTURE]',
      showRelevance: 'mostrar lo importante con efecto desvanecer',
      hideRelevance: 'esconder lo importante',
      relevanceOfSquare: 'importancia del cuadro [SQUARE]',
      ghostOfSquare: 'efecto desvanecer para el cuadro [SQUARE]',
      mostRelevantSquare: 'cuadro más importante',
      anySquareMattered: '¿importó algún cuadro?',
      relevanceSentence: 'qué pasó',
      setMeasure: 'medir con [MEASURE]',
      setAmplify: 'fijar la amplificación en [AMPLIFY]',
      stage: 'el escenario',
      backdrop: 'el fondo',
      sprite: 'este objeto',
      camera: 'la cámara',
      black: 'negro',
      grey: 'gris',
      white: 'blanco',
      mean: 'color promedio',
      blur: 'desenfoque',
      noise: 'ruido',
      auto: 'automático',
      log_odds: 'log-odds',
      noLabels: '(aún sin etiquetas)',
      none: 'ninguno',
      nothingMattered:
        'Parece que nada importó: [TARGET] se quedó en [BEFORE], sin importar qué cuadro se tapara.',
      stayed: '[TARGET] se quedó en [LOWEST] o más, sin importar qué cuadro se tapara.',
      unsure: '[TARGET] solo tenía [BEFORE] desde el principio.',
      shook: 'Lo que más sacudió al clasificador fue tapar la fila [ROW], columna [COLUMN].',
      dropped: 'Al tapar la fila [ROW], columna [COLUMN], [TARGET] bajó de [BEFORE] a [AFTER].',
      thenSaid: 'Entonces dijo [LABEL].',
      notClassified: 'Todavía no se ha clasificado nada.',
      notMeasured: 'Todavía no se ha medido nada.',
      helperMissing:
        'El ayudante de Peekaboo no está en marcha. Inícialo en esta computadora y prueba otra vez: lo encontraré yo solo.',
      helperStopped: 'El ayudante de Peekaboo se paró a la mitad. Prueba otra vez.',
      helperSlow: 'El ayudante de Peekaboo tarda demasiado. Prueba otra vez.',
      helperBusy: 'El ayudante de Peekaboo está ocupado. Prueba otra vez en un momento.',
      wentWrong: 'Vaya, algo salió mal dentro de Peekaboo. Prueba otra vez.',
      unknownModel: 'No conozco ningún modelo «[NAME]». Conozco: [NAMES].',
      unknownLabel: 'Este modelo no tiene la etiqueta «[NAME]». Conoce: [NAMES].',
      unknownChoice: '«[NAME]» no sirve aquí. Elige uno de estos: [NAMES].',
      badAmplify: '«[NAME]» no sirve aquí. Elige auto o un número mayor que 0.',
      badGrid: 'Elige números enteros del 1 al [LARGEST] para los cuadros a lo ancho y a lo alto.',
      noSquare: 'No hay ningún cuadro «[NAME]». Los cuadros van del 1 al [COUNT].',
      noArea:
        'Esa zona no existe. Las filas van del 1 al [ROWS] y las columnas del 1 al [COLUMNS].',
      noCamera: 'No puedo ver por la cámara. ¿Hay una conectada y puede usarla esta página?',
      noCostume: 'No puedo leer este disfraz. Prueba con otro.',
    },
    fr: {
      language: 'fr',
      useModel: 'utiliser le modèle [MODEL]',
      classify: 'classer [PICTURE]',
      label: 'étiquette',
      confidence: 'confiance',
      confidenceOf: 'confiance pour [LABEL]',
      classifyLabel: 'classer [PICTURE] (étiquette)',
      classifyConfidence: 'classer [PICTURE] (confiance)',
      setSquares: 'utiliser [COLUMNS] cases en largeur et [ROWS] en hauteur',
      setCover: 'cacher avec [COVER]',
      coverArea: 'cacher la zone ligne [ROW] colonne [COLUMN]',
      coverSquare: 'cacher la case [SQUARE]',
      uncover: 'tout découvrir',
      numberOfSquares: 'nombre de cases',
      xOfSquare: 'x de la case [SQUARE]',
      yOfSquare: 'y de la case [SQUARE]',
      measureRelevance: 'mesurer ce qui compte pour [PICTURE]',
      showRelevance: 'montrer ce qui compte avec l’effet fantôme',
      hideRelevance: 'ne plus montrer ce qui compte',
      relevanceOfSquare: 'importance de la case [SQUARE]',
      ghostOfSquare: 'effet fantôme pour la case [SQUARE]',
      mostRelevantSquare: 'case la plus importante',
      anySquareMattered: 'une case a-t-elle compté ?',
      relevanceSentence: 'ce qui s’est passé',
      setMeasure: 'mesurer avec [MEASURE]',
      setAmplify: 'mettre l’amplification à [AMPLIFY]',
      stage: 'la scène',
      backdrop: 'l’arrière-plan',
      sprite: 'ce lutin',
      camera: 'la caméra',
      black: 'noir',
      grey: 'gris',
      white: 'blanc',
      mean: 'couleur moyenne',
      blur: 'flou',
      noise: 'bruit',
      auto: 'automatique',
      log_odds: 'log-odds',
      noLabels: '(pas encore d’étiquettes)',
      none: 'aucune',
      nothingMattered:
        'Rien n’a semblé compter : [TARGET] est resté à [BEFORE], quelle que soit la case cachée.',
      stayed: '[TARGET] est resté à [LOWEST] ou plus, quelle que soit la case cachée.',
      unsure: '[TARGET] n’était qu’à [BEFORE] dès le début.',
      shook: 'C’est en cachant la ligne [ROW], colonne [COLUMN] qu’il a été le plus secoué.',
      dropped:
        'En cachant la ligne [ROW], colonne [COLUMN], [TARGET] est passé de [BEFORE] à [AFTER].',
      thenSaid: 'Il a alors dit [LABEL].',
      notClassified: 'Rien n’a encore été classé.',
      notMeasured: 'Rien n’a encore été mesuré.',
      helperMissing:
        'L’assistant de Peekaboo n’est pas lancé. Lance-le sur cet ordinateur et réessaie : je le trouverai tout seul.',
      helperStopped: 'L’assistant de Peekaboo s’est arrêté en route. Réessaie.',
      helperSlow: 'L’assistant de Peekaboo met trop de temps. Réessaie.',
      helperBusy: 'L’assistant de Peekaboo est occupé. Réessaie dans un instant.',
      wentWrong: 'Oups, quelque chose s’est mal passé dans Peekaboo. Réessaie.',
      unknownModel: 'Je ne connais pas de modèle « [NAME] ». Je connais : [NAMES].',
      unknownLabel: 'Ce modèle n’a pas d’étiquette « [NAME] ». Il connaît : [NAMES].',
      unknownChoice: '« [NAME] » ne va pas ici. Choisis parmi : [NAMES].',
      badAmplify: '« [NAME] » ne va pas ici. Choisis auto ou un nombre plus grand que 0.',
      badGrid: 'Choisis des nombres entiers de 1 à [LARGEST] pour les cases.',
      noSquare: 'Il n’y a pas de case « [NAME] ». Les cases vont de 1 à [COUNT].',
      noArea: 'Cette zone n’existe pas. Lignes de 1 à [ROWS], colonnes de 1 à [COLUMNS].',
      noCamera:
        'Je ne vois rien par la caméra. Est-elle branchée, et cette page a-t-elle le droit de s’en servir ?',
      noCostume: 'Je n’arrive pas à lire ce costume. Essaies-en un autre.',
    },
    ja: {
      language: 'ja',
      useModel: 'モデル [MODEL] を使う',
      classify: '[PICTURE] を見分ける',
      label: 'ラベル',
      confidence: '自信',
      confidenceOf: '[LABEL] の自信',
      classifyLabel: '[PICTURE] を見分ける（ラベル）',
      classifyConfidence: '[PICTURE] を見分ける（自信）',
      setSquares: 'マスを横 [COLUMNS] 個、たて [ROWS] 個にする',
      setCover: '[COVER] でかくすことにする',
      coverArea: '[ROW] 行 [COLUMN] 列の場所をかくす',
      coverSquare: 'マス [SQUARE] をかくす',
      uncover: 'かくしたものをぜんぶ見せる',
      numberOfSquares: 'マスの数',
      xOfSquare: 'マス [SQUARE] のx座標',
      yOfSquare: 'マス [SQUARE] のy座標',
      measureRelevance: '[PICTURE] のどこが大事かはかる',
      showRelevance: '大事なところを幽霊の効果で見せる',
      hideRelevance: '大事なところの表示を消す',
      relevanceOfSquare: 'マス [SQUARE] の大事さ',
      ghostOfSquare: 'マス [SQUARE] の幽霊の効果',
      mostRelevantSquare: 'いちばん大事なマス',
      anySquareMattered: '大事なマスはあった？',
      relevanceSentence: '起きたこと',
      setMeasure: '[MEASURE] ではかる',
      setAmplify: '強調を [AMPLIFY] にする',
      stage: 'ステージ',
      backdrop: '背景',
      sprite: 'このスプライト',
      camera: 'カメラ',
      black: '黒',
      grey: '灰色',
      white: '白',
      mean: '平均の色',
      blur: 'ぼかし',
      noise: 'ノイズ',
      auto: '自動',
      log_odds: '対数オッズ',
      noLabels: '（ラベルはまだありません）',
      none: 'なし',
      nothingMattered:
        '大事なところはなさそうです。どのマスをかくしても、[TARGET] は [BEFORE] のままでした。',
      stayed: 'どのマスをかくしても、[TARGET] は [LOWEST] 以上のままでした。',
      unsure: '[TARGET] は、はじめから [BEFORE] しかありませんでした。',
      shook: 'いちばんゆらいだのは、[ROW] 行 [COLUMN] 列をかくしたときです。',
      dropped: '[ROW] 行 [COLUMN] 列をかくすと、[TARGET] は [BEFORE] から [AFTER] に下がりました。',
      thenSaid: 'そのときの答えは [LABEL] でした。',
      notClassified: 'まだ何も見分けていません。',
      notMeasured: 'まだ何もはかっていません。',
      helperMissing:
        'Peekabooのおてつだいプログラムが動いていません。このコンピューターで起動して、もう一度ためしてね。自動で見つけます。',
      helperStopped:
        'Peekabooのおてつだいプログラムが途中で止まりました。もう一度ためしてください。',
      helperSlow: 'Peekabooのおてつだいプログラムの返事がおそすぎます。もう一度ためしてください。',
      helperBusy: 'Peekabooのおてつだいプログラムがいそがしいです。少し待ってためしてください。',
      wentWrong: 'おっと、Peekabooの中でうまくいきませんでした。もう一度ためしてください。',
      unknownModel: '「[NAME]」というモデルはありません。使えるのは：[NAMES]。',
      unknownLabel: 'このモデルに「[NAME]」というラベルはありません。あるのは：[NAMES]。',
      unknownChoice: '「[NAME]」はここでは使えません。この中からえらんでください：[NAMES]。',
      badAmplify: '「[NAME]」はここでは使えません。auto か、0より大きい数にしてください。',
      badGrid: 'マスの数は、横もたても1から[LARGEST]までの整数にしてください。',
      noSquare: '「[NAME]」というマスはありません。マスは1から[COUNT]までです。',
      noArea: 'その場所はありません。行は1から[ROWS]まで、列は1から[COLUMNS]までです。',
      noCamera:
        'カメラが見えません。つながっていますか？このページがカメラを使ってもよいことになっていますか？',
      noCostume: 'このコスチュームは読めません。ほかのものをためしてください。',
    },
    ar: {
      language: 'ar',
      useModel: 'استخدم النموذج [MODEL]',
      classify: 'صنّف [PICTURE]',
      label: 'التصنيف',
      confidence: 'الثقة',
      confidenceOf: 'الثقة في [LABEL]',
      classifyLabel: 'صنّف [PICTURE] (التصنيف)',
      classifyConfidence: 'صنّف [PICTURE] (الثقة)',
      setSquares: 'استخدم [COLUMNS] مربعات بالعرض و [ROWS] بالطول',
      setCover: 'غطِّ باستخدام [COVER]',
      coverArea: 'غطِّ المنطقة في الصف [ROW] العمود [COLUMN]',
      coverSquare: 'غطِّ المربع [SQUARE]',
      uncover: 'اكشف كل شيء',
      numberOfSquares: 'عدد المربعات',
      xOfSquare: 'الموضع س للمربع [SQUARE]',
      yOfSquare: 'الموضع ص للمربع [SQUARE]',
      measureRelevance: 'قِس ما يهم في [PICTURE]',
      showRelevance: 'أظهر ما يهم بتأثير الشبح',
      hideRelevance: 'أخفِ ما يهم',
      relevanceOfSquare: 'أهمية المربع [SQUARE]',
      ghostOfSquare: 'تأثير الشبح للمربع [SQUARE]',
      mostRelevantSquare: 'المربع الأهم',
      anySquareMattered: 'هل كان أي مربع مهمًا؟',
      relevanceSentence: 'ماذا حدث',
      setMeasure: 'قِس باستخدام [MEASURE]',
      setAmplify: 'اجعل التضخيم [AMPLIFY]',
      stage: 'المنصة',
      backdrop: 'الخلفية',
      sprite: 'هذا الكائن',
      camera: 'الكاميرا',
      black: 'الأسود',
      grey: 'الرمادي',
      white: 'الأبيض',
      mean: 'متوسط الألوان',
      blur: 'التمويه',
      noise: 'التشويش',
      auto: 'تلقائي',
      log_odds: 'لوغاريتم الأرجحية',
      noLabels: '(لا توجد تصنيفات بعد)',
      none: 'لا شيء',
      nothingMattered: 'يبدو أنه لا شيء مهم: بقي [TARGET] عند [BEFORE] أيًّا كان المربع المغطى.',
      stayed: 'بقي [TARGET] عند [LOWEST] أو أكثر أيًّا كان المربع المغطى.',
      unsure: 'كان [TARGET] عند [BEFORE] فقط منذ البداية.',
      shook: 'أكثر ما هزّ المصنِّف هو تغطية الصف [ROW]، العمود [COLUMN].',
      dropped: 'عند تغطية الصف [ROW]، العمود [COLUMN] انخفض [TARGET] من [BEFORE] إلى [AFTER].',
      thenSaid: 'ثم قال [LABEL].',
      notClassified: 'لم يُصنَّف شيء بعد.',
      notMeasured: 'لم يُقَس شيء بعد.',
      helperMissing: 'مساعد Peekaboo لا يعمل. شغّله على هذا الحاسوب ثم حاول مرة أخرى: سأجده بنفسي.',
      helperStopped: 'توقف مساعد Peekaboo في المنتصف. حاول مرة أخرى من فضلك.',
      helperSlow: 'مساعد Peekaboo يستغرق وقتًا طويلًا. حاول مرة أخرى من فضلك.',
      helperBusy: 'مساعد Peekaboo مشغول. حاول مرة أخرى بعد قليل.',
      wentWrong: 'عذرًا، حدث خطأ داخل Peekaboo. حاول مرة أخرى من فضلك.',
      unknownModel: 'لا أعرف نموذجًا اسمه «[NAME]». أعرف: [NAMES].',
      unknownLabel: 'ليس في هذا النموذج تصنيف «[NAME]». يعرف: [NAMES].',
      unknownChoice: '«[NAME]» لا يصلح هنا. اختر واحدًا من: [NAMES].',
      badAmplify: '«[NAME]» لا يصلح هنا. اختر auto أو عددًا أكبر من 0.',
      badGrid: 'اختر أعدادًا صحيحة من 1 إلى [LARGEST] لعدد المربعات بالعرض والطول.',
      noSquare: 'لا يوجد مربع «[NAME]». المربعات مرقمة من 1 إلى [COUNT].',
      noArea: 'لا توجد هذه المنطقة. الصفوف من 1 إلى [ROWS] والأعمدة من 1 إلى [COLUMNS].',
      noCamera: 'لا أستطيع الرؤية من الكاميرا. هل هي موصولة؟ وهل يُسمح لهذه الصفحة باستخدامها؟',
      noCostume: 'لا أستطيع قراءة هذا المظهر. جرّب مظهرًا آخر من فضلك.',
    },
  };

  // Scratch has variants of two of these languages.
  const LANGUAGES = { ...WORDS, 'es-419': WORDS.es, 'ja-Hira': WORDS.ja, 'ja-hira': WORDS.ja };
  Scratch.translate.setup(
    Object.fromEntries(
      Object.entries(LANGUAGES).map(([language, words]) => [
        language,
        Object.fromEntries(Object.keys(words).map((key) => [`_${WORDS.en[key]}`, words[key]])),
      ])
    )
  );

  /**
   * A text in the language of the editor.
   * @param {string} key one of the keys of WORDS
   * @param {Record<string, string | number>} [values] what stands in the [BRACKETS]
   */
  function say(key, values = {}) {
    return Scratch.translate(WORDS.en[key]).replace(/\[([A-Z]+)\]/g, (slot, name) =>
      String(values[name] ?? slot)
    );
  }

  /** @param {unknown} number */
  const twoDecimals = (number) => Math.round(Number(number) * 100) / 100;

  /**
   * Shares as percent, without decimals unless two are needed to tell the shares apart.
   * @param {number[]} shares 0 to 1
   */
  function percents(...shares) {
    /** @param {number} digits */
    const write = (digits) => {
      const format = new Intl.NumberFormat(`${say('language')}-u-nu-latn`, {
        style: 'percent',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
      return shares.map((share) => format.format(share));
    };
    const short = write(0);
    return new Set(short).size === short.length ? short : write(2);
  }

  /** Something that a child can understand and mend; its message is a translated sentence. */
  class Trouble extends Error {
    /**
     * @param {string} key one of the keys of WORDS
     * @param {Record<string, string | number>} [values]
     */
    constructor(key, values) {
      super(say(key, values));
      this.key = key;
    }
  }

  /** The stop sign, or a newer measurement, ended what a block was waiting for. */
  class Stopped extends Error {}

  // ---------------------------------------------------------------------------------------------
  // Backend. The helper program over HTTP, and the only place that fetches.
  // ---------------------------------------------------------------------------------------------

  /**
   * @typedef {{width: number, height: number, pixels: Uint8ClampedArray<ArrayBuffer>, place: Rectangle}} Picture
   *   RGBA from the top left; `place` is where it is on the stage, in stage units from the top left
   * @typedef {{left: number, top: number, width: number, height: number}} Rectangle
   * @typedef {{id: string, name: string, labels: string[]}} Model
   * @typedef {{label: string, confidence: number, predictions: {label: string, confidence: number}[]}} Classification
   * @typedef {{row: number, column: number}} Square from 0
   * @typedef {object} Relevance the answer of /api/relevance
   * @property {string} target
   * @property {{label: string, confidence: number, log_odds: number}} before
   * @property {number} rows
   * @property {number} columns
   * @property {Rectangle} seen in px of the picture
   * @property {number[][]} confidence
   * @property {number[][]} confidence_drop
   * @property {number[][]} log_odds_drop
   * @property {string[][]} label
   * @property {'confidence' | 'log_odds'} measure
   * @property {boolean} saturated
   * @property {'found' | 'flat'} verdict
   * @property {number[][]} ghost
   * @property {{row: number, column: number, square: number} | null} most_relevant
   * @property {[number, number][]} unseen
   */

  const PATIENCE_MS = 20000;

  class Backend {
    /** @param {string} origin where the helper answers, without a slash at the end */
    constructor(origin) {
      this.origin = origin;
    }

    /** @returns {Promise<{models: Model[], default: string}>} */
    models() {
      return this.#ask('/api/models', {}, new AbortController().signal, (answer) => answer.json());
    }

    /**
     * @param {Picture} picture
     * @param {Record<string, string | number>} settings
     * @param {AbortSignal} signal
     * @returns {Promise<Classification>}
     */
    classify(picture, settings, signal) {
      const request = this.#withPicture(picture);
      return this.#ask(`/api/classify?${query(settings)}`, request, signal, (answer) =>
        answer.json()
      );
    }

    /**
     * @param {Picture} picture
     * @param {Record<string, string | number>} settings
     * @param {AbortSignal} signal
     * @param {(squares: Square[]) => void} onSquares told of squares as they are measured
     * @returns {Promise<Relevance>}
     */
    relevance(picture, settings, signal, onSquares) {
      const request = this.#withPicture(picture, { Accept: 'application/x-ndjson' });
      return this.#ask(
        `/api/relevance?${query(settings)}`,
        request,
        signal,
        async (answer, stillThere) => {
          for await (const line of lines(answer, stillThere)) {
            if (line.type === 'squares') onSquares(line.squares);
            if (line.type === 'error') throw refusal(500, line.error);
            if (line.type === 'result') return line;
          }
          throw new Trouble('helperStopped');
        }
      );
    }

    /**
     * @param {Picture} picture
     * @param {Record<string, string>} [headers]
     */
    #withPicture({ width, height, pixels }, headers = {}) {
      const type = `image/x-rgba; width=${width}; height=${height}`;
      return { method: 'POST', body: pixels, headers: { ...headers, 'Content-Type': type } };
    }

    /**
     * @template Answer
     * @param {string} path
     * @param {RequestInit} request
     * @param {AbortSignal} signal
     * @param {(answer: Response, stillThere: () => void) => Promise<Answer>} read
     * @returns {Promise<Answer>}
     */
    async #ask(path, request, signal, read) {
      const ender = new AbortController();
      const end = () => ender.abort();
      let late = false;
      /** @type {number | undefined} */
      let timer;
      const stillThere = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          late = true;
          end();
        }, PATIENCE_MS);
      };
      signal.addEventListener('abort', end);
      /** @type {Response | undefined} */
      let answer;
      try {
        stillThere();
        answer = await fetch(this.origin + path, { ...request, signal: ender.signal });
        if (!answer.ok) throw await refusalOf(answer);
        return await read(answer, stillThere);
      } catch (error) {
        if (signal.aborted) throw new Stopped();
        if (late) throw new Trouble('helperSlow');
        if (error instanceof Trouble) throw error;
        console.warn('Peekaboo got no answer:', error);
        throw new Trouble(answer ? 'helperStopped' : 'helperMissing');
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        end();
      }
    }
  }

  /** @param {Record<string, string | number>} settings */
  function query(settings) {
    return new URLSearchParams(
      Object.entries(settings).map(([name, value]) => [name, String(value)])
    );
  }

  /**
   * The lines of an NDJSON answer as they arrive.
   * @param {Response} answer
   * @param {() => void} stillThere called for everything that arrives
   */
  async function* lines(answer, stillThere) {
    if (!answer.body) return;
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      stillThere();
      const parts = (rest + decoder.decode(value, { stream: !done })).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) yield JSON.parse(part);
      if (done) return;
    }
  }

  /** @param {Response} answer */
  async function refusalOf(answer) {
    const said = await answer.json().catch(() => null);
    return refusal(answer.status, said?.error);
  }

  /**
   * @param {number} status
   * @param {{message?: string, hint?: string} | undefined} error
   */
  function refusal(status, error) {
    if (status === 429 || status === 503) return new Trouble('helperBusy');
    const trouble = new Trouble('wentWrong');
    // The helper's own sentences are more exact than ours, though only in English.
    if (error?.message) trouble.message = [error.message, error.hint].filter(Boolean).join(' ');
    return trouble;
  }

  // ---------------------------------------------------------------------------------------------
  // Stage. Pictures of what is there, and layers of our own on top of it.
  // ---------------------------------------------------------------------------------------------

  const LAYER_GROUP = 'peekaboo';
  const CAMERA_PATIENCE_MS = 8000;
  const LARGEST_COSTUME_PX = 1024;

  /**
   * A drawable of our own over the whole stage, in front of all sprites even when one of them goes
   * to the front. Clicks and the touching blocks do not notice it.
   */
  class Layer {
    /**
     * @param {ScratchRenderer} renderer
     * @param {boolean} fine whether it shows text and lines, as sharp as the screen
     */
    constructor(renderer, fine) {
      if (!(LAYER_GROUP in renderer._layerGroups)) {
        renderer._layerGroups[LAYER_GROUP] = {
          groupIndex: renderer._groupOrdering.length,
          drawListOffset: renderer._drawList.length,
        };
        renderer._groupOrdering = [...renderer._groupOrdering, LAYER_GROUP];
      }
      this.renderer = renderer;
      this.fine = fine;
      this.canvas = document.createElement('canvas');
      this.context = /** @type {CanvasRenderingContext2D} */ (
        this.canvas.getContext('2d', { willReadFrequently: true })
      );
      this.id = renderer.createDrawable(LAYER_GROUP);
      /** @type {number | null} */
      this.skin = null;
      // The renderer assigns its own test again and again.
      Object.defineProperty(renderer._allDrawables[this.id], 'isTouching', {
        get: () => () => false,
        set: () => {},
      });
      this.hide();
    }

    /** @param {(context: CanvasRenderingContext2D, width: number, height: number) => void} draw */
    paint(draw) {
      const [width, height] = this.renderer.getNativeSize();
      const { canvas, context, renderer } = this;
      const onScreen = Math.ceil(renderer.canvas.width / width);
      const sharpness = this.fine ? Math.min(4, Math.max(2, onScreen)) : 1;
      canvas.width = width * sharpness;
      canvas.height = height * sharpness;
      context.setTransform(sharpness, 0, 0, sharpness, 0, 0);
      draw(context, width, height);
      /** @type {[number, number]} */
      const centre = [width / 2, height / 2];
      if (this.skin === null) {
        this.skin = renderer.createBitmapSkin(canvas, sharpness, centre);
        renderer.updateDrawableSkinId(this.id, this.skin);
      } else {
        renderer.updateBitmapSkin(this.skin, canvas, sharpness, centre);
      }
      renderer.updateDrawableVisible(this.id, true);
      Scratch.vm.runtime.requestRedraw();
    }

    /** @param {number} ghost 0 to 100 */
    setGhost(ghost) {
      this.renderer.updateDrawableEffect(this.id, 'ghost', ghost);
      Scratch.vm.runtime.requestRedraw();
    }

    hide() {
      this.renderer.updateDrawableVisible(this.id, false);
      Scratch.vm.runtime.requestRedraw();
    }
  }

  class Stage {
    /** @param {ScratchRuntime} runtime */
    constructor(runtime) {
      this.runtime = runtime;
      this.cameraIsOurs = false;
      // In the order in which they lie on each other.
      this.covers = new Layer(runtime.renderer, false);
      this.squares = new Layer(runtime.renderer, false);
      this.notes = new Layer(runtime.renderer, true);
      this.bubble = new Layer(runtime.renderer, true);
      this.overlays = [this.squares.id, this.notes.id, this.bubble.id];
    }

    /** @returns {[number, number]} width and height in stage units */
    get size() {
      return this.runtime.renderer.getNativeSize();
    }

    /**
     * @param {string} which stage, backdrop, sprite or camera
     * @param {ScratchTarget} target whose block is asking
     * @param {AbortSignal} signal
     * @returns {Promise<Picture>}
     */
    async picture(which, target, signal) {
      if (which === 'sprite') return this.#costume(target);
      if (which === 'camera') return this.#camera(signal);
      if (which === 'backdrop') {
        const { drawableID } = this.runtime.getTargetForStage();
        return this.#onStage(await this.#draw((id) => id === drawableID));
      }
      return this.#onStage(await this.#draw((id) => !this.overlays.includes(id)));
    }

    /** What is on the stage without covers. */
    async uncovered() {
      const own = [...this.overlays, this.covers.id];
      return this.#draw((id) => !own.includes(id));
    }

    /**
     * @param {ImageData} image
     * @returns {Picture}
     */
    #onStage({ width, height, data }) {
      const [stageWidth, stageHeight] = this.size;
      const place = { left: 0, top: 0, width: stageWidth, height: stageHeight };
      return { width, height, pixels: new Uint8ClampedArray(data), place };
    }

    /**
     * Some of the drawables at one pixel per stage unit, whatever size the stage has on screen.
     * @param {(id: number) => boolean} chosen
     */
    async #draw(chosen) {
      try {
        return this.#drawAside(chosen);
      } catch (error) {
        console.warn('Peekaboo takes an ordinary snapshot instead:', error);
        return this.#snapshot(chosen);
      }
    }

    /** @param {(id: number) => boolean} chosen */
    #drawAside(chosen) {
      const { renderer } = this.runtime;
      const { gl } = renderer;
      const [width, height] = this.size;
      const options = { framebufferWidth: width, framebufferHeight: height };
      renderer._doExitDrawRegion();
      const texture = gl.createTexture();
      const framebuffer = gl.createFramebuffer();
      try {
        gl.bindTexture(gl.TEXTURE_2D, texture);
        gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
        gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
        const where = gl.COLOR_ATTACHMENT0;
        gl.framebufferTexture2D(gl.FRAMEBUFFER, where, gl.TEXTURE_2D, texture, 0);
        gl.viewport(0, 0, width, height);
        gl.clearColor(...renderer._backgroundColor4f);
        gl.clear(gl.COLOR_BUFFER_BIT);
        const ids = renderer._drawList.filter(chosen);
        renderer._drawThese(ids, 'default', renderer._projection, options);
        const bottomUp = new Uint8Array(width * height * 4);
        gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bottomUp);
        return upright(bottomUp, width, height);
      } finally {
        gl.bindFramebuffer(gl.FRAMEBUFFER, null);
        gl.deleteFramebuffer(framebuffer);
        gl.deleteTexture(texture);
      }
    }

    /**
     * The same with the renderer's public functions only: at the size on screen, then scaled.
     * @param {(id: number) => boolean} chosen
     */
    async #snapshot(chosen) {
      const { renderer } = this.runtime;
      const shown = renderer._drawList.filter(
        (id) => renderer._allDrawables[id].getVisible() && !chosen(id)
      );
      for (const id of shown) renderer.updateDrawableVisible(id, false);
      /** @type {Promise<string>} */
      const taken = new Promise((resolve) => renderer.requestSnapshot(resolve));
      renderer.draw();
      for (const id of shown) renderer.updateDrawableVisible(id, true);
      const [width, height] = this.size;
      return pixelsOf(await loadImage(await taken), width, height);
    }

    /**
     * @param {ScratchTarget} target
     * @returns {Promise<Picture>}
     */
    async #costume(target) {
      if (target.isStage) return this.picture('backdrop', target, new AbortController().signal);
      const costume = target.getCurrentCostume();
      const image = costume.asset && (await loadImage(costume.asset.encodeDataURI()));
      if (!image) throw new Trouble('noCostume');
      const resolution = costume.bitmapResolution || 1;
      const natural = [
        image.naturalWidth || costume.size[0],
        image.naturalHeight || costume.size[1],
      ];
      const shrink = Math.min(1, LARGEST_COSTUME_PX / Math.max(...natural));
      const [width, height] = natural.map((side) => Math.max(1, Math.round(side * shrink)));
      const unit = target.size / 100 / resolution;
      const [stageWidth, stageHeight] = this.size;
      const place = {
        left: stageWidth / 2 + target.x - costume.rotationCenterX * unit,
        top: stageHeight / 2 - target.y - costume.rotationCenterY * unit,
        width: natural[0] * unit,
        height: natural[1] * unit,
      };
      const { data } = pixelsOf(image, width, height);
      return { width, height, pixels: new Uint8ClampedArray(data), place };
    }

    /**
     * @param {AbortSignal} signal
     * @returns {Promise<Picture>}
     */
    async #camera(signal) {
      const { video } = this.runtime.ioDevices;
      const until = Date.now() + CAMERA_PATIENCE_MS;
      if (!video.getFrame({ format: 'image-data' })) {
        const opened = video.enableVideo();
        if (!opened) throw new Trouble('noCamera');
        this.cameraIsOurs = true;
        opened.catch((error) => console.warn('Peekaboo got no camera:', error));
      }
      for (;;) {
        const frame = video.getFrame({ format: 'image-data' });
        const [width, height] = this.size;
        if (frame) {
          const place = {
            left: (width - frame.width) / 2,
            top: (height - frame.height) / 2,
            width: frame.width,
            height: frame.height,
          };
          const pixels = new Uint8ClampedArray(frame.data);
          return { width: frame.width, height: frame.height, pixels, place };
        }
        if (signal.aborted) throw new Stopped();
        if (Date.now() > until) throw new Trouble('noCamera');
        await pause(50);
      }
    }

    /** Turn the camera off if it was a block of ours that turned it on. */
    releaseCamera() {
      if (this.cameraIsOurs) this.runtime.ioDevices.video.disableVideo();
      this.cameraIsOurs = false;
    }
  }

  /** @param {number} ms */
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  /**
   * @param {Uint8Array} bottomUp RGBA rows from the bottom
   * @param {number} width
   * @param {number} height
   */
  function upright(bottomUp, width, height) {
    const image = new ImageData(width, height);
    const bytes = width * 4;
    for (let row = 0; row < height; row++) {
      const from = (height - 1 - row) * bytes;
      image.data.set(bottomUp.subarray(from, from + bytes), row * bytes);
    }
    return image;
  }

  /**
   * @param {string} uri
   * @returns {Promise<HTMLImageElement>}
   */
  function loadImage(uri) {
    return new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = () => resolve(image);
      image.onerror = () => reject(new Trouble('noCostume'));
      image.src = uri;
    });
  }

  /**
   * @param {CanvasImageSource} image
   * @param {number} width
   * @param {number} height
   */
  function pixelsOf(image, width, height) {
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    context.drawImage(image, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }

  // ---------------------------------------------------------------------------------------------
  // Covers. They are part of the stage, so the classifier sees them.
  // ---------------------------------------------------------------------------------------------

  const COVERS = ['black', 'grey', 'white', 'mean', 'blur', 'noise'];
  const SOLID = { black: '#000000', grey: '#808080', white: '#ffffff' };
  const BLUR_SHARE = 1 / 12;
  const NOISE_SEED = 20201118;

  class Covers {
    /** @param {Stage} stage */
    constructor(stage) {
      this.stage = stage;
      /** @type {{box: Rectangle, fill: string | CanvasPattern}[]} */
      this.list = [];
    }

    /**
     * @param {Rectangle} box in stage units from the top left
     * @param {string} cover one of COVERS
     */
    async add(box, cover) {
      const fill = SOLID[/** @type {keyof SOLID} */ (cover)] ?? (await this.#mixed(cover));
      this.list.push({ box, fill });
      this.stage.covers.paint((context) => {
        for (const { box, fill } of this.list) {
          context.fillStyle = fill;
          context.fillRect(box.left, box.top, box.width, box.height);
        }
      });
    }

    clear() {
      this.list = [];
      this.stage.covers.hide();
    }

    /**
     * What covers the stage where the cover depends on its size or on what is there.
     * @param {string} cover mean, blur or noise
     */
    async #mixed(cover) {
      const [width, height] = this.stage.size;
      const image = cover === 'noise' ? noise(width, height) : await this.stage.uncovered();
      if (cover === 'mean') return meanColour(image);
      const full = this.stage.covers.context.createPattern(
        cover === 'blur' ? smear(image) : canvasOf(image),
        'no-repeat'
      );
      return full ?? SOLID.grey;
    }
  }

  /** @param {ImageData} image */
  function canvasOf(image) {
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext('2d')?.putImageData(image, 0, 0);
    return canvas;
  }

  /** @param {ImageData} image */
  function meanColour({ data }) {
    const sums = [0, 0, 0];
    for (let at = 0; at < data.length; at++) if (at % 4 < 3) sums[at % 4] += data[at];
    return `rgb(${sums.map((sum) => Math.round(sum / (data.length / 4))).join(' ')})`;
  }

  /**
   * A strong blur: so few pixels that only smears of colour are left, drawn large again.
   * @param {ImageData} image
   */
  function smear(image) {
    const radius = Math.max(image.width, image.height) * BLUR_SHARE;
    const small = document.createElement('canvas');
    small.width = Math.max(1, Math.round(image.width / radius));
    small.height = Math.max(1, Math.round(image.height / radius));
    const large = canvasOf(image);
    for (const [from, to] of [
      [large, small],
      [small, large],
    ]) {
      const context = /** @type {CanvasRenderingContext2D} */ (to.getContext('2d'));
      context.imageSmoothingQuality = 'high';
      context.drawImage(from, 0, 0, to.width, to.height);
    }
    return large;
  }

  /**
   * The same colourful noise every time.
   * @param {number} width
   * @param {number} height
   */
  function noise(width, height) {
    const image = new ImageData(width, height);
    let state = NOISE_SEED;
    for (let at = 0; at < image.data.length; at++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      image.data[at] = at % 4 === 3 ? 255 : state >>> 24;
    }
    return image;
  }

  // ---------------------------------------------------------------------------------------------
  // Squares. The relevance, drawn over the stage; no part of any picture.
  // ---------------------------------------------------------------------------------------------

  /**
   * @typedef {{rows: number, columns: number}} Grid
   * @typedef {{relevance: Relevance, picture: Picture}} Measurement
   */

  const FADE_MS = 400;
  const LIVE_MS = 1000;
  const LARGEST_SIDE = 64;

  /**
   * The pixels of one square, split as the helper splits them.
   * @param {Grid} grid
   * @param {number} row from 0
   * @param {number} column from 0
   * @param {number} width
   * @param {number} height
   * @returns {Rectangle}
   */
  function boxOf({ rows, columns }, row, column, width, height) {
    const left = Math.floor((column * width) / columns);
    const top = Math.floor((row * height) / rows);
    return {
      left,
      top,
      width: Math.floor(((column + 1) * width) / columns) - left,
      height: Math.floor(((row + 1) * height) / rows) - top,
    };
  }

  /**
   * @param {Rectangle} box in px of the picture
   * @param {Picture} picture
   * @returns {Rectangle} in stage units
   */
  function onStage(box, { width, height, place }) {
    const [across, down] = [place.width / width, place.height / height];
    return {
      left: place.left + box.left * across,
      top: place.top + box.top * down,
      width: box.width * across,
      height: box.height * down,
    };
  }

  class Squares {
    /** @param {Stage} stage */
    constructor(stage) {
      this.stage = stage;
      this.turn = 0;
      this.shownAt = 0;
      /** @type {number[][] | null} ghost effects on the stage at this moment */
      this.ghosts = null;
    }

    /**
     * Fade the squares from black to their ghost effects. Squares that were shown a moment ago
     * glide on instead, so that a live picture does not flicker.
     * @param {Measurement} measurement
     */
    async show(measurement) {
      const turn = ++this.turn;
      const { ghost } = measurement.relevance;
      const live = this.ghosts !== null && Date.now() - this.shownAt < LIVE_MS;
      const from = live && sameShape(this.ghosts, ghost) ? this.ghosts : null;
      this.stage.notes.paint((context) => drawNotes(context, measurement));
      const start = Date.now();
      for (let progress = 0; progress < 1;) {
        progress = Math.min(1, (Date.now() - start) / FADE_MS);
        const eased = progress * progress * (3 - 2 * progress);
        this.ghosts = ghost.map((line, row) =>
          line.map((end, column) => mix(from?.[row][column] ?? 0, end, eased))
        );
        this.#paint(measurement, this.ghosts);
        this.stage.notes.setGhost(from ? 0 : 100 - 100 * eased);
        this.shownAt = Date.now();
        await pause(16);
        if (turn !== this.turn) return;
      }
    }

    hide() {
      this.turn++;
      this.ghosts = null;
      this.stage.squares.hide();
      this.stage.notes.hide();
    }

    /**
     * While the first measurement runs: an outline around every square that is done.
     * @param {Rectangle[]} boxes in stage units
     */
    hint(boxes) {
      if (this.ghosts) return;
      this.stage.notes.setGhost(0);
      this.stage.notes.paint((context) => {
        for (const box of boxes) frame(context, inset(box, 2), 'rgb(255 255 255 / 0.9)', 1.5);
      });
    }

    endHint() {
      if (!this.ghosts) this.stage.notes.hide();
    }

    /**
     * @param {Measurement} measurement
     * @param {number[][]} ghosts
     */
    #paint({ relevance, picture }, ghosts) {
      const unseen = new Set(relevance.unseen.map(String));
      this.stage.squares.paint((context) => {
        ghosts.forEach((line, row) =>
          line.forEach((ghost, column) => {
            if (unseen.has(String([row, column]))) return;
            const box = boxOf(relevance, row, column, picture.width, picture.height);
            const { left, top, width, height } = onStage(box, picture);
            context.fillStyle = `rgb(0 0 0 / ${1 - ghost / 100})`;
            context.fillRect(left, top, width, height);
          })
        );
      });
    }
  }

  /**
   * @param {number} from
   * @param {number} to
   * @param {number} share 0 to 1
   */
  const mix = (from, to, share) => from + (to - from) * share;

  /**
   * @param {number[][] | null} one
   * @param {number[][]} other
   */
  const sameShape = (one, other) =>
    one?.length === other.length && one[0].length === other[0].length;

  /**
   * @param {Rectangle} box
   * @param {number} by
   */
  const inset = (box, by) => ({
    left: box.left + by,
    top: box.top + by,
    width: box.width - 2 * by,
    height: box.height - 2 * by,
  });

  /**
   * The relevance of a square as people read it: percent points, or log-odds.
   * @param {Relevance} relevance
   * @param {number} row from 0
   * @param {number} column from 0
   */
  function relevanceAt(relevance, row, column) {
    return relevance.measure === 'confidence'
      ? relevance.confidence_drop[row][column] * 100
      : relevance.log_odds_drop[row][column];
  }

  /**
   * Everything about a measurement that does not need colour or shade.
   * @param {CanvasRenderingContext2D} context
   * @param {Measurement} measurement
   */
  function drawNotes(context, { relevance, picture }) {
    const unseen = new Set(relevance.unseen.map(String));
    for (let row = 0; row < relevance.rows; row++) {
      for (let column = 0; column < relevance.columns; column++) {
        const box = onStage(boxOf(relevance, row, column, picture.width, picture.height), picture);
        if (unseen.has(String([row, column]))) hatch(context, box);
        else drawNumber(context, box, relevanceAt(relevance, row, column));
      }
    }
    const { seen, most_relevant: most } = relevance;
    if (seen.width < picture.width || seen.height < picture.height) {
      frame(context, inset(onStage(seen, picture), 1), '#ffffff', 2, [9, 6]);
    }
    if (most) {
      const box = boxOf(relevance, most.row, most.column, picture.width, picture.height);
      frame(context, inset(onStage(box, picture), 2), '#ffd43b', 3);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Rectangle} box
   * @param {number} number
   */
  function drawNumber(context, box, number) {
    const size = Math.min(13, box.width / 3.4, box.height / 2);
    if (size < 5) return;
    const digits = Math.abs(number) >= 9.95 || Math.abs(number) < 0.05 ? 0 : 1;
    const text = number.toFixed(digits).replace(/^-0$/, '0').replace('-', '−');
    const at = /** @type {const} */ ([box.left + box.width - 5, box.top + box.height - 5]);
    context.font = `600 ${size}px ${FONT}`;
    context.textAlign = 'right';
    context.textBaseline = 'alphabetic';
    context.lineJoin = 'round';
    context.lineWidth = size / 3.5;
    context.strokeStyle = 'rgb(0 0 0 / 0.85)';
    context.fillStyle = text === '0' ? '#a9b4bf' : '#ffffff';
    context.strokeText(text, ...at);
    context.fillText(text, ...at);
  }

  /**
   * Grey stripes: the model never sees this square.
   * @param {CanvasRenderingContext2D} context
   * @param {Rectangle} box
   */
  function hatch(context, { left, top, width, height }) {
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.fillStyle = 'rgb(222 226 230 / 0.75)';
    context.fillRect(left, top, width, height);
    context.strokeStyle = 'rgb(73 80 87 / 0.55)';
    context.lineWidth = 2;
    context.beginPath();
    const step = 10;
    // Lines x + y = constant, so that they run on from one square to the next.
    const last = left + top + width + height;
    for (let sum = Math.ceil((left + top) / step) * step; sum < last; sum += step) {
      context.moveTo(sum - top, top);
      context.lineTo(sum - top - height, top + height);
    }
    context.stroke();
    context.restore();
  }

  /**
   * A line with a dark edge, to be seen on every ground.
   * @param {CanvasRenderingContext2D} context
   * @param {Rectangle} box
   * @param {string} colour
   * @param {number} thickness
   * @param {number[]} [dashes]
   */
  function frame(context, { left, top, width, height }, colour, thickness, dashes = []) {
    context.setLineDash([]);
    context.lineWidth = thickness + 2;
    context.strokeStyle = 'rgb(0 0 0 / 0.55)';
    context.strokeRect(left, top, width, height);
    context.setLineDash(dashes);
    context.lineWidth = thickness;
    context.strokeStyle = colour;
    context.strokeRect(left, top, width, height);
    context.setLineDash([]);
  }

  // ---------------------------------------------------------------------------------------------
  // Bubble. A sentence at the foot of the stage.
  // ---------------------------------------------------------------------------------------------

  const FONT = '"Helvetica Neue", Helvetica, Arial, sans-serif';
  const BUBBLE_MS = 9000;
  const [INK, PAPER] = ['#1b2a33', '#ffffff'];

  class Bubble {
    /** @param {Stage} stage */
    constructor(stage) {
      this.stage = stage;
      /** @type {number | undefined} */
      this.timer = undefined;
    }

    /** @param {string} text */
    say(text) {
      this.stage.bubble.paint((context, width, height) => drawBubble(context, width, height, text));
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.hide(), BUBBLE_MS);
    }

    hide() {
      clearTimeout(this.timer);
      this.stage.bubble.hide();
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} stageWidth
   * @param {number} stageHeight
   * @param {string} text
   */
  function drawBubble(context, stageWidth, stageHeight, text) {
    const [lineHeight, padding, face, margin] = [20, 14, 40, 12];
    const rightToLeft = /[\u0590-\u08ff]/.test(text);
    context.font = `15px ${FONT}`;
    context.direction = rightToLeft ? 'rtl' : 'ltr';
    const room = stageWidth - 2 * margin - face - 3 * padding;
    const written = wrap(context, text, room);
    const longest = Math.max(...written.map((line) => context.measureText(line).width));
    const width = longest + face + 3 * padding;
    const height = Math.max(face, written.length * lineHeight) + 2 * padding - 4;
    const left = (stageWidth - width) / 2;
    const top = stageHeight - margin - height;
    context.shadowColor = 'rgb(0 0 0 / 0.3)';
    context.shadowBlur = 18;
    context.shadowOffsetY = 6;
    context.fillStyle = PAPER;
    context.beginPath();
    context.roundRect(left, top, width, height, 16);
    context.fill();
    context.shadowColor = 'transparent';
    context.strokeStyle = TEAL;
    context.lineWidth = 3;
    context.stroke();
    const faceLeft = rightToLeft ? left + width - padding - face : left + padding;
    if (PORTRAIT.complete) {
      context.drawImage(PORTRAIT, faceLeft, top + (height - face) / 2, face, face);
    }
    context.fillStyle = INK;
    context.textBaseline = 'middle';
    context.textAlign = 'start';
    const x = rightToLeft ? faceLeft - padding : faceLeft + face + padding;
    const firstLine = top + height / 2 - ((written.length - 1) * lineHeight) / 2;
    written.forEach((line, index) => context.fillText(line, x, firstLine + index * lineHeight));
  }

  /**
   * Lines that fit; Japanese may break between any two characters but not before punctuation.
   * @param {CanvasRenderingContext2D} context
   * @param {string} text
   * @param {number} room
   */
  function wrap(context, text, room) {
    const pieces = text.match(
      /[\u3000-\u9fff\uff00-\uffef][、。，：？！」』）ー]*|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/g
    );
    const written = [''];
    for (const piece of pieces ?? []) {
      const longer = written[written.length - 1] + piece;
      if (context.measureText(longer.trimEnd()).width <= room) written[written.length - 1] = longer;
      else written.push(piece);
    }
    return written.map((line) => line.trim()).filter(Boolean);
  }

  // ---------------------------------------------------------------------------------------------
  // Face. Somebody who peeks over a black square.
  // ---------------------------------------------------------------------------------------------

  const TEAL = '#0b7285';

  const FACE =
    '<circle cx="20" cy="17" r="12" fill="#ffd43b" stroke="#1b2a33" stroke-width="1.5"/>' +
    '<path d="M12 12.5c1-1.7 3.5-2 4.8-.8M23.2 11.7c1.3-1.2 3.8-.9 4.8.8" fill="none" stroke="#1b2a33" stroke-width="1.5" stroke-linecap="round"/>' +
    '<circle cx="15.5" cy="16.5" r="2.2" fill="#1b2a33"/><circle cx="24.5" cy="16.5" r="2.2" fill="#1b2a33"/>' +
    '<circle cx="16.2" cy="15.7" r=".7" fill="#fff"/><circle cx="25.2" cy="15.7" r=".7" fill="#fff"/>' +
    '<rect x="5" y="21.5" width="30" height="15" rx="2.5" fill="#1b2a33"/>' +
    '<g fill="#ffd43b" stroke="#1b2a33" stroke-width="1"><rect x="8" y="18.5" width="4" height="6.5" rx="2"/><rect x="12" y="18.5" width="4" height="6.5" rx="2"/>' +
    '<rect x="24" y="18.5" width="4" height="6.5" rx="2"/><rect x="28" y="18.5" width="4" height="6.5" rx="2"/></g>';

  /** @param {string} ground */
  const icon = (ground) =>
    `data:image/svg+xml,${encodeURIComponent(
      `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80" viewBox="0 0 40 40">${ground}${FACE}</svg>`
    )}`;
  const MENU_ICON = icon('<circle cx="20" cy="20" r="20" fill="#c5f6fa"/>');
  const BLOCK_ICON = icon('');
  const PORTRAIT = new Image();
  PORTRAIT.src = BLOCK_ICON;

  // ---------------------------------------------------------------------------------------------
  // Peekaboo. What the blocks remember and do.
  // ---------------------------------------------------------------------------------------------

  const PICTURES = ['stage', 'backdrop', 'sprite', 'camera'];
  const MEASURES = ['auto', 'confidence', 'log_odds'];
  const AMPLIFIES = ['auto', '1', '2', '5', '10', '20'];
  const BUILT_IN_MODEL = 'parade';
  const LOOK_AGAIN_MS = 5000;
  const HINT_MS = 120;
  const FIRST_SETTINGS = {
    model: '',
    rows: 6,
    columns: 8,
    cover: 'black',
    measure: 'auto',
    amplify: 'auto',
  };

  class Peekaboo {
    /** @type {{stage: Stage, covers: Covers, squares: Squares, bubble: Bubble} | null} */
    #scene = null;
    /** @type {{ender: AbortController, done: Promise<void>} | null} */
    #measuring = null;
    /** @type {Set<AbortController>} */
    #underWay = new Set();

    /** @param {Backend} backend */
    constructor(backend) {
      this.backend = backend;
      this.settings = { ...FIRST_SETTINGS };
      /** @type {Classification | null} */
      this.last = null;
      /** @type {Measurement | null} */
      this.measured = null;
      /** @type {Model[]} */
      this.models = [];
      this.defaultModel = BUILT_IN_MODEL;
    }

    /** Our layers on the stage; the renderer is there when the first block runs, not before. */
    get scene() {
      if (!this.#scene) {
        const stage = new Stage(Scratch.vm.runtime);
        this.#scene = {
          stage,
          covers: new Covers(stage),
          squares: new Squares(stage),
          bubble: new Bubble(stage),
        };
      }
      return this.#scene;
    }

    /** The stop sign, which also comes before every green flag. */
    stop() {
      for (const ender of this.#underWay) ender.abort();
      this.#scene?.squares.hide();
      this.#scene?.bubble.hide();
      this.#scene?.stage.releaseCamera();
    }

    /** The green flag: settings stay, everything that was found out or covered goes. */
    startAfresh() {
      this.last = null;
      this.measured = null;
      this.#scene?.covers.clear();
    }

    /** Another project. */
    reset() {
      this.stop();
      this.startAfresh();
      this.settings = { ...FIRST_SETTINGS };
    }

    // Models

    get modelId() {
      return this.settings.model || this.defaultModel;
    }

    get labels() {
      return this.models.find(({ id }) => id === this.modelId)?.labels ?? [];
    }

    /** @returns {Promise<boolean>} whether anything is new */
    async refreshModels() {
      const before = JSON.stringify([this.models, this.defaultModel]);
      const known = await this.backend.models();
      this.models = known.models;
      this.defaultModel = known.default;
      return before !== JSON.stringify([this.models, this.defaultModel]);
    }

    /** @param {unknown} wanted id or name */
    async useModel(wanted) {
      await this.refreshModels();
      const name = String(wanted).trim();
      const same = (/** @type {string} */ text) => text.toLowerCase() === name.toLowerCase();
      const model =
        this.models.find(({ id }) => id === name) ??
        this.models.find((model) => same(model.name) || same(model.id));
      if (!model) {
        const names = this.models.map((model) => model.name).join(', ');
        throw new Trouble('unknownModel', { NAME: name, NAMES: names });
      }
      if (model.id !== this.modelId) {
        this.forget();
        this.last = null;
      }
      this.settings.model = model.id;
    }

    // Pictures and what the classifier says

    /**
     * @param {unknown} which
     * @param {ScratchTarget} target whose block is asking
     * @returns {Promise<Classification>}
     */
    async classify(which, target) {
      const ender = this.#begin();
      try {
        const picture = await this.#picture(which, target, ender.signal);
        const { model } = this.settings;
        this.last = await this.backend.classify(picture, model ? { model } : {}, ender.signal);
        return this.last;
      } catch (error) {
        if (!(error instanceof Stopped)) this.last = null;
        throw error;
      } finally {
        this.#underWay.delete(ender);
      }
    }

    /**
     * @param {unknown} which
     * @param {ScratchTarget} target
     * @param {AbortSignal} signal
     */
    #picture(which, target, signal) {
      return this.scene.stage.picture(oneOf(PICTURES, which), target, signal);
    }

    #begin() {
      const ender = new AbortController();
      this.#underWay.add(ender);
      return ender;
    }

    /** @param {(last: Classification) => unknown} read */
    fromLast(read) {
      if (!this.last) throw new Trouble('notClassified');
      return read(this.last);
    }

    /** @param {unknown} wanted */
    confidenceOf(wanted) {
      const name = String(wanted).trim();
      const { predictions } = /** @type {Classification} */ (this.fromLast((last) => last));
      const found =
        predictions.find(({ label }) => label === name) ??
        predictions.find(({ label }) => label.toLowerCase() === name.toLowerCase());
      if (found) return twoDecimals(found.confidence * 100);
      const names = predictions.map(({ label }) => label).join(', ');
      throw new Trouble('unknownLabel', { NAME: name, NAMES: names });
    }

    // Squares and covers

    /**
     * @param {unknown} columns
     * @param {unknown} rows
     */
    setSquares(columns, rows) {
      const grid = { rows: wholeNumber(rows), columns: wholeNumber(columns) };
      if (!Object.values(grid).every((count) => count >= 1 && count <= LARGEST_SIDE)) {
        throw new Trouble('badGrid', { LARGEST: LARGEST_SIDE });
      }
      this.set(grid);
    }

    /**
     * Change settings. What was measured with others no longer holds.
     * @param {Partial<typeof FIRST_SETTINGS>} settings
     */
    set(settings) {
      const before = JSON.stringify(this.settings);
      Object.assign(this.settings, settings);
      if (JSON.stringify(this.settings) !== before) this.forget();
    }

    get numberOfSquares() {
      return this.settings.rows * this.settings.columns;
    }

    /**
     * @param {unknown} wanted from 1
     * @returns {Square}
     */
    square(wanted) {
      const number = wholeNumber(wanted);
      const count = this.numberOfSquares;
      if (!(number >= 1 && number <= count)) {
        throw new Trouble('noSquare', { NAME: String(wanted), COUNT: count });
      }
      const { columns } = this.settings;
      return { row: Math.floor((number - 1) / columns), column: (number - 1) % columns };
    }

    /**
     * @param {unknown} wantedRow from 1
     * @param {unknown} wantedColumn from 1
     * @returns {Square}
     */
    area(wantedRow, wantedColumn) {
      const { rows, columns } = this.settings;
      const [row, column] = [wholeNumber(wantedRow), wholeNumber(wantedColumn)];
      if (!(row >= 1 && row <= rows && column >= 1 && column <= columns)) {
        throw new Trouble('noArea', { ROWS: rows, COLUMNS: columns });
      }
      return { row: row - 1, column: column - 1 };
    }

    /** @param {Square} square */
    boxOnStage({ row, column }) {
      return boxOf(this.settings, row, column, ...this.scene.stage.size);
    }

    /** @param {Square} square */
    centreOf(square) {
      const { left, top, width, height } = this.boxOnStage(square);
      const [stageWidth, stageHeight] = this.scene.stage.size;
      return { x: left + width / 2 - stageWidth / 2, y: stageHeight / 2 - top - height / 2 };
    }

    /** @param {Square} square */
    cover(square) {
      return this.scene.covers.add(this.boxOnStage(square), this.settings.cover);
    }

    /** @param {unknown} wanted */
    setAmplify(wanted) {
      const text = String(wanted).trim().toLowerCase();
      if (text === 'auto' || text === say('auto').toLowerCase()) return this.set(FIRST_AMPLIFY);
      const gain = text === '' ? NaN : Number(text);
      if (!(gain > 0 && gain < Infinity)) throw new Trouble('badAmplify', { NAME: text });
      return this.set({ amplify: String(gain) });
    }

    // Relevance

    forget() {
      this.#measuring?.ender.abort();
      this.measured = null;
      this.#scene?.squares.hide();
    }

    /**
     * Measure every square; a newer measurement ends an older one.
     * @param {unknown} which
     * @param {ScratchTarget} target
     */
    async measure(which, target) {
      this.#measuring?.ender.abort();
      const ender = this.#begin();
      const measuring = { ender, done: this.#sweep(which, target, ender.signal) };
      this.#measuring = measuring;
      try {
        await measuring.done;
      } catch (error) {
        if (!(error instanceof Stopped)) this.forget();
        throw error;
      } finally {
        this.#underWay.delete(ender);
        if (this.#measuring === measuring) this.#measuring = null;
      }
    }

    /**
     * @param {unknown} which
     * @param {ScratchTarget} target
     * @param {AbortSignal} signal
     */
    async #sweep(which, target, signal) {
      const { squares } = this.scene;
      const { model, ...settings } = this.settings;
      const query = model ? { model, ...settings } : settings;
      const picture = await this.#picture(which, target, signal);
      /** @type {Rectangle[]} */
      const done = [];
      let hintedAt = Date.now();
      const hint = (/** @type {Square[]} */ fresh) => {
        for (const { row, column } of fresh) {
          const box = boxOf(settings, row, column, picture.width, picture.height);
          done.push(onStage(box, picture));
        }
        if (Date.now() - hintedAt < HINT_MS) return;
        hintedAt = Date.now();
        squares.hint(done);
      };
      try {
        const relevance = await this.backend.relevance(picture, query, signal, hint);
        this.measured = { relevance, picture };
      } finally {
        squares.endHint();
      }
    }

    /** @param {ScratchTarget} target */
    async show(target) {
      if (!this.measured) await (this.#measuring?.done ?? this.measure('stage', target));
      if (!this.measured) return;
      const { squares, bubble } = this.scene;
      if (!this.measured.relevance.most_relevant) bubble.say(sentence(this.measured.relevance));
      await squares.show(this.measured);
    }

    hide() {
      this.scene.squares.hide();
    }

    /** @param {(relevance: Relevance) => unknown} read */
    fromMeasured(read) {
      if (!this.measured) throw new Trouble('notMeasured');
      return read(this.measured.relevance);
    }
  }

  const FIRST_AMPLIFY = { amplify: FIRST_SETTINGS.amplify };

  /**
   * A value of a menu, which may also come from a reporter or be written as the menu shows it.
   * @param {string[]} values
   * @param {unknown} wanted
   */
  function oneOf(values, wanted) {
    const text = String(wanted).trim();
    const same = (/** @type {string} */ other) => other.toLowerCase() === text.toLowerCase();
    const found = values.find(same) ?? values.find((value) => same(say(value)));
    if (found === undefined) {
      throw new Trouble('unknownChoice', { NAME: text, NAMES: values.join(', ') });
    }
    return found;
  }

  /** @param {unknown} value @returns {number} NaN if it is none */
  function wholeNumber(value) {
    const number = String(value).trim() === '' ? NaN : Number(value);
    return Number.isInteger(number) ? number : NaN;
  }

  /**
   * What happened, in words; in English the same as the helper's own sentence.
   * @param {Relevance} relevance
   */
  function sentence(relevance) {
    const { target, before, label, confidence, measure, saturated, most_relevant: at } = relevance;
    const [sureBefore] = percents(before.confidence);
    if (!at) return say('nothingMattered', { TARGET: target, BEFORE: sureBefore });
    const place = { ROW: at.row + 1, COLUMN: at.column + 1 };
    if (measure === 'log_odds' && saturated) {
      const [lowest] = percents(Math.min(...confidence.flat()));
      const start =
        before.confidence < 0.5
          ? say('unsure', { TARGET: target, BEFORE: sureBefore })
          : say('stayed', { TARGET: target, LOWEST: lowest });
      return `${start} ${say('shook', place)}`;
    }
    const [from, to] = percents(before.confidence, confidence[at.row][at.column]);
    const what = say('dropped', { ...place, TARGET: target, BEFORE: from, AFTER: to });
    const winner = label[at.row][at.column];
    const flipped = winner !== target && before.label === target;
    return flipped ? `${what} ${say('thenSaid', { LABEL: winner })}` : what;
  }

  // ---------------------------------------------------------------------------------------------
  // Blocks. One entry each; the text is the one of the same name in WORDS.
  // ---------------------------------------------------------------------------------------------

  const { COMMAND, REPORTER, BOOLEAN } = BlockType;
  const { STRING, NUMBER } = ArgumentType;
  const PICTURE = { type: STRING, menu: 'picture', defaultValue: 'stage' };
  const SQUARE = { type: NUMBER, defaultValue: 1 };

  /**
   * @typedef {object} Block
   * @property {string} opcode
   * @property {string} type
   * @property {(app: Peekaboo) => Record<string, object>} [args]
   * @property {(app: Peekaboo, args: Record<string, unknown>, target: ScratchTarget) => unknown} run
   */

  /** @type {(Block | '---')[]} */
  const BLOCKS = [
    {
      opcode: 'useModel',
      type: COMMAND,
      args: (app) => ({ MODEL: { type: STRING, menu: 'model', defaultValue: app.modelId } }),
      run: (app, { MODEL }) => app.useModel(MODEL),
    },
    '---',
    {
      opcode: 'classify',
      type: COMMAND,
      args: () => ({ PICTURE }),
      run: (app, { PICTURE }, target) => app.classify(PICTURE, target),
    },
    {
      opcode: 'label',
      type: REPORTER,
      run: (app) => app.fromLast(({ label }) => label),
    },
    {
      opcode: 'confidence',
      type: REPORTER,
      run: (app) => app.fromLast(({ confidence }) => twoDecimals(confidence * 100)),
    },
    {
      opcode: 'confidenceOf',
      type: REPORTER,
      args: (app) => ({
        LABEL: { type: STRING, menu: 'label', defaultValue: app.labels[0] ?? '' },
      }),
      run: (app, { LABEL }) => app.confidenceOf(LABEL),
    },
    {
      opcode: 'classifyLabel',
      type: REPORTER,
      args: () => ({ PICTURE }),
      run: async (app, { PICTURE }, target) => (await app.classify(PICTURE, target)).label,
    },
    {
      opcode: 'classifyConfidence',
      type: REPORTER,
      args: () => ({ PICTURE }),
      run: async (app, { PICTURE }, target) =>
        twoDecimals((await app.classify(PICTURE, target)).confidence * 100),
    },
    '---',
    {
      opcode: 'setSquares',
      type: COMMAND,
      args: () => ({
        COLUMNS: { type: NUMBER, defaultValue: FIRST_SETTINGS.columns },
        ROWS: { type: NUMBER, defaultValue: FIRST_SETTINGS.rows },
      }),
      run: (app, { COLUMNS, ROWS }) => app.setSquares(COLUMNS, ROWS),
    },
    {
      opcode: 'setCover',
      type: COMMAND,
      args: () => ({ COVER: { type: STRING, menu: 'cover', defaultValue: COVERS[0] } }),
      run: (app, { COVER }) => app.set({ cover: oneOf(COVERS, COVER) }),
    },
    {
      opcode: 'coverArea',
      type: COMMAND,
      args: () => ({
        ROW: { type: NUMBER, defaultValue: 2 },
        COLUMN: { type: NUMBER, defaultValue: 3 },
      }),
      run: (app, { ROW, COLUMN }) => app.cover(app.area(ROW, COLUMN)),
    },
    {
      opcode: 'coverSquare',
      type: COMMAND,
      args: () => ({ SQUARE }),
      run: (app, { SQUARE }) => app.cover(app.square(SQUARE)),
    },
    {
      opcode: 'uncover',
      type: COMMAND,
      run: (app) => app.scene.covers.clear(),
    },
    {
      opcode: 'numberOfSquares',
      type: REPORTER,
      run: (app) => app.numberOfSquares,
    },
    {
      opcode: 'xOfSquare',
      type: REPORTER,
      args: () => ({ SQUARE }),
      run: (app, { SQUARE }) => app.centreOf(app.square(SQUARE)).x,
    },
    {
      opcode: 'yOfSquare',
      type: REPORTER,
      args: () => ({ SQUARE }),
      run: (app, { SQUARE }) => app.centreOf(app.square(SQUARE)).y,
    },
    '---',
    {
      opcode: 'measureRelevance',
      type: COMMAND,
      args: () => ({ PICTURE }),
      run: (app, { PICTURE }, target) => app.measure(PICTURE, target),
    },
    {
      opcode: 'showRelevance',
      type: COMMAND,
      run: (app, _, target) => app.show(target),
    },
    {
      opcode: 'hideRelevance',
      type: COMMAND,
      run: (app) => app.hide(),
    },
    {
      opcode: 'relevanceOfSquare',
      type: REPORTER,
      args: () => ({ SQUARE }),
      run: (app, { SQUARE }) => {
        const { row, column } = app.square(SQUARE);
        return app.fromMeasured((found) => twoDecimals(relevanceAt(found, row, column)));
      },
    },
    {
      opcode: 'ghostOfSquare',
      type: REPORTER,
      args: () => ({ SQUARE }),
      run: (app, { SQUARE }) => {
        const { row, column } = app.square(SQUARE);
        return app.fromMeasured(({ ghost }) => twoDecimals(ghost[row][column]));
      },
    },
    {
      opcode: 'mostRelevantSquare',
      type: REPORTER,
      run: (app) => app.fromMeasured((found) => found.most_relevant?.square ?? say('none')),
    },
    {
      opcode: 'anySquareMattered',
      type: BOOLEAN,
      run: (app) => app.fromMeasured(({ verdict }) => verdict === 'found'),
    },
    {
      opcode: 'relevanceSentence',
      type: REPORTER,
      run: (app) => app.fromMeasured(sentence),
    },
    '---',
    {
      opcode: 'setMeasure',
      type: COMMAND,
      args: () => ({ MEASURE: { type: STRING, menu: 'measure', defaultValue: MEASURES[0] } }),
      run: (app, { MEASURE }) => app.set({ measure: oneOf(MEASURES, MEASURE) }),
    },
    {
      opcode: 'setAmplify',
      type: COMMAND,
      args: () => ({ AMPLIFY: { type: STRING, menu: 'amplify', defaultValue: AMPLIFIES[0] } }),
      run: (app, { AMPLIFY }) => app.setAmplify(AMPLIFY),
    },
  ];

  // ---------------------------------------------------------------------------------------------
  // Register. The blocks as Scratch wants them, and what the green flag and the stop sign mean.
  // ---------------------------------------------------------------------------------------------

  class PeekabooExtension {
    /** @param {Peekaboo} app */
    constructor(app) {
      this.app = app;
      for (const block of BLOCKS) {
        if (block === '---') continue;
        /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (this))[block.opcode] = (
          /** @type {Record<string, unknown>} */ args,
          /** @type {ScratchUtility} */ util
        ) => this.#run(block, args, util.target);
      }
    }

    getInfo() {
      const menu = (/** @type {string[]} */ values) => ({
        acceptReporters: true,
        items: values.map((value) => ({ text: WORDS.en[value] ? say(value) : value, value })),
      });
      return {
        id: 'peekaboo',
        name: 'Peekaboo',
        color1: TEAL,
        color2: '#0a6070',
        color3: '#084c59',
        menuIconURI: MENU_ICON,
        blockIconURI: BLOCK_ICON,
        blocks: BLOCKS.map((block) =>
          block === '---'
            ? block
            : {
                opcode: block.opcode,
                blockType: block.type,
                text: say(block.opcode),
                arguments: block.args?.(this.app) ?? {},
              }
        ),
        menus: {
          picture: menu(PICTURES),
          cover: menu(COVERS),
          measure: menu(MEASURES),
          amplify: menu(AMPLIFIES),
          model: { acceptReporters: true, items: 'modelMenu' },
          label: { acceptReporters: true, items: 'labelMenu' },
        },
      };
    }

    modelMenu() {
      this.lookForModels();
      const { models, modelId } = this.app;
      if (models.length === 0) return [{ text: modelId, value: modelId }];
      return models.map(({ name, id }) => ({ text: name, value: id }));
    }

    labelMenu() {
      const { labels } = this.app;
      return labels.length === 0 ? [{ text: say('noLabels'), value: '' }] : labels;
    }

    /** Fill the menus, now or as soon as the helper is there. */
    async lookForModels() {
      try {
        if (await this.app.refreshModels()) Scratch.vm.extensionManager.refreshBlocks('peekaboo');
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        if (this.app.models.length === 0) setTimeout(() => this.lookForModels(), LOOK_AGAIN_MS);
      }
    }

    /**
     * @param {Block} block
     * @param {Record<string, unknown>} args
     * @param {ScratchTarget} target
     */
    #run(block, args, target) {
      /** @param {unknown} value */
      const answer = (value) => (block.type === COMMAND ? undefined : value);
      try {
        const result = block.run(this.app, args, target);
        if (!(result instanceof Promise)) return answer(result);
        return result.then(answer).catch((error) => this.#explain(error, block));
      } catch (error) {
        return this.#explain(error, block);
      }
    }

    /**
     * Say on the stage why a block did not work, and give a reporter the sentence as its answer:
     * a number could be taken for a measured one.
     * @param {unknown} error
     * @param {Block} block
     */
    #explain(error, { type }) {
      if (error instanceof Stopped) return answerInWords('', type);
      const trouble = error instanceof Trouble ? error : new Trouble('wentWrong');
      if (trouble !== error) console.error(error);
      // Reporters may be on show on the stage all the time, also before there is an answer.
      const early = ['notClassified', 'notMeasured'].includes(trouble.key) && type === REPORTER;
      if (!early) this.app.scene.bubble.say(trouble.message);
      return answerInWords(trouble.message, type);
    }
  }

  /**
   * @param {string} text
   * @param {string} type of the block
   */
  function answerInWords(text, type) {
    if (type === COMMAND) return undefined;
    return type === BOOLEAN ? false : text;
  }

  // Peekaboo's own pages say that the helper is where they come from; elsewhere it is here.
  const ownPage = document.querySelector('meta[name="peekaboo-server"]');
  const app = new Peekaboo(new Backend(ownPage ? location.origin : 'http://localhost:8000'));
  const extension = new PeekabooExtension(app);
  const { runtime } = Scratch.vm;
  runtime.on('PROJECT_STOP_ALL', () => app.stop());
  runtime.on('PROJECT_START', () => app.startAfresh());
  runtime.on('RUNTIME_DISPOSED', () => app.reset());
  window.addEventListener('focus', () => extension.lookForModels());
  Scratch.extensions.register(extension);
  extension.lookForModels();
})(Scratch);
