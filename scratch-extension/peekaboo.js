// Name: Peekaboo
// ID: peekaboo
// Description: Cover a part of a picture and see what it does to a classifier.
// By: The Peekaboo makers
// License: MPL-2.0

// The classifiers run in Peekaboo's helper program, on the same computer.
(function (Scratch) {
  'use strict';

  if (!Scratch.extensions.unsandboxed) {
    throw new Error('Peekaboo draws on the stage, so it has to run without the sandbox.');
  }

  // WORDS. Every language has every text; what stands in [BRACKETS] is filled in, and stays.

  /** @type {Record<string, Record<string, string>>} */
  // prettier-ignore
  const WORDS = {
    en: {
      addExample: 'add [PICTURE] as example of [LABEL]',
      numberOfExamples: 'number of examples of [LABEL]', exampleLabels: 'labels of my examples',
      teach: 'teach my classifier', teachingProgress: 'teaching progress',
      learning: 'Learning … [SHARE]', learned: 'I have learned!',
      whenTaught: 'when teaching is done', forgetExamples: 'forget all examples of [LABEL]',
      showEpoch: 'relevance after lesson [EPOCH]', thing: 'cat',
      noEpoch: 'There is no lesson [NAME]. There are [COUNT].', mine: 'what I taught',
      myName: 'My classifier', notTaught: 'I have not been taught yet.',
      useModel: 'use model [MODEL]', classify: 'classify [PICTURE]', label: 'label',
      confidence: 'confidence', confidenceOf: 'confidence of [LABEL]',
      classifyLabel: 'classify [PICTURE] (label)',
      classifyConfidence: 'classify [PICTURE] (confidence)',
      setSquares: 'use [COLUMNS] squares across and [ROWS] down', setCover: 'cover with [COVER]',
      coverArea: 'cover area row [ROW] column [COLUMN]', coverSquare: 'cover square [SQUARE]',
      uncover: 'uncover everything', numberOfSquares: 'number of squares',
      xOfSquare: 'x of square [SQUARE]', yOfSquare: 'y of square [SQUARE]',
      measureRelevance: 'measure relevance of [PICTURE]',
      showRelevance: 'show relevance with ghost effect', hideRelevance: 'hide relevance',
      relevanceOfSquare: 'relevance of square [SQUARE]', notMeasured: 'Nothing is measured yet.',
      ghostOfSquare: 'ghost effect for square [SQUARE]', mostRelevantSquare: 'most relevant square',
      anySquareMattered: 'did any square matter?', relevanceSentence: 'what happened',
      setMeasure: 'measure by [MEASURE]', setAmplify: 'set amplify to [AMPLIFY]',
      keepShowing: 'keep showing relevance [ON]', on: 'on', off: 'off',
      mapsPerSecond: 'relevance maps per second', stage: 'the stage', backdrop: 'the backdrop',
      sprite: 'this sprite', camera: 'the camera', black: 'black', grey: 'grey', white: 'white',
      mean: 'average colour', blur: 'blur', noise: 'noise', auto: 'auto', log_odds: 'log-odds',
      noLabels: '(no labels yet)', none: 'none', flat: 'Nothing seemed to matter:',
      stayed: '[TARGET] stayed at [LOWEST] or more, whichever square was covered.',
      stuck: '[TARGET] stayed at [BEFORE], whichever square was covered.',
      unsure: '[TARGET] was only at [BEFORE] from the start.',
      shook: 'Covering row [ROW], column [COLUMN] shook the classifier the most.',
      dropped: 'Covering row [ROW], column [COLUMN] dropped [TARGET] from [BEFORE] to [AFTER].',
      raised: 'No square spoke for [TARGET]. Covering row [ROW], column [COLUMN] raised [TARGET] from [BEFORE] to [AFTER].',
      thenSaid: 'Then it said [LABEL].', notClassified: 'Nothing is classified yet.',
      showExplanation: 'show [METHOD] of [PICTURE] for [LABEL]', winner: 'the winner',
      occlusion: 'Covering', shapley: 'Shapley values', smallest_peek: 'Smallest peek',
      pointed: '[METHOD] points most at row [ROW], column [COLUMN] for [TARGET].',
      pointedNowhere: '[METHOD] finds no square that speaks for [TARGET].',
      helperMissing: 'Peekaboo’s helper is not running. Start it on this computer and try again: I will find it by myself.',
      helperStopped: 'Peekaboo’s helper stopped in the middle. Please try again.',
      helperSlow: 'Peekaboo’s helper is taking too long. Please try again.',
      helperBusy: 'Peekaboo’s helper is busy. Please try again in a moment.',
      wentWrong: 'Oops, something went wrong inside Peekaboo. Please try again.',
      unknownModel: 'I do not know a model “[NAME]”. I know: [NAMES].',
      unknownLabel: 'This model has no label “[NAME]”. It knows: [NAMES].',
      unknownChoice: '“[NAME]” does not work here. Choose one of these: [NAMES].',
      badGrid: 'Choose whole numbers from 1 to [LARGEST] for the squares across and down.',
      noSquare: 'There is no square “[NAME]”. Squares count from 1 to [COUNT].',
      noArea: 'There is no such area. Rows count from 1 to [ROWS], columns from 1 to [COLUMNS].',
      noCamera: 'I cannot see through the camera. Is one plugged in, and may this page use it?',
      noCostume: 'I cannot read this costume. Please try another one.',
    },
    de: {
      addExample: 'nimm [PICTURE] als Beispiel für [LABEL]',
      numberOfExamples: 'Anzahl der Beispiele für [LABEL]', exampleLabels: 'Namen meiner Beispiele',
      teach: 'bringe es meinem Klassifikator bei', teachingProgress: 'Fortschritt beim Lernen',
      learning: 'Ich lerne … [SHARE]', learned: 'Ich habe gelernt!',
      whenTaught: 'Wenn fertig gelernt ist', forgetExamples: 'vergiss alle Beispiele für [LABEL]',
      showEpoch: 'zeige, was nach Lernrunde [EPOCH] wichtig war', thing: 'Katze',
      noEpoch: 'Es gibt keine Lernrunde [NAME]. Es gibt [COUNT].',
      mine: 'was ich ihm beigebracht habe', myName: 'Mein Klassifikator',
      notTaught: 'Mir wurde noch nichts beigebracht.', useModel: 'benutze Modell [MODEL]',
      classify: 'erkenne [PICTURE]', label: 'Name', confidence: 'Sicherheit',
      confidenceOf: 'Sicherheit für [LABEL]', classifyLabel: 'erkenne [PICTURE] (Name)',
      classifyConfidence: 'erkenne [PICTURE] (Sicherheit)',
      setSquares: 'benutze [COLUMNS] Felder nebeneinander und [ROWS] untereinander',
      setCover: 'verdecke mit: [COVER]',
      coverArea: 'verdecke den Bereich in Zeile [ROW] Spalte [COLUMN]',
      coverSquare: 'verdecke Feld [SQUARE]', uncover: 'decke alles auf',
      numberOfSquares: 'Anzahl der Felder', xOfSquare: 'x von Feld [SQUARE]',
      yOfSquare: 'y von Feld [SQUARE]', measureRelevance: 'miss, was wichtig ist für [PICTURE]',
      showRelevance: 'zeige mit Durchsichtigkeit, was wichtig ist',
      hideRelevance: 'zeige nicht mehr, was wichtig ist',
      relevanceOfSquare: 'Wichtigkeit von Feld [SQUARE]',
      ghostOfSquare: 'Durchsichtigkeit für Feld [SQUARE]', mostRelevantSquare: 'wichtigstes Feld',
      anySquareMattered: 'war ein Feld wichtig?', relevanceSentence: 'was passiert ist',
      setMeasure: 'miss mit: [MEASURE]', setAmplify: 'setze Verstärkung auf [AMPLIFY]',
      keepShowing: 'zeige immer weiter, was wichtig ist: [ON]', on: 'an', off: 'aus',
      mapsPerSecond: 'Wichtigkeitskarten pro Sekunde', stage: 'die Bühne',
      backdrop: 'das Bühnenbild', sprite: 'diese Figur', camera: 'die Kamera', black: 'Schwarz',
      grey: 'Grau', white: 'Weiß', mean: 'Durchschnittsfarbe', blur: 'Unschärfe', noise: 'Rauschen',
      auto: 'automatisch', log_odds: 'Log-Odds', noLabels: '(noch keine Namen)', none: 'keines',
      stayed: '[TARGET] blieb bei [LOWEST] oder mehr, egal welches Feld verdeckt war.',
      stuck: '[TARGET] blieb bei [BEFORE], egal welches Feld verdeckt war.',
      unsure: '[TARGET] lag von Anfang an nur bei [BEFORE].',
      shook: 'Am meisten ins Wanken kam der Klassifikator, als Zeile [ROW], Spalte [COLUMN] verdeckt war.',
      dropped: 'Zeile [ROW], Spalte [COLUMN] verdeckt: [TARGET] fiel von [BEFORE] auf [AFTER].',
      raised: 'Kein Feld sprach für [TARGET]. Zeile [ROW], Spalte [COLUMN] verdeckt: [TARGET] stieg von [BEFORE] auf [AFTER].',
      thenSaid: 'Dann sagte er [LABEL].', notClassified: 'Noch ist nichts erkannt.',
      notMeasured: 'Noch ist nichts gemessen.', flat: 'Nichts schien wichtig zu sein:',
      showExplanation: 'zeige [METHOD] von [PICTURE] für [LABEL]', winner: 'den Sieger',
      occlusion: 'Verdecken', shapley: 'Shapley-Werte', smallest_peek: 'Kleinster Blick',
      pointed: '[METHOD] zeigt bei [TARGET] am meisten auf Zeile [ROW], Spalte [COLUMN].',
      pointedNowhere: '[METHOD] findet kein Feld, das für [TARGET] spricht.',
      helperMissing: 'Peekaboos Helfer läuft nicht. Starte ihn auf diesem Computer und versuche es noch einmal: Ich finde ihn von selbst.',
      helperStopped: 'Peekaboos Helfer hat mittendrin aufgehört. Bitte versuche es noch einmal.',
      helperSlow: 'Peekaboos Helfer braucht zu lange. Bitte versuche es noch einmal.',
      helperBusy: 'Peekaboos Helfer ist beschäftigt. Bitte versuche es gleich noch einmal.',
      wentWrong: 'Hoppla, in Peekaboo ging etwas schief. Bitte versuche es noch einmal.',
      unknownModel: 'Ein Modell „[NAME]“ kenne ich nicht. Ich kenne: [NAMES].',
      unknownLabel: 'Dieses Modell kennt „[NAME]“ nicht. Es kennt: [NAMES].',
      unknownChoice: '„[NAME]“ geht hier nicht. Wähle eines davon: [NAMES].',
      badGrid: 'Wähle für die Felder ganze Zahlen von 1 bis [LARGEST].',
      noSquare: 'Ein Feld „[NAME]“ gibt es nicht. Die Felder zählen von 1 bis [COUNT].',
      noArea: 'Diesen Bereich gibt es nicht. Zeilen zählen von 1 bis [ROWS], Spalten von 1 bis [COLUMNS].',
      noCamera: 'Ich kann nicht durch die Kamera sehen. Ist eine angeschlossen, und darf diese Seite sie benutzen?',
      noCostume: 'Ich kann dieses Kostüm nicht lesen. Bitte versuche ein anderes.',
    },
    es: {
      addExample: 'añadir [PICTURE] como ejemplo de [LABEL]',
      numberOfExamples: 'número de ejemplos de [LABEL]', exampleLabels: 'etiquetas de mis ejemplos',
      teach: 'enseñar a mi clasificador', teachingProgress: 'progreso del aprendizaje',
      learning: 'Aprendiendo… [SHARE]', learned: '¡He aprendido!',
      whenTaught: 'cuando termine de aprender', classifyLabel: 'clasificar [PICTURE] (etiqueta)',
      forgetExamples: 'olvidar todos los ejemplos de [LABEL]',
      showEpoch: 'lo importante después de la lección [EPOCH]', thing: 'gato',
      noEpoch: 'No hay ninguna lección [NAME]. Hay [COUNT].', mine: 'lo que le enseñé',
      myName: 'Mi clasificador', notTaught: 'Todavía no me han enseñado nada.',
      useModel: 'usar el modelo [MODEL]', classify: 'clasificar [PICTURE]', label: 'etiqueta',
      confidence: 'seguridad', confidenceOf: 'seguridad de que es [LABEL]',
      classifyConfidence: 'clasificar [PICTURE] (seguridad)',
      setSquares: 'usar [COLUMNS] cuadros a lo ancho y [ROWS] a lo alto',
      setCover: 'tapar con [COVER]', coverArea: 'tapar la zona fila [ROW] columna [COLUMN]',
      coverSquare: 'tapar el cuadro [SQUARE]', uncover: 'destapar todo',
      numberOfSquares: 'número de cuadros', xOfSquare: 'x del cuadro [SQUARE]',
      yOfSquare: 'y del cuadro [SQUARE]', measureRelevance: 'medir qué es importante en [PICTURE]',
      showRelevance: 'mostrar lo importante con efecto desvanecer',
      hideRelevance: 'esconder lo importante', relevanceOfSquare: 'importancia del cuadro [SQUARE]',
      ghostOfSquare: 'efecto desvanecer para el cuadro [SQUARE]',
      mostRelevantSquare: 'cuadro más importante', anySquareMattered: '¿importó algún cuadro?',
      relevanceSentence: 'qué pasó', setMeasure: 'medir con [MEASURE]',
      setAmplify: 'fijar la amplificación en [AMPLIFY]',
      keepShowing: 'seguir mostrando lo importante: [ON]', on: 'activado', off: 'desactivado',
      mapsPerSecond: 'mapas de importancia por segundo', stage: 'el escenario',
      backdrop: 'el fondo', sprite: 'este objeto', camera: 'la cámara', black: 'negro',
      grey: 'gris', white: 'blanco', mean: 'color promedio', blur: 'desenfoque', noise: 'ruido',
      auto: 'automático', log_odds: 'log-odds', noLabels: '(aún sin etiquetas)', none: 'ninguno',
      stayed: '[TARGET] se quedó en [LOWEST] o más con cualquier cuadro tapado.',
      stuck: '[TARGET] se quedó en [BEFORE] con cualquier cuadro tapado.',
      unsure: 'Ya desde el principio, [TARGET] solo tenía [BEFORE].',
      shook: 'Lo que más hizo dudar al clasificador fue tapar el cuadro de la fila [ROW], columna [COLUMN].',
      dropped: 'Al tapar el cuadro de la fila [ROW], columna [COLUMN], [TARGET] bajó de [BEFORE] a [AFTER].',
      raised: 'Ningún cuadro hablaba a favor de [TARGET]. Al tapar el cuadro de la fila [ROW], columna [COLUMN], [TARGET] subió de [BEFORE] a [AFTER].',
      thenSaid: 'Entonces dijo [LABEL].', notClassified: 'Todavía no se ha clasificado nada.',
      notMeasured: 'Todavía no se ha medido nada.', flat: 'Parece que nada importó:',
      showExplanation: 'mostrar [METHOD] de [PICTURE] para [LABEL]', winner: 'la ganadora',
      occlusion: 'Tapar', shapley: 'Valores de Shapley', smallest_peek: 'Mirada mínima',
      pointed: '[METHOD] señala sobre todo el cuadro de la fila [ROW], columna [COLUMN] para [TARGET].',
      pointedNowhere: '[METHOD] no encuentra ningún cuadro a favor de [TARGET].',
      helperMissing: 'El ayudante de Peekaboo no está en marcha. Inícialo en este ordenador y prueba otra vez: lo encontraré yo solo.',
      helperStopped: 'El ayudante de Peekaboo se detuvo a la mitad. Prueba otra vez.',
      helperSlow: 'El ayudante de Peekaboo tarda demasiado. Prueba otra vez.',
      helperBusy: 'El ayudante de Peekaboo está ocupado. Prueba otra vez en un momento.',
      wentWrong: 'Vaya, algo salió mal dentro de Peekaboo. Prueba otra vez.',
      unknownModel: 'No conozco ningún modelo «[NAME]». Conozco: [NAMES].',
      unknownLabel: 'Este modelo no tiene la etiqueta «[NAME]». Conoce: [NAMES].',
      unknownChoice: '«[NAME]» no sirve aquí. Elige uno de estos: [NAMES].',
      badGrid: 'Elige números enteros del 1 al [LARGEST] para los cuadros a lo ancho y a lo alto.',
      noSquare: 'No hay ningún cuadro «[NAME]». Los cuadros van del 1 al [COUNT].',
      noArea: 'Esa zona no existe. Las filas van del 1 al [ROWS] y las columnas del 1 al [COLUMNS].',
      noCamera: 'No puedo ver por la cámara. ¿Hay una conectada y puede usarla esta página?',
      noCostume: 'No puedo leer este disfraz. Prueba con otro.',
    },
    fr: {
      addExample: 'ajouter [PICTURE] comme exemple de [LABEL]',
      numberOfExamples: 'nombre d’exemples de [LABEL]', exampleLabels: 'étiquettes de mes exemples',
      teach: 'entraîner mon classifieur', teachingProgress: 'progrès de l’entraînement',
      learning: 'J’apprends… [SHARE]', learned: 'J’ai appris !',
      whenTaught: 'quand l’entraînement est fini',
      forgetExamples: 'oublier tous les exemples de [LABEL]',
      showEpoch: 'montrer ce qui compte après la leçon [EPOCH]', thing: 'chat',
      noEpoch: 'Il n’y a pas de leçon [NAME]. Il y en a [COUNT].', mine: 'celui que j’ai entraîné',
      myName: 'Mon classifieur', notTaught: 'On ne m’a pas encore entraîné.',
      useModel: 'utiliser le modèle [MODEL]', classify: 'classer [PICTURE]', label: 'étiquette',
      confidence: 'confiance', confidenceOf: 'confiance pour [LABEL]',
      classifyLabel: 'classer [PICTURE] (étiquette)',
      classifyConfidence: 'classer [PICTURE] (confiance)',
      setSquares: 'utiliser [COLUMNS] cases en largeur et [ROWS] en hauteur',
      setCover: 'cacher avec [COVER]', coverArea: 'cacher la zone ligne [ROW] colonne [COLUMN]',
      coverSquare: 'cacher la case [SQUARE]', uncover: 'tout découvrir',
      numberOfSquares: 'nombre de cases', xOfSquare: 'x de la case [SQUARE]',
      yOfSquare: 'y de la case [SQUARE]', measureRelevance: 'mesurer ce qui compte pour [PICTURE]',
      showRelevance: 'montrer ce qui compte avec l’effet fantôme',
      relevanceOfSquare: 'importance de la case [SQUARE]',
      ghostOfSquare: 'effet fantôme pour la case [SQUARE]',
      mostRelevantSquare: 'case la plus importante', hideRelevance: 'ne plus montrer ce qui compte',
      anySquareMattered: 'une case a-t-elle compté ?', relevanceSentence: 'ce qui s’est passé',
      setMeasure: 'mesurer avec [MEASURE]', setAmplify: 'mettre l’amplification à [AMPLIFY]',
      keepShowing: 'continuer à montrer ce qui compte : [ON]', on: 'activé', off: 'désactivé',
      mapsPerSecond: 'cartes d’importance par seconde', stage: 'la scène',
      backdrop: 'l’arrière-plan', sprite: 'ce sprite', camera: 'la caméra', black: 'du noir',
      grey: 'du gris', white: 'du blanc', mean: 'la couleur moyenne', blur: 'du flou',
      noise: 'du bruit', auto: 'automatique', log_odds: 'log-odds',
      noLabels: '(pas encore d’étiquettes)', none: 'aucune', flat: 'Rien n’a semblé compter :',
      stayed: '[TARGET] reste à [LOWEST] ou plus, quelle que soit la case cachée.',
      stuck: '[TARGET] reste à [BEFORE], quelle que soit la case cachée.',
      unsure: '[TARGET] n’était qu’à [BEFORE] dès le début.',
      shook: 'La case qui, cachée, a le plus fait hésiter le classifieur : ligne [ROW], colonne [COLUMN].',
      dropped: 'Quand la case ligne [ROW], colonne [COLUMN] est cachée, [TARGET] descend de [BEFORE] à [AFTER].',
      raised: 'Aucune case ne parle pour [TARGET]. Quand la case ligne [ROW], colonne [COLUMN] est cachée, [TARGET] monte de [BEFORE] à [AFTER].',
      thenSaid: 'Il dit alors [LABEL].', notClassified: 'Rien n’a encore été classé.',
      notMeasured: 'Rien n’a encore été mesuré.', smallest_peek: 'Plus petit coup d’œil',
      showExplanation: 'montrer [METHOD] de [PICTURE] pour [LABEL]', winner: 'la gagnante',
      occlusion: 'Cases cachées', shapley: 'Valeurs de Shapley',
      pointed: '[METHOD] : c’est surtout la ligne [ROW], colonne [COLUMN] qui parle pour [TARGET].',
      pointedNowhere: '[METHOD] : aucune case ne parle pour [TARGET].',
      helperMissing: 'L’assistant de Peekaboo n’est pas lancé. Lance-le sur cet ordinateur et réessaie : je le trouverai tout seul.',
      helperStopped: 'L’assistant de Peekaboo s’est arrêté en route. Réessaie.',
      helperSlow: 'L’assistant de Peekaboo met trop de temps. Réessaie.',
      helperBusy: 'L’assistant de Peekaboo est occupé. Réessaie dans un instant.',
      wentWrong: 'Oups, quelque chose s’est mal passé dans Peekaboo. Réessaie.',
      unknownModel: 'Je ne connais pas de modèle « [NAME] ». Je connais : [NAMES].',
      unknownLabel: 'Ce modèle n’a pas d’étiquette « [NAME] ». Il connaît : [NAMES].',
      unknownChoice: '« [NAME] » ne va pas ici. Choisis parmi : [NAMES].',
      badGrid: 'Choisis des nombres entiers de 1 à [LARGEST] pour les cases.',
      noSquare: 'Il n’y a pas de case « [NAME] ». Les cases vont de 1 à [COUNT].',
      noArea: 'Cette zone n’existe pas. Lignes de 1 à [ROWS], colonnes de 1 à [COLUMNS].',
      noCamera: 'Je ne vois rien par la caméra. Est-elle branchée, et cette page a-t-elle le droit de s’en servir ?',
      noCostume: 'Je n’arrive pas à lire ce costume. Essaies-en un autre.',
    },
    ja: {
      addExample: '[PICTURE] を [LABEL] のお手本にする', numberOfExamples: '[LABEL] のお手本の数',
      exampleLabels: 'お手本のラベル', teach: '自分の分類器に教える', teachingProgress: 'どこまで学んだか',
      learning: '学んでいます… [SHARE]', learned: '学びおわりました！', whenTaught: '学びおわったとき',
      forgetExamples: '[LABEL] のお手本をぜんぶ忘れる', showEpoch: '学習 [EPOCH] 回目のあとの大事なところ', thing: 'ねこ',
      noEpoch: '[NAME] 回目の学習はありません。ぜんぶで [COUNT] 回です。', mine: 'わたしが教えたもの', myName: 'わたしの分類器',
      notTaught: 'まだ何も教わっていません。', useModel: 'モデル [MODEL] を使う', classify: '[PICTURE] を見分ける',
      label: 'ラベル', confidence: '自信', confidenceOf: '[LABEL] の自信',
      classifyLabel: '[PICTURE] を見分ける（ラベル）', classifyConfidence: '[PICTURE] を見分ける（自信）',
      setSquares: 'マスを横 [COLUMNS] 個、たて [ROWS] 個にする', setCover: '[COVER] でかくすことにする',
      coverArea: '[ROW] 行 [COLUMN] 列の場所をかくす', coverSquare: 'マス [SQUARE] をかくす',
      uncover: 'かくしたものをぜんぶ見せる', numberOfSquares: 'マスの数', xOfSquare: 'マス [SQUARE] のx座標',
      yOfSquare: 'マス [SQUARE] のy座標', measureRelevance: '[PICTURE] のどこが大事かはかる',
      showRelevance: '大事なところを幽霊の効果で見せる', hideRelevance: '大事なところの表示を消す',
      relevanceOfSquare: 'マス [SQUARE] の大事さ', ghostOfSquare: 'マス [SQUARE] の幽霊の効果',
      mostRelevantSquare: 'いちばん大事なマス', anySquareMattered: '大事なマスはあった？', relevanceSentence: '起きたこと',
      setMeasure: '[MEASURE] ではかる', setAmplify: '強調を [AMPLIFY] にする',
      keepShowing: '大事なところを見せつづける [ON]', on: 'オン', off: 'オフ', mapsPerSecond: '一秒に調べた回数',
      stage: 'ステージ', backdrop: '背景', sprite: 'このスプライト', camera: 'カメラ', black: '黒', grey: '灰色',
      white: '白', mean: '平均の色', blur: 'ぼかし', noise: 'ノイズ', auto: '自動', log_odds: '対数オッズ',
      noLabels: '（ラベルはまだありません）', none: 'なし', flat: '大事なところはなさそうです。',
      stayed: 'どのマスをかくしても、[TARGET] は [LOWEST] 以上のままでした。',
      stuck: 'どのマスをかくしても、[TARGET] は [BEFORE] のままでした。',
      unsure: '[TARGET] は、はじめから [BEFORE] しかありませんでした。',
      shook: '分類器の自信がいちばんゆれたのは、[ROW] 行 [COLUMN] 列をかくしたときです。',
      dropped: '[ROW] 行 [COLUMN] 列をかくすと、[TARGET] は [BEFORE] から [AFTER] に下がりました。',
      raised: '[TARGET] の決め手になるマスはありませんでした。[ROW] 行 [COLUMN] 列をかくすと、[TARGET] は [BEFORE] から [AFTER] に上がりました。',
      thenSaid: 'そのときの答えは [LABEL] でした。', notClassified: 'まだ何も見分けていません。',
      notMeasured: 'まだ何もはかっていません。', showExplanation: '[PICTURE] の [LABEL] を [METHOD] で見せる',
      winner: 'いちばんの答え', occlusion: 'かくす方法', shapley: 'シャープレイ値', smallest_peek: 'いちばん小さなのぞき見',
      pointed: '[METHOD] では、[TARGET] にいちばん大事なのは [ROW] 行 [COLUMN] 列です。',
      pointedNowhere: '[METHOD] では、[TARGET] に大事なマスが見つかりません。',
      helperMissing: 'Peekaboo のおてつだいプログラムが動いていません。このコンピューターで起動して、もう一度ためしてください。自動で見つけます。',
      helperStopped: 'Peekaboo のおてつだいプログラムがとちゅうで止まりました。もう一度ためしてください。',
      helperSlow: 'Peekaboo のおてつだいプログラムの返事がおそすぎます。もう一度ためしてください。',
      helperBusy: 'Peekaboo のおてつだいプログラムがいそがしいです。少し待ってためしてください。',
      wentWrong: 'おっと、Peekaboo の中でうまくいきませんでした。もう一度ためしてください。',
      unknownModel: '「[NAME]」というモデルはありません。使えるのは：[NAMES]。',
      unknownLabel: 'このモデルに「[NAME]」というラベルはありません。あるのは：[NAMES]。',
      unknownChoice: '「[NAME]」はここでは使えません。この中からえらんでください：[NAMES]。',
      badGrid: 'マスの数は、横もたても1から[LARGEST]までの整数にしてください。',
      noSquare: '「[NAME]」というマスはありません。マスは1から[COUNT]までです。',
      noArea: 'その場所はありません。行は1から[ROWS]まで、列は1から[COLUMNS]までです。',
      noCamera: 'カメラが見えません。つながっていますか？　このページがカメラを使ってもよいことになっていますか？',
      noCostume: 'このコスチュームは読めません。ほかのものをためしてください。',
    },
    ar: {
      addExample: 'أضف [PICTURE] مثالًا على [LABEL]', numberOfExamples: 'عدد أمثلة [LABEL]',
      exampleLabels: 'تسميات أمثلتي', teach: 'علّم مصنّفي', teachingProgress: 'تقدّم التعلّم',
      learning: 'أتعلّم … [SHARE]', learned: 'لقد تعلّمت!', whenTaught: 'عندما ينتهي التعلّم',
      forgetExamples: 'انسَ كل أمثلة [LABEL]', showEpoch: 'أظهر ما يهم بعد الجولة [EPOCH]',
      thing: 'قطة', noEpoch: 'لا توجد جولة [NAME]. عدد الجولات [COUNT].', mine: 'ما علّمته أنا',
      myName: 'مصنّفي', notTaught: 'لم يعلّمني أحد شيئًا بعد.', useModel: 'استخدم النموذج [MODEL]',
      classify: 'صنّف [PICTURE]', label: 'التسمية', confidence: 'الثقة',
      confidenceOf: 'الثقة في [LABEL]', classifyLabel: 'صنّف [PICTURE] (التسمية)',
      classifyConfidence: 'صنّف [PICTURE] (الثقة)', flat: 'يبدو أن لا شيء مهم:',
      setSquares: 'استخدم [COLUMNS] مربعات بالعرض و [ROWS] بالطول',
      setCover: 'غطِّ باستخدام [COVER]', coverArea: 'غطِّ المنطقة في الصف [ROW] العمود [COLUMN]',
      coverSquare: 'غطِّ المربع [SQUARE]', uncover: 'اكشف كل شيء', numberOfSquares: 'عدد المربعات',
      xOfSquare: 'الموضع س للمربع [SQUARE]', yOfSquare: 'الموضع ص للمربع [SQUARE]',
      measureRelevance: 'قِس ما يهم في [PICTURE]', showRelevance: 'أظهر ما يهم بمؤثر الشبح',
      hideRelevance: 'أخفِ ما يهم', relevanceOfSquare: 'أهمية المربع [SQUARE]',
      ghostOfSquare: 'مؤثر الشبح للمربع [SQUARE]', mostRelevantSquare: 'المربع الأهم',
      anySquareMattered: 'هل كان أي مربع مهمًّا؟', relevanceSentence: 'ماذا حدث',
      setMeasure: 'قِس باستخدام [MEASURE]', setAmplify: 'اجعل التضخيم [AMPLIFY]',
      keepShowing: 'واصل إظهار ما يهم [ON]', on: 'تشغيل', off: 'إيقاف',
      mapsPerSecond: 'خرائط الأهمية في الثانية', stage: 'المنصة', backdrop: 'الخلفية',
      sprite: 'هذا الكائن', camera: 'الكاميرا', black: 'الأسود', grey: 'الرمادي', white: 'الأبيض',
      mean: 'متوسط الألوان', blur: 'الضبابية', noise: 'التشويش', auto: 'تلقائي',
      log_odds: 'لوغاريتم الأرجحية', noLabels: '(لا توجد تسميات بعد)', none: 'لا شيء',
      stayed: 'بقي [TARGET] عند [LOWEST] أو أكثر أيًّا كان المربع المغطّى.',
      stuck: 'بقي [TARGET] عند [BEFORE] أيًّا كان المربع المغطّى.',
      unsure: 'كان [TARGET] عند [BEFORE] فقط منذ البداية.',
      shook: 'أكثر ما هزّ المصنّف هو تغطية الصف [ROW]، العمود [COLUMN].',
      dropped: 'عند تغطية الصف [ROW]، العمود [COLUMN] انخفض [TARGET] من [BEFORE] إلى [AFTER].',
      raised: 'لم يدل أي مربع على [TARGET]. عند تغطية الصف [ROW]، العمود [COLUMN] ارتفع [TARGET] من [BEFORE] إلى [AFTER].',
      thenSaid: 'ثم قال [LABEL].', notClassified: 'لم يُصنَّف شيء بعد.',
      notMeasured: 'لم يُقَس شيء بعد.', showExplanation: 'أظهر [METHOD] في [PICTURE] لـ [LABEL]',
      winner: 'الفائز', occlusion: 'التغطية', shapley: 'قيم شابلي', smallest_peek: 'أصغر نظرة',
      pointed: 'الأهم لـ [TARGET] بحسب [METHOD]: الصف [ROW]، العمود [COLUMN].',
      pointedNowhere: 'بحسب [METHOD] لا يدل أي مربع على [TARGET].',
      helperMissing: 'مساعد Peekaboo لا يعمل. شغّله على هذا الحاسوب ثم حاول مرة أخرى: سأجده بنفسي.',
      helperStopped: 'توقف مساعد Peekaboo في المنتصف. حاول مرة أخرى من فضلك.',
      helperSlow: 'مساعد Peekaboo يستغرق وقتًا طويلًا. حاول مرة أخرى من فضلك.',
      helperBusy: 'مساعد Peekaboo مشغول. حاول مرة أخرى بعد قليل.',
      wentWrong: 'عذرًا، حدث خطأ داخل Peekaboo. حاول مرة أخرى من فضلك.',
      unknownModel: 'لا أعرف نموذجًا اسمه «[NAME]». أعرف: [NAMES].',
      unknownLabel: 'ليس في هذا النموذج تسمية «[NAME]». يعرف: [NAMES].',
      unknownChoice: '«[NAME]» لا يصلح هنا. اختر واحدًا من: [NAMES].',
      badGrid: 'اختر أعدادًا صحيحة من 1 إلى [LARGEST] لعدد المربعات بالعرض والطول.',
      noSquare: 'لا يوجد مربع «[NAME]». المربعات مرقمة من 1 إلى [COUNT].',
      noArea: 'لا توجد هذه المنطقة. الصفوف من 1 إلى [ROWS] والأعمدة من 1 إلى [COLUMNS].',
      noCamera: 'لا أستطيع الرؤية من الكاميرا. هل هي موصولة؟ وهل يُسمح لهذه الصفحة باستخدامها؟',
      noCostume: 'لا أستطيع قراءة هذا المظهر. جرّب مظهرًا آخر من فضلك.',
    },
  };

  /** The editor's language without its variant, or English where we do not speak it. */
  function language() {
    const [name] = Scratch.translate.language.split('-');
    return name in WORDS ? name : 'en';
  }

  /** The text of WORDS named `key` in the editor's language, with `values` in the [BRACKETS]. */
  function say(key, values = {}) {
    const fill = (slot, name) => String(values[name] ?? slot);
    return WORDS[language()][key].replace(/\[([A-Z]+)\]/g, fill);
  }

  const twoDecimals = (number) => Math.round(number * 100) / 100;

  /** Shares (0 to 1) as percent: no decimals, unless two are needed to tell the shares apart. */
  function percents(...shares) {
    const write = (digits) => {
      const decimals = { minimumFractionDigits: digits, maximumFractionDigits: digits };
      const format = { style: /** @type {const} */ ('percent'), ...decimals };
      return shares.map((share) => share.toLocaleString(`${language()}-u-nu-latn`, format));
    };
    const short = write(0);
    return new Set(short).size === short.length ? short : write(2);
  }

  /** Something that a child can understand and mend. */
  class Trouble extends Error {
    constructor(key, values = {}) {
      super(say(key, values));
      this.key = key;
    }
  }

  /** The stop sign, or a newer measurement, ended what a block was waiting for. */
  class Stopped extends Error {}

  /** An error as a child may see it: `Stopped` has nothing to say. */
  function explained(error) {
    if (error instanceof Trouble || error instanceof Stopped) return error;
    console.error(error);
    return new Trouble('wentWrong');
  }

  // BACKEND. The helper program over HTTP, and the only place that fetches.

  const PATIENCE_MS = 20000;
  const MINE = '/api/collections/mine';

  class Backend {
    /** @param {string} origin where the helper answers, without a slash at the end */
    constructor(origin) {
      this.origin = origin;
    }

    /** @returns {Promise<{models: Model[], default: string}>} */
    models() {
      return this.#ask('/api/models', {}, new AbortController().signal, json);
    }

    /** @returns {Promise<Classification>} */
    classify(picture, settings, signal) {
      const path = `/api/classify?${new URLSearchParams(settings)}`;
      return this.#ask(path, withPicture(picture), signal, json);
    }

    /**
     * `onSquares`, if there is one, is told of squares as they are measured.
     * @returns {Promise<Relevance>}
     */
    relevance(picture, settings, signal, onSquares) {
      const path = `/api/relevance?${new URLSearchParams(settings)}`;
      if (!onSquares) return this.#ask(path, withPicture(picture), signal, json);
      return this.#follow(path, picture, signal, ({ squares }) => squares && onSquares(squares));
    }

    /**
     * `onShare` is told how far it is, from 0 to 1.
     * @returns {Promise<Explanation>}
     */
    explain(picture, settings, signal, onShare) {
      const path = `/api/explain?${new URLSearchParams(settings)}`;
      return this.#follow(path, picture, signal, ({ share }) => share && onShare(share));
    }

    /** Ask about the child's own examples; `rest` is the rest of the address. */
    mine(rest = '', request = {}, read = json) {
      return this.#ask(MINE + rest, request, new AbortController().signal, read);
    }

    /** @returns {Promise<ImageBitmap>} a picture that an answer told of */
    async pictureAt(url) {
      const read = (answer) => answer.blob();
      return createImageBitmap(await this.#ask(url, {}, new AbortController().signal, read));
    }

    /** The result at the end of a stream, of which `onLine` is told the lines before. */
    #follow(path, picture, signal, onLine) {
      const request = withPicture(picture, { Accept: 'application/x-ndjson' });
      return this.#ask(path, request, signal, async (answer, stillThere) => {
        let result = null;
        for await (const line of lines(answer.body, stillThere)) {
          onLine(line);
          if (line.type === 'error') throw refusal(500, line.error);
          if (line.type === 'result') result = line;
        }
        if (!result) throw new Trouble('helperStopped');
        return result;
      });
    }

    /** Every way in which an answer can fail to come becomes a `Trouble`, or `Stopped`. */
    async #ask(path, request, signal, read) {
      if (signal.aborted) throw new Stopped();
      const ender = new AbortController();
      const end = () => ender.abort(new Stopped());
      let timer = 0;
      const stillThere = () => {
        clearTimeout(timer);
        timer = setTimeout(() => ender.abort(new Trouble('helperSlow')), PATIENCE_MS);
      };
      signal.addEventListener('abort', end);
      let answer = null;
      try {
        stillThere();
        answer = await fetch(this.origin + path, { ...request, signal: ender.signal });
        if (!answer.ok) throw refusal(answer.status, await readError(answer));
        return await read(answer, stillThere);
      } catch (error) {
        if (ender.signal.aborted) throw ender.signal.reason;
        if (error instanceof Trouble) throw error;
        throw new Trouble(answer ? 'helperStopped' : 'helperMissing');
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        end();
      }
    }
  }

  const json = (answer) => answer.json();

  /** @param {Picture} picture */
  function withPicture({ width, height, pixels }, headers = {}) {
    const type = `image/x-rgba; width=${width}; height=${height}`;
    return { method: 'POST', body: pixels, headers: { ...headers, 'Content-Type': type } };
  }

  const withJson = (content) => ({
    method: 'POST',
    body: JSON.stringify(content),
    headers: { 'Content-Type': 'application/json' },
  });

  /** The lines of an NDJSON body as they arrive; `stillThere` is called for whatever arrives. */
  async function* lines(body, stillThere) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value = '' } = await reader.read();
      stillThere();
      const parts = (rest + value).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) yield JSON.parse(part);
      if (done) return;
    }
  }

  async function readError(answer) {
    const isOurs = answer.headers.get('Content-Type')?.includes('json');
    return isOurs ? (await answer.json()).error : null;
  }

  function refusal(status, error) {
    if (status === 429 || status === 503) return new Trouble('helperBusy');
    const trouble = new Trouble('wentWrong');
    // The helper's own sentences are more exact than ours, though only in English.
    if (error?.message) trouble.message = [error.message, error.hint].filter(Boolean).join(' ');
    if (error?.code) trouble.key = error.code;
    return trouble;
  }

  // STAGE. Pictures of what is there, and layers of our own on top of it.

  const LAYER_GROUP = 'peekaboo';
  const CAMERA_PATIENCE_MS = 8000;
  const LARGEST_COSTUME_PX = 1024;
  /** Bounds, as the renderer wants them, that meet no others. */
  const NOWHERE = { left: NaN, right: NaN, bottom: NaN, top: NaN, snapToInt() {} };

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  /** A new canvas, known by its context. */
  function newContext(width, height) {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('This browser cannot draw.');
    return context;
  }

  /**
   * A drawable of our own over the whole stage, in front of all sprites even when one of them goes
   * to the front. Clicks pass through it.
   */
  class Layer {
    /**
     * @param {ScratchRenderer} renderer
     * @param {boolean} fine whether it shows text and lines, as sharp as the screen
     */
    constructor(renderer, fine) {
      const { _layerGroups: groups, _groupOrdering: order, _drawList: drawn } = renderer;
      if (!(LAYER_GROUP in groups)) {
        groups[LAYER_GROUP] = { groupIndex: order.length, drawListOffset: drawn.length };
        renderer._groupOrdering = [...order, LAYER_GROUP];
      }
      this.renderer = renderer;
      this.fine = fine;
      this.context = newContext(1, 1);
      this.id = renderer.createDrawable(LAYER_GROUP);
      this.skin = renderer.createBitmapSkin(this.context.canvas, 1, [0, 0]);
      renderer.updateDrawableSkinId(this.id, this.skin);
      // The renderer assigns its own test again and again.
      const never = { get: () => () => false, set: () => {} };
      Object.defineProperty(renderer._allDrawables[this.id], 'isTouching', never);
      this.hide();
    }

    /**
     * @param {(context: CanvasRenderingContext2D, width: number, height: number) => void} draw
     * @param {number} least pixels per stage unit of a fine layer; 2 also look well in full screen
     */
    paint(draw, least = 2) {
      const { context, renderer } = this;
      const [width, height] = renderer.getNativeSize();
      const onScreen = Math.ceil(renderer.canvas.width / width);
      const sharpness = this.fine ? Math.min(4, Math.max(least, onScreen)) : 1;
      Object.assign(context.canvas, { width: width * sharpness, height: height * sharpness });
      context.setTransform(sharpness, 0, 0, sharpness, 0, 0);
      draw(context, width, height);
      renderer.updateBitmapSkin(this.skin, context.canvas, sharpness, [width / 2, height / 2]);
      renderer.updateDrawableVisible(this.id, true);
      Scratch.vm.runtime.requestRedraw();
    }

    /** @param {number} ghost 0 to 100 */
    setGhost(ghost) {
      this.renderer.updateDrawableEffect(this.id, 'ghost', ghost);
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
      const { _allDrawables: drawables } = runtime.renderer;
      // So "touching color" passes them over; what is drawn does not depend on bounds.
      for (const id of this.overlays) drawables[id].getFastBounds = () => NOWHERE;
    }

    /** Width and height in stage units. */
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
      if (which === 'camera') return this.#camera(signal);
      if (which === 'sprite' && !target.isStage) return this.#costume(target);
      const { drawableID } = this.runtime.getTargetForStage();
      const chosen = (id) => (which === 'stage' ? !this.overlays.includes(id) : id === drawableID);
      return this.#centred(await this.#draw(chosen));
    }

    /** What is on the stage without covers. */
    uncovered() {
      return this.#draw((id) => ![...this.overlays, this.covers.id].includes(id));
    }

    /** @returns {Picture} */
    #centred({ width, height, data }) {
      const [across, down] = this.size;
      const place = { left: (across - width) / 2, top: (down - height) / 2, width, height };
      return { width, height, pixels: data, place };
    }

    /** Chosen drawables at one pixel per stage unit, whatever size the stage has on screen. */
    async #draw(chosen) {
      try {
        return this.#drawAside(chosen);
      } catch (error) {
        console.warn('Peekaboo takes an ordinary snapshot instead:', error);
        return this.#snapshot(chosen);
      }
    }

    #drawAside(chosen) {
      const { renderer } = this.runtime;
      const { gl } = renderer;
      const [width, height] = this.size;
      renderer._doExitDrawRegion();
      const texture = gl.createTexture();
      const buffer = gl.createFramebuffer();
      try {
        gl.bindTexture(gl.TEXTURE_2D, texture);
        gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
        gl.bindFramebuffer(gl.FRAMEBUFFER, buffer);
        const { FRAMEBUFFER, COLOR_ATTACHMENT0, TEXTURE_2D } = gl;
        gl.framebufferTexture2D(FRAMEBUFFER, COLOR_ATTACHMENT0, TEXTURE_2D, texture, 0);
        gl.viewport(0, 0, width, height);
        gl.clearColor(...renderer._backgroundColor4f);
        gl.clear(gl.COLOR_BUFFER_BIT);
        // Upside down, because pixels are read from the bottom up.
        const projection = renderer._projection.map((part, at) => (at % 4 === 1 ? -part : part));
        const size = { framebufferWidth: width, framebufferHeight: height };
        renderer._drawThese(renderer._drawList.filter(chosen), 'default', projection, size);
        const image = new ImageData(width, height);
        gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, image.data);
        return image;
      } finally {
        gl.bindFramebuffer(gl.FRAMEBUFFER, null);
        gl.deleteFramebuffer(buffer);
        gl.deleteTexture(texture);
      }
    }

    /** The same with a snapshot of what is on screen, scaled. */
    async #snapshot(chosen) {
      const { renderer } = this.runtime;
      const drawables = renderer._allDrawables;
      const others = renderer._drawList.filter((id) => !chosen(id) && drawables[id].getVisible());
      for (const id of others) renderer.updateDrawableVisible(id, false);
      const taken = new Promise((resolve) => renderer.requestSnapshot(resolve));
      renderer.draw();
      for (const id of others) renderer.updateDrawableVisible(id, true);
      return pixelsOf(await loadImage(await taken), ...this.size);
    }

    /**
     * The costume, turned or mirrored as it is on the stage, so that squares lie on what they hide.
     * @param {ScratchTarget} target
     */
    async #costume(target) {
      const costume = target.getCurrentCostume();
      if (!costume.asset) throw new Trouble('noCostume');
      const image = await loadImage(costume.asset.encodeDataURI());
      const turned = turnOf(target).translate(-costume.rotationCenterX, -costume.rotationCenterY);
      const quad = DOMQuad.fromRect({ width: image.naturalWidth, height: image.naturalHeight });
      const corners = [quad.p1, quad.p2, quad.p3, quad.p4].map((at) => turned.transformPoint(at));
      const bounds = new DOMQuad(...corners).getBounds();
      if (!bounds.width || !bounds.height) throw new Trouble('noCostume'); // nothing is on it
      const shrink = Math.min(1, LARGEST_COSTUME_PX / Math.max(bounds.width, bounds.height));
      const inPixels = (side) => Math.ceil(side * shrink - 1e-6);
      const [width, height] = [inPixels(bounds.width), inPixels(bounds.height)];
      const fit = new DOMMatrix().scale(width / bounds.width, height / bounds.height);
      const context = newContext(width, height);
      context.setTransform(fit.translate(-bounds.left, -bounds.top).multiply(turned));
      context.drawImage(image, 0, 0, image.naturalWidth, image.naturalHeight);
      const unit = target.size / 100 / (costume.bitmapResolution || 1);
      const left = this.size[0] / 2 + target.x + bounds.left * unit;
      const top = this.size[1] / 2 - target.y + bounds.top * unit;
      const place = { left, top, width: bounds.width * unit, height: bounds.height * unit };
      const pixels = context.getImageData(0, 0, width, height).data;
      return { width, height, pixels, place, sprite: target.id };
    }

    /** @param {AbortSignal} signal */
    async #camera(signal) {
      const { video } = this.runtime.ioDevices;
      const until = Date.now() + CAMERA_PATIENCE_MS;
      const look = () => video.getFrame({ format: 'image-data' });
      if (!look()) {
        const opened = video.enableVideo();
        if (!opened) throw new Trouble('noCamera');
        this.cameraIsOurs = true;
        opened.catch((error) => console.warn('Peekaboo got no camera:', error));
      }
      for (let frame = look(); ; frame = look()) {
        if (frame) return this.#centred(frame);
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

  /** @returns {Promise<HTMLImageElement>} */
  function loadImage(uri) {
    return new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = () => resolve(image);
      image.onerror = () => reject(new Trouble('noCostume'));
      image.src = uri;
    });
  }

  /** @param {ScratchTarget} sprite */
  function turnOf({ rotationStyle, direction }) {
    if (rotationStyle === 'all around') return new DOMMatrix().rotate(direction - 90);
    const mirrored = rotationStyle === 'left-right' && direction < 0;
    return new DOMMatrix().scale(mirrored ? -1 : 1, 1);
  }

  function pixelsOf(image, width, height) {
    const context = newContext(width, height);
    context.drawImage(image, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }

  // COVERS. They are part of the stage, so the classifier sees them.

  const SOLID = { black: '#000000', grey: '#808080', white: '#ffffff' };
  const BLUR_SHARE = 1 / 12;
  const NOISE_SEED = 20201118;

  class Covers {
    /** @param {Stage} stage */
    constructor(stage) {
      this.stage = stage;
      /** @type {Map<string, {box: Rectangle, fill: string | CanvasPattern}>} by where they are */
      this.list = new Map();
    }

    /**
     * @param {Rectangle} box on the stage
     * @param {string} cover as in MENUS
     */
    async add(box, cover) {
      const fill = SOLID[cover] ?? (await this.#mixed(cover));
      const place = JSON.stringify(box);
      this.list.delete(place); // Nothing is seen of what lies below; the newer one goes on top.
      this.list.set(place, { box, fill });
      this.stage.covers.paint((context) => {
        for (const { box, fill } of this.list.values()) fillBox(context, box, fill);
      });
    }

    clear() {
      this.list.clear();
      this.stage.covers.hide();
    }

    /** A cover that depends on what is on the stage (mean, blur) or on its size (noise). */
    async #mixed(cover) {
      if (cover === 'noise') return pattern(noise(...this.stage.size));
      const image = await this.stage.uncovered();
      return cover === 'mean' ? meanColour(image) : pattern(blurred(image));
    }
  }

  function fillBox(context, { left, top, width, height }, fill) {
    context.fillStyle = fill;
    context.fillRect(left, top, width, height);
  }

  /** @param {ImageData} image */
  function pattern(image) {
    const context = newContext(image.width, image.height);
    context.putImageData(image, 0, 0);
    return context.createPattern(context.canvas, 'no-repeat') ?? SOLID.grey;
  }

  function meanColour({ data }) {
    const sums = [0, 0, 0];
    for (let at = 0; at < data.length; at++) if (at % 4 < 3) sums[at % 4] += data[at];
    return `rgb(${sums.map((sum) => Math.round(sum / (data.length / 4))).join(' ')})`;
  }

  /** A strong blur, number for number as the helper's: Pillow's, three box blurs each way. */
  function blurred({ width, height, data }) {
    const variance = (Math.max(width, height) * BLUR_SHARE) ** 2 / 3;
    const whole = Math.floor((Math.sqrt(12 * variance + 1) - 1) / 2);
    const part =
      ((2 * whole + 1) * (whole * (whole + 1) - 3 * variance)) /
      (6 * (variance - (whole + 1) ** 2));
    const image = new ImageData(new Uint8ClampedArray(data), width, height);
    for (let turn = 0; turn < 6; turn++) {
      const [lines, length] = turn < 3 ? [height, width] : [width, height];
      const [step, next] = turn < 3 ? [4, 4 * width] : [4 * width, 4];
      for (let line = 0; line < lines; line++) {
        for (let colour = 0; colour < 3; colour++) {
          boxBlur(image.data, line * next + colour, step, length, whole, part);
        }
      }
    }
    return image;
  }

  /** Means over 2 · (whole + part) + 1 values of one line, in fixed point; its ends go on. */
  function boxBlur(data, start, step, length, whole, part) {
    const line = Array.from({ length }, (_, at) => data[start + at * step]);
    const value = (at) => line[Math.max(0, Math.min(length - 1, at))];
    const weight = Math.floor(2 ** 24 / (2 * (whole + part) + 1));
    const atEnds = Math.floor((2 ** 24 - (2 * whole + 1) * weight) / 2);
    let sum = 0;
    for (let at = -whole; at <= whole; at++) sum += value(at);
    for (let at = 0; at < length; at++) {
      const ends = value(at - whole - 1) + value(at + whole + 1);
      data[start + at * step] = Math.floor((sum * weight + ends * atEnds + 2 ** 23) / 2 ** 24);
      sum += value(at + whole + 1) - value(at - whole);
    }
  }

  /** The same colourful noise every time. */
  function noise(width, height) {
    const image = new ImageData(width, height);
    let state = NOISE_SEED;
    for (let at = 0; at < image.data.length; at++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      image.data[at] = at % 4 === 3 ? 255 : state >>> 24;
    }
    return image;
  }

  // SQUARES. The relevance, drawn over the stage; no part of any picture.

  const FRAME_MS = 1000 / 30;
  const FADE_MS = 400;
  const GLIDE_MS = 2 * FRAME_MS;
  const LIVE_MS = 1000;

  /**
   * The pixels of one square, split as the helper splits them.
   * @param {Grid} grid
   * @param {Square} square
   * @returns {Rectangle}
   */
  function boxOf({ rows, columns }, { row, column }, width, height) {
    const [left, right] = [column, column + 1].map((edge) => Math.floor((edge * width) / columns));
    const [top, bottom] = [row, row + 1].map((edge) => Math.floor((edge * height) / rows));
    return { left, top, width: right - left, height: bottom - top };
  }

  /**
   * @param {Rectangle} box in px of the picture
   * @param {Picture} picture
   * @returns {Rectangle} on the stage
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

  const placeOf = (grid, square, picture) =>
    onStage(boxOf(grid, square, picture.width, picture.height), picture);

  /** Every square of a measurement with its place on the stage and whether the model sees it. */
  function squaresOf({ relevance, picture }) {
    const unseen = new Set(relevance.unseen.map(String));
    return relevance.ghost.flatMap((line, row) =>
      line.map((ghost, column) => {
        const box = placeOf(relevance, { row, column }, picture);
        return { row, column, ghost, seen: !unseen.has(`${row},${column}`), box };
      })
    );
  }

  /** Black that lets through what is below it: nothing at a ghost effect of 0, all at 100. */
  const shade = (context, box, ghost) => fillBox(context, box, `rgb(0 0 0 / ${1 - ghost / 100})`);

  class Squares {
    /** @param {Stage} stage */
    constructor(stage) {
      this.stage = stage;
      this.turn = 0;
      this.shownAt = 0;
      /** @type {number[]} ghost effects on the stage at this moment; none while hidden */
      this.ghosts = [];
    }

    /**
     * Fade the squares from black to their ghost effects. Squares that were shown a moment ago
     * glide on from there, and faster, so that a live picture follows without flicker.
     * @param {Measurement} measurement
     */
    async show(measurement) {
      const turn = ++this.turn;
      const squares = squaresOf(measurement);
      const live = Date.now() - this.shownAt < LIVE_MS && this.ghosts.length === squares.length;
      const [from, duration] = live ? [this.ghosts, GLIDE_MS] : [squares.map(() => 0), FADE_MS];
      // What is painted anew in a moment may be coarser, which is faster.
      this.stage.notes.paint((context) => drawNotes(context, measurement), live ? 1 : 2);
      const start = Date.now() - (live ? FRAME_MS : 0);
      for (let progress = 0; progress < 1 && turn === this.turn; await pause(FRAME_MS)) {
        progress = Math.min(1, (Date.now() - start) / duration);
        const eased = progress * progress * (3 - 2 * progress);
        this.ghosts = squares.map(({ ghost }, at) => from[at] + (ghost - from[at]) * eased);
        this.stage.squares.paint((context) => {
          squares.forEach(({ seen, box }, at) => seen && shade(context, box, this.ghosts[at]));
        });
        this.stage.notes.setGhost(live ? 0 : 100 - 100 * eased);
        this.shownAt = Date.now();
      }
    }

    hide() {
      this.turn++;
      this.ghosts = [];
      this.stage.squares.hide();
      this.stage.notes.hide();
    }

    /** A sheet over the whole stage goes when there is another backdrop to see. */
    async untilBackdropChanges() {
      const { turn } = this;
      const backdrop = () => this.stage.runtime.getTargetForStage().getCurrentCostume();
      for (const first = backdrop(); turn === this.turn; await pause(FRAME_MS)) {
        if (backdrop() !== first) this.hide();
      }
    }

    /** While the first measurement runs: an outline around every square that is done. */
    hint(boxes) {
      if (this.ghosts.length > 0) return;
      this.stage.notes.setGhost(0);
      this.stage.notes.paint((context) => {
        for (const box of boxes) outline(context, box, Math.min(2, box.width / 20), '#ffffff', 1);
      });
    }
  }

  /**
   * The relevance of a square as people read it: percent points, or log-odds. Methods have units
   * of their own, often tiny: of theirs, percent of the square that matters most.
   */
  function relevanceAt(relevance, { row, column }) {
    if ('method' in relevance) {
      const largest = Math.max(...relevance.relevance.flat().map(Math.abs));
      return largest && (relevance.relevance[row][column] / largest) * 100;
    }
    return relevance.measure === 'confidence'
      ? relevance.confidence_drop[row][column] * 100
      : relevance.log_odds_drop[row][column];
  }

  /**
   * Everything about a measurement that can be read without colour or shade.
   * @param {CanvasRenderingContext2D} context
   * @param {Measurement} measurement
   */
  function drawNotes(context, measurement) {
    const { relevance, picture } = measurement;
    const squares = squaresOf(measurement);
    for (const square of squares.filter(({ seen }) => seen)) {
      Object.assign(context, { lineWidth: 0.5, strokeStyle: 'rgb(255 255 255 / 0.22)' });
      context.strokeRect(square.box.left, square.box.top, square.box.width, square.box.height);
      drawNumber(context, square.box, relevanceAt(relevance, square));
    }
    hatch(context, squares);
    const { seen, most_relevant: most } = relevance;
    if (seen.width < picture.width || seen.height < picture.height) {
      outline(context, onStage(seen, picture), 1, '#ffffff', 2, [9, 6]);
    }
    if (most) outline(context, squares[most.square - 1].box, 2, '#ffd43b', 3);
  }

  function drawNumber(context, box, number) {
    const size = Math.min(13, box.width / 3.4, box.height / 2);
    if (size < 8) return; // too small to be read
    const digits = Math.abs(number) >= 9.95 || Math.abs(number) < 0.05 ? 0 : 1;
    const text = number.toFixed(digits).replace(/^-0$/, '0').replace('-', '−');
    const [right, bottom] = [box.left + box.width - 5, box.top + box.height - 5];
    Object.assign(context, { font: `600 ${size}px ${FONT}`, textAlign: 'right' });
    Object.assign(context, { lineJoin: 'round', lineWidth: size / 3.5, strokeStyle: '#000000d9' });
    context.strokeText(text, right, bottom);
    context.fillStyle = text === '0' ? '#a9b4bf' : '#ffffff';
    context.fillText(text, right, bottom);
  }

  /** Grey stripes on the squares that the model never sees. */
  function hatch(context, squares) {
    const { width, height } = context.canvas;
    context.save();
    context.beginPath();
    const unseen = squares.filter(({ seen }) => !seen);
    for (const { box } of unseen) context.rect(box.left, box.top, box.width, box.height);
    context.clip();
    context.fillStyle = 'rgb(222 226 230 / 0.75)';
    context.fillRect(0, 0, width, height);
    Object.assign(context, { strokeStyle: 'rgb(73 80 87 / 0.55)', lineWidth: 2 });
    context.beginPath();
    for (let x = 0; x < width + height; x += 10) {
      context.moveTo(x, 0);
      context.lineTo(x - height, height);
    }
    context.stroke();
    context.restore();
  }

  /** A line with a dark edge, to be seen on every ground, `inset` inside of the box. */
  function outline(context, box, inset, colour, thickness, dashes = []) {
    const sides = [box.width, box.height].map((side) => side - 2 * inset);
    const draw = (strokeStyle, lineWidth) => {
      Object.assign(context, { strokeStyle, lineWidth });
      context.strokeRect(box.left + inset, box.top + inset, sides[0], sides[1]);
    };
    draw('rgb(0 0 0 / 0.55)', thickness + 2);
    context.setLineDash(dashes);
    draw(colour, thickness);
    context.setLineDash([]);
  }

  // BUBBLE. A sentence at the foot of the stage.

  const FONT = '"Helvetica Neue", Helvetica, Arial, sans-serif';
  const BUBBLE_MS = 9000;
  const PIECE =
    /[\u3000-\u9fff\uff00-\uffef][、。，：？！」』）ー]*|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/g;
  const [TEAL, INK, PAPER] = ['#0b7285', '#211d3b', '#ffffff'];

  // Peekaboo's logo: somebody peeks through a hole in a black square.
  const LOGO = `data:image/svg+xml,${encodeURIComponent(`
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="2 0 62 62" width="124" height="124">
      <rect x="2" y="12" width="50" height="50" rx="14" fill="${INK}"/>
      <clipPath id="hole"><rect x="10" y="20" width="34" height="34" rx="9"/></clipPath>
      <g clip-path="url(#hole)"><path d="M0 0h64v64H0z" fill="#ffc53d"/>
        <circle cx="27" cy="39" r="15.5" fill="#fff"/><circle cx="31.5" cy="34.5" r="8.8"
          fill="${INK}"/><circle cx="34.8" cy="31.2" r="2.9" fill="#fff"/></g>
      <rect x="47.5" y="5" width="11" height="11" rx="3.5" fill="#8f8bb0"/>
      <rect x="57" width="7" height="7" rx="2.4" fill="#c3c0d8"/>
    </svg>`)}`;
  const PORTRAIT = Object.assign(new Image(), { src: LOGO });

  class Bubble {
    /** @param {Stage} stage */
    constructor(stage) {
      this.stage = stage;
      this.timer = 0;
    }

    /** @param {string} text */
    say(text) {
      this.stage.bubble.paint((...sheet) => drawBubble(...sheet, text));
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.hide(), BUBBLE_MS);
    }

    hide() {
      this.stage.bubble.hide();
    }
  }

  function drawBubble(context, stageWidth, stageHeight, text) {
    const [lineHeight, padding, face, margin] = [20, 12, 44, 12];
    const rightToLeft = /[\u0590-\u08ff]/.test(text);
    Object.assign(context, { font: `15px ${FONT}`, direction: rightToLeft ? 'rtl' : 'ltr' });
    const written = wrap(context, text, stageWidth - 2 * margin - face - 3 * padding);
    const longest = Math.max(...written.map((line) => context.measureText(line).width));
    const width = longest + face + 3.5 * padding;
    const height = Math.max(face, written.length * lineHeight) + 1.5 * padding;
    const [left, top] = [(stageWidth - width) / 2, stageHeight - margin - height];
    Object.assign(context, { shadowColor: '#0000004d', shadowBlur: 18, shadowOffsetY: 6 });
    Object.assign(context, { fillStyle: PAPER, strokeStyle: TEAL, lineWidth: 3 });
    context.beginPath();
    context.roundRect(left, top, width, height, 16);
    context.fill();
    context.shadowColor = 'transparent';
    context.stroke();
    const faceLeft = rightToLeft ? left + width - padding - face : left + padding;
    const middle = top + height / 2;
    if (PORTRAIT.complete) context.drawImage(PORTRAIT, faceLeft, middle - face / 2, face, face);
    Object.assign(context, { fillStyle: INK, textBaseline: 'middle', textAlign: 'start' });
    const x = rightToLeft ? faceLeft - padding : faceLeft + face + padding;
    const firstLine = middle - ((written.length - 1) * lineHeight) / 2;
    written.forEach((line, index) => context.fillText(line, x, firstLine + index * lineHeight));
  }

  /**
   * Lines that fit; Japanese may break between any two characters but not before punctuation, and
   * what is longer than a line anywhere.
   */
  function wrap(context, text, room) {
    const written = [''];
    const fits = (line) => context.measureText(line.trimEnd()).width <= room;
    const pieces = (text.match(PIECE) ?? []).flatMap((one) => (fits(one) ? one : [...one]));
    for (const next of pieces) {
      const longer = written[written.length - 1] + next;
      if (fits(longer)) written[written.length - 1] = longer;
      else written.push(next);
    }
    return written.map((line) => line.trim()).filter(Boolean);
  }

  // TEACHING. The child's own classifier: its examples, its lessons, and the film of them.

  const LOOK_AT_LESSON_MS = 500;
  const [TILE_GAP, CAPTION] = [8, 18];
  const ofLabel = (label) => `?${new URLSearchParams({ label: String(label) })}`;

  class Teaching {
    #following = false;
    #busy = false;

    /**
     * @param {Backend} backend
     * @param {{onTaught: (model: string) => void, onWord: (text: string) => void}} listener
     */
    constructor(backend, listener) {
      this.backend = backend;
      this.listener = listener;
      this.percent = 0;
    }

    /** @param {Picture} picture */
    async add(picture, label) {
      const send = () => this.backend.mine(`/pictures${ofLabel(label)}`, withPicture(picture));
      try {
        await send();
      } catch (error) {
        const { key } = /** @type {Trouble} */ (error);
        if (key !== 'unknown_example_label') throw error;
        await this.backend.mine('/labels', withJson({ label: String(label) }));
        await send();
      }
    }

    async count(label) {
      const { labels } = await this.backend.mine();
      const tidy = String(label).normalize().trim().replace(/\s+/g, ' '); // as the helper keeps it
      return labels.find((one) => one.label === tidy)?.count ?? 0;
    }

    labels = async () => (await this.backend.mine()).labels.map(({ label }) => label).join(', ');

    /** They can be brought back on the page "Teach your own". */
    async forget(label) {
      if (!(await this.count(label))) return;
      await this.backend.mine(`/labels${ofLabel(label)}`, { method: 'DELETE' }, () => null);
    }

    /** Begin; `progress` and the listener hear how it goes on. */
    async teach() {
      await this.backend.mine('/training', withJson({ called: say('myName') }));
      [this.percent, this.#busy] = [0, true];
      this.#follow().catch(console.error);
    }

    /** @returns {Promise<string>} the id of what was taught last */
    async model() {
      const { model } = await this.backend.mine();
      if (!model) throw new Trouble('notTaught');
      return model;
    }

    /** From 0 to 100, also of a lesson that was begun on the page. */
    get progress() {
      this.#follow().catch(console.error);
      return this.percent;
    }

    async #follow() {
      if (this.#following) return;
      this.#following = true;
      try {
        for (let told = ''; ; await pause(LOOK_AT_LESSON_MS)) {
          const begun = this.#busy; // What is answered now may be older than a lesson begun since.
          const { training: job } = await this.backend.mine();
          if (!job) return await pause(LOOK_AT_LESSON_MS);
          this.percent = job.state === 'done' ? 100 : Math.floor((99 * job.epoch) / job.epochs);
          if (['queued', 'running'].includes(job.state)) {
            this.#busy = true;
            const word = say('learning', { SHARE: percents(this.percent / 100)[0] });
            if (word !== told) this.listener.onWord((told = word));
            continue;
          }
          if (begun) this.#busy = false;
          if (begun && job.state === 'done') this.listener.onTaught(job.model);
          if (begun && job.error) this.listener.onWord(`${job.error.message} ${job.error.hint}`);
          return await pause(LOOK_AT_LESSON_MS);
        }
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        await pause(LOOK_AT_LESSON_MS); // The helper is away for a moment: asked again.
      } finally {
        this.#following = false;
        if (this.#busy) this.#follow().catch(console.error);
      }
    }

    /** The pictures of the film with what was looked at after a lesson, counted from 1. */
    async frames(wanted) {
      const film = await this.backend.mine('/film').catch((error) => {
        throw error.key === 'never_taught' ? new Trouble('notTaught') : error;
      });
      const lesson = count(wanted, film.epochs.length);
      if (!lesson) throw new Trouble('noEpoch', { NAME: wanted, COUNT: film.epochs.length });
      const { frames } = film.epochs[lesson - 1];
      const looks = film.probes.map(async ({ url }, at) => {
        const image = await this.backend.pictureAt(url);
        return { image, ...frames[at] };
      });
      const unlessDeleted = (error) => {
        if (error.key !== 'unknown_picture') throw error;
      };
      const left = await Promise.all(looks.map((look) => look.catch(unlessDeleted)));
      return left.some(Boolean) ? left.filter(Boolean) : Promise.all(looks);
    }
  }

  /** Pictures of a film side by side, each under its squares, with what was said of it below. */
  function drawFrames(context, width, height, frames) {
    const across = frames.length > 1 ? 2 : 1;
    const down = Math.ceil(frames.length / across);
    Object.assign(context, { fillStyle: PAPER, textBaseline: 'middle', textAlign: 'center' });
    context.fillRect(0, 0, width, height);
    frames.forEach(({ image, ghost, top }, at) => {
      const tile = { width: width / across, height: height / down };
      const room = [tile.width - 2 * TILE_GAP, tile.height - 2 * TILE_GAP - CAPTION];
      const scale = Math.min(room[0] / image.width, room[1] / image.height);
      const size = { width: image.width * scale, height: image.height * scale };
      const middle = ((at % across) + 0.5) * tile.width;
      const edge = Math.floor(at / across) * tile.height + TILE_GAP;
      const place = { left: middle - size.width / 2, top: edge, ...size };
      context.drawImage(image, place.left, place.top, size.width, size.height);
      const picture = { width: image.width, height: image.height, place };
      const relevance = { rows: ghost.length, columns: ghost[0].length, ghost, unseen: [] };
      for (const { box, ghost } of squaresOf({ relevance, picture })) shade(context, box, ghost);
      Object.assign(context, { fillStyle: INK, font: `600 13px ${FONT}` });
      const said = `${top[0].label} ${percents(top[0].confidence)[0]}`;
      context.fillText(said, middle, place.top + size.height + CAPTION / 2 + 2, room[0]);
    });
  }

  // PEEKABOO. What the blocks remember and do.

  // What may be chosen, first what a new block shows.
  const MENUS = {
    picture: ['stage', 'backdrop', 'sprite', 'camera'],
    cover: ['black', 'grey', 'white', 'mean', 'blur', 'noise'],
    measure: ['auto', 'confidence', 'log_odds'],
    amplify: ['auto', '1', '2', '5', '10', '20'],
    switch: ['on', 'off'],
    method: [
      ...['grad_cam', 'smoothgrad', 'integrated_gradients', 'expected_gradients', 'xrai'],
      ...['shapley', 'smallest_peek', 'occlusion'],
    ],
  };
  /** Names that are the same in every language. */
  const METHOD_NAMES = {
    grad_cam: 'Grad-CAM',
    smoothgrad: 'SmoothGrad',
    integrated_gradients: 'Integrated Gradients',
    expected_gradients: 'Expected gradients',
    xrai: 'XRAI',
  };
  const WINNER = 'winner';
  const MINE_ID = 'mine';
  const LARGEST_SIDE = 64;
  const HINT_MS = 120;
  const [RETRY_MS, RATE_MS] = [1000, 2000];
  const FIRST_SETTINGS = { rows: 6, columns: 8, cover: 'black', measure: 'auto', amplify: 'auto' };

  class Peekaboo {
    /** @type {{stage: Stage, covers: Covers, squares: Squares, bubble: Bubble} | null} */
    #scene = null;
    /** @type {{ender: AbortController, done: Promise<void>} | null} */
    #measuring = null;
    /** @type {Set<AbortController>} */
    #underWay = new Set();
    /** @type {number[] | null} while relevance is shown live: when the last maps came */
    #live = null;
    /** @type {object | null} the lesson that was asked for last, if nothing was hidden since */
    #lesson = null;

    #modelName = '';

    /** @param {Backend} backend */
    constructor(backend) {
      this.backend = backend;
      /** @type {Grid & Record<string, any>} as the helper wants them */
      this.settings = { ...FIRST_SETTINGS };
      /** @type {Classification | null} */
      this.last = null;
      /** @type {Measurement | null} */
      this.measured = null;
      /** @type {Model[]} */
      this.models = [];
      this.defaultModel = 'parade';
      this.teaching = new Teaching(backend, {
        onTaught: (model) => this.#taught(model).catch(console.error),
        onWord: (text) => this.scene.bubble.say(text),
      });
    }

    /** What was taught is what answers from now on. */
    async #taught(model) {
      this.scene.bubble.say(say('learned'));
      await this.useModel(model);
      Scratch.vm.extensionManager.refreshBlocks('peekaboo');
      Scratch.vm.runtime.startHats('peekaboo_whenTaught');
    }

    addExample(which, label, target) {
      return this.#withPicture(which, target, (picture) => this.teaching.add(picture, label));
    }

    async showEpoch(wanted) {
      const lesson = (this.#lesson = {});
      const frames = await this.teaching.frames(wanted);
      if (this.#lesson !== lesson) return;
      this.hide();
      const { stage, squares } = this.scene;
      stage.squares.paint((...sheet) => drawFrames(...sheet, frames));
      squares.untilBackdropChanges().catch(console.error);
    }

    /** Our layers on the stage; the renderer is there when the first block runs, not before. */
    get scene() {
      if (!this.#scene) {
        const stage = new Stage(Scratch.vm.runtime);
        const [covers, squares] = [new Covers(stage), new Squares(stage)];
        this.#scene = { stage, covers, squares, bubble: new Bubble(stage) };
      }
      return this.#scene;
    }

    /** The stop sign, which also comes before every green flag. */
    stop() {
      for (const ender of this.#underWay) ender.abort();
      this.hide();
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

    /** Change settings. What was measured with others no longer holds. */
    set(settings) {
      const before = JSON.stringify(this.settings);
      Object.assign(this.settings, settings);
      if (JSON.stringify(this.settings) !== before) this.forget();
    }

    forget() {
      this.#measuring?.ender.abort();
      this.measured = null;
      this.#scene?.squares.hide();
    }

    get modelId() {
      return this.settings.model ?? this.defaultModel;
    }

    get labels() {
      return this.models.find(({ id }) => id === this.modelId)?.labels ?? [];
    }

    /** @returns {Promise<boolean>} whether anything is new */
    async refreshModels() {
      const before = JSON.stringify(this.models) + this.defaultModel;
      ({ models: this.models, default: this.defaultModel } = await this.backend.models());
      return before !== JSON.stringify(this.models) + this.defaultModel;
    }

    /** @param {unknown} wanted id or name, or the collection of these blocks: what it was taught */
    async useModel(wanted) {
      if (wanted === MINE_ID) return this.useModel(await this.teaching.model());
      await this.refreshModels();
      const successor = this.models.find(({ formerly }) => formerly?.includes(`${wanted}`));
      const model = successor ?? pick(this.models, wanted, ['name', 'id'], 'unknownModel');
      if (model.id !== this.modelId) {
        this.last = null;
        this.forget();
      }
      this.settings.model = model.id;
      this.#modelName = model.name;
    }

    /** Do something that the stop sign ends, with a picture; `which` as in the menu. */
    async #withPicture(which, target, work, ender = new AbortController()) {
      this.#underWay.add(ender);
      try {
        const chosen = oneOf('picture', which);
        const picture = await this.scene.stage.picture(chosen, target, ender.signal);
        return await work(picture, ender.signal);
      } catch (error) {
        // Deleted on another page: the helper knows only its id, a child its name.
        const { key } = /** @type {Trouble} */ (error);
        if (key === 'unknown_model') await this.useModel(this.#modelName);
        throw error;
      } finally {
        this.#underWay.delete(ender);
      }
    }

    /** @returns {Promise<Classification>} */
    async classify(which, target) {
      const model = this.settings.model ? { model: this.settings.model } : {};
      const ask = (picture, signal) => this.backend.classify(picture, model, signal);
      try {
        const answer = await this.#withPicture(which, target, ask);
        // Another script may have chosen another model meanwhile.
        if (this.settings.model === model.model) this.last = answer;
        return answer;
      } catch (error) {
        if (!(error instanceof Stopped)) this.last = null;
        throw error;
      }
    }

    fromLast(read) {
      if (!this.last) throw new Trouble('notClassified');
      return read(this.last);
    }

    setSquares(columns, rows) {
      const grid = { rows: count(rows, LARGEST_SIDE), columns: count(columns, LARGEST_SIDE) };
      if (!grid.rows || !grid.columns) throw new Trouble('badGrid', { LARGEST: LARGEST_SIDE });
      this.set(grid);
    }

    /** @returns {Square} the square with a number from 1 */
    square(wanted) {
      const { rows, columns } = this.settings;
      const number = count(wanted, rows * columns);
      if (!number) throw new Trouble('noSquare', { NAME: wanted, COUNT: rows * columns });
      return squareAt(number - 1, columns);
    }

    /** @returns {Square} the square in a row and column from 1 */
    area(wantedRow, wantedColumn) {
      const { rows, columns } = this.settings;
      const [row, column] = [count(wantedRow, rows), count(wantedColumn, columns)];
      if (!row || !column) throw new Trouble('noArea', { ROWS: rows, COLUMNS: columns });
      return { row: row - 1, column: column - 1 };
    }

    /** @param {Square} square */
    centreOf(square) {
      const [across, down] = this.scene.stage.size;
      const { left, top, width, height } = boxOf(this.settings, square, across, down);
      return { x: left + width / 2 - across / 2, y: down / 2 - top - height / 2 };
    }

    /** @param {Square} square */
    cover(square) {
      const { stage, covers } = this.scene;
      return covers.add(boxOf(this.settings, square, ...stage.size), this.settings.cover);
    }

    setAmplify(wanted) {
      const gain = Number(wanted);
      this.set({ amplify: gain > 0 && gain < Infinity ? String(gain) : oneOf('amplify', wanted) });
    }

    /** Measure every square; a newer measurement ends an older one. */
    measure(which, target, hints = true) {
      const sweep = (picture, signal) => this.#sweep(picture, signal, hints);
      return this.#alone(which, target, sweep);
    }

    /** @param {(picture: Picture, signal: AbortSignal) => Promise<Relevance | Explanation>} ask */
    async #alone(which, target, ask) {
      this.#measuring?.ender.abort();
      const ender = new AbortController();
      const work = async (picture, signal) => {
        const relevance = await ask(picture, signal).finally(() => this.scene.squares.hint([]));
        this.measured = { relevance, picture };
      };
      const measuring = { ender, done: this.#withPicture(which, target, work, ender) };
      this.#measuring = measuring;
      try {
        await measuring.done;
      } catch (error) {
        if (!(error instanceof Stopped)) this.forget();
        throw error;
      } finally {
        if (this.#measuring === measuring) this.#measuring = null;
      }
    }

    /**
     * @param {Picture} picture
     * @param {AbortSignal} signal
     * @param {boolean} hints whether to show how far it is
     */
    #sweep(picture, signal, hints) {
      const done = [];
      let hintedAt = Date.now();
      const onSquares = (fresh) => {
        done.push(...fresh.map((square) => placeOf(this.settings, square, picture)));
        if (Date.now() - hintedAt < HINT_MS) return;
        hintedAt = Date.now();
        this.scene.squares.hint(done);
      };
      return this.backend.relevance(picture, this.settings, signal, hints ? onSquares : null);
    }

    /** Ask a method how much each square speaks for a label, and show it as relevance is shown. */
    async explain(wantedMethod, which, wantedLabel, target) {
      const { rows, columns, model } = this.settings;
      const [method, label] = [oneOf('method', wantedMethod), this.#labelOf(wantedLabel)];
      const chosen = { ...(model && { model }), ...(label && { target: label }) };
      const settings = { method, rows, columns, ...chosen };
      const { squares } = this.scene;
      this.hide();
      await this.#alone(which, target, (picture, signal) => {
        const placeAt = (_, at) => placeOf(settings, this.square(at + 1), picture);
        const all = Array.from({ length: rows * columns }, placeAt);
        const onShare = (share) => squares.hint(all.slice(0, Math.floor(share * all.length)));
        return this.backend.explain(picture, settings, signal, onShare);
      });
      await this.show(target);
    }

    /** The label that is meant, or nothing for the winner; the helper knows whether there is one. */
    #labelOf(wanted) {
      if (this.labels.includes(String(wanted).trim())) return wanted;
      return [WINNER, say(WINNER)].includes(String(wanted).trim()) ? '' : wanted;
    }

    async show(target) {
      if (this.#live) return;
      if (!this.measured) await (this.#measuring?.done ?? this.measure('stage', target));
      if (!this.measured) return;
      const { relevance } = this.measured;
      if (!relevance.most_relevant) this.scene.bubble.say(sentence(relevance));
      await this.scene.squares.show(this.measured);
    }

    hide() {
      this.#live = this.#lesson = null;
      this.#scene?.squares.hide();
    }

    /** Squares go with the sprite that they lie on. */
    removed(target) {
      if (this.measured?.picture.sprite === target.id) this.hide();
    }

    /**
     * Measure what is on the stage, and as soon as the answer is there what is on it then, until
     * it is hidden. There is never more than one measurement: those of a block go first.
     * @param {boolean} wanted
     * @param {ScratchTarget} target
     */
    async keepShowing(wanted, target) {
      if (!wanted) this.hide();
      if (!wanted || this.#live) return;
      const { bubble, squares } = this.scene;
      const maps = (this.#live = /** @type {number[]} */ ([]));
      let told = '';
      const tell = (text) => {
        if (text !== told) text ? bubble.say(text) : bubble.hide();
        told = text;
      };
      for (let rest = pause(0); ;) {
        await rest;
        while (this.#measuring) await Promise.allSettled([this.#measuring.done]);
        if (this.#live !== maps) return;
        // So the project's own scripts have every other frame to themselves.
        rest = pause(2 * FRAME_MS);
        try {
          await this.measure('stage', target, false);
          if (this.#live !== maps || !this.measured) return;
          maps.push(performance.now());
          maps.splice(0, maps.findIndex(isRecent));
          squares.show(this.measured).catch(console.error);
          const { relevance } = this.measured;
          tell(relevance.most_relevant ? '' : sentence(relevance));
        } catch (error) {
          const { message } = explained(error);
          tell(message);
          if (message) rest = pause(RETRY_MS);
        }
      }
    }

    get mapsPerSecond() {
      return ((this.#live ?? []).filter(isRecent).length * 1000) / RATE_MS;
    }

    fromSquare(wanted, read) {
      const square = this.square(wanted);
      return this.fromMeasured((relevance) => twoDecimals(read(relevance, square)));
    }

    fromMeasured(read) {
      if (!this.measured) throw new Trouble('notMeasured');
      return read(this.measured.relevance);
    }
  }

  const isRecent = (time) => time > performance.now() - RATE_MS;

  /**
   * The first of `things` that one of its `keys` calls `wanted`, in the same letters if possible.
   * Throws the Trouble `otherwise`, with their names, if there is none.
   */
  function pick(things, wanted, keys, otherwise) {
    const exact = (text) => String(text).trim();
    const small = (text) => exact(text).toLowerCase();
    const find = (as) => things.find((thing) => keys.some((key) => as(thing[key]) === as(wanted)));
    const found = find(exact) ?? find(small);
    if (found) return found;
    const names = things.map((thing) => thing[keys[0]]).join(', ');
    throw new Trouble(otherwise, { NAME: wanted, NAMES: names });
  }

  const wordFor = (value) => METHOD_NAMES[value] ?? (value in WORDS.en ? say(value) : value);

  function menu(values) {
    const items = values.map((value) => ({ value, text: wordFor(value) }));
    return { acceptReporters: true, items };
  }

  /** A value of a menu, which may also come from a reporter or be written as the menu shows it. */
  function oneOf(name, wanted) {
    return pick(menu(MENUS[name]).items, wanted, ['value', 'text'], 'unknownChoice').value;
  }

  /** @returns {Square} */
  const squareAt = (at, across) => ({ row: Math.floor(at / across), column: at % across });

  /** A whole number from 1 to `largest`; 0 if it is none. */
  function count(value, largest) {
    const number = Number(value);
    return Number.isInteger(number) && number >= 1 && number <= largest ? number : 0;
  }

  /**
   * What happened, in words: the helper's own in English, otherwise the same in translation.
   * @param {Relevance | Explanation} relevance
   */
  function sentence(relevance) {
    if ('method' in relevance) return pointing(relevance);
    if (language() === 'en') return relevance.sentence;
    const { target: TARGET, before, confidence, measure, most_relevant: most } = relevance;
    const [BEFORE] = percents(before.confidence);
    const drops = relevance.confidence_drop.flat();
    const least = Math.min(...drops);
    if (!most && least > -0.01) return `${say('flat')} ${say('stuck', { TARGET, BEFORE })}`;
    const at = most ?? squareAt(drops.indexOf(least), relevance.columns);
    const place = { ROW: at.row + 1, COLUMN: at.column + 1 };
    if (most && (measure === 'log_odds' ? relevance.saturated : Math.max(...drops) < 0.01)) {
      const [[LOWEST], [full]] = [percents(Math.min(...confidence.flat())), percents(1)];
      const stayed = LOWEST === full ? 'stuck' : 'stayed';
      const start = before.confidence < 0.5 ? 'unsure' : stayed;
      return `${say(start, { TARGET, BEFORE, LOWEST })} ${say('shook', place)}`;
    }
    const [from, AFTER] = percents(before.confidence, confidence[at.row][at.column]);
    const it = say(most ? 'dropped' : 'raised', { ...place, TARGET, BEFORE: from, AFTER });
    const LABEL = relevance.label[at.row][at.column];
    return LABEL === TARGET || before.label !== TARGET ? it : `${it} ${say('thenSaid', { LABEL })}`;
  }

  /** @param {Explanation} found */
  function pointing({ method, target: TARGET, most_relevant: at }) {
    const METHOD = wordFor(method);
    if (!at) return say('pointedNowhere', { METHOD, TARGET });
    return say('pointed', { METHOD, TARGET, ROW: at.row + 1, COLUMN: at.column + 1 });
  }

  // BLOCKS. One entry each; the text is the one of the same name in WORDS.

  const { COMMAND, REPORTER, BOOLEAN, EVENT } = Scratch.BlockType;
  const { STRING, NUMBER } = Scratch.ArgumentType;
  const number = (defaultValue) => ({ type: NUMBER, defaultValue });
  const choice = (menu) => ({ type: STRING, menu, defaultValue: MENUS[menu]?.[0] });
  const PICTURE = choice('picture');
  const SQUARE = number(1);
  const THING = { type: STRING };
  const percent = (share) => twoDecimals(share * 100);

  /**
   * A block: opcode, type, arguments (the ones of dynamic menus get their first values later) and
   * what it does, with its arguments and the sprite that it belongs to.
   * @typedef {(app: Peekaboo, args: any, target: ScratchTarget) => unknown} Run
   * @typedef {[string, string, Record<string, object>, Run]} Block
   * @type {(Block | '---')[]}
   */
  // prettier-ignore
  const BLOCKS = [
    ['useModel', COMMAND, { MODEL: choice('model') }, (app, { MODEL }) => app.useModel(MODEL)],
    '---',
    ['classify', COMMAND, { PICTURE }, (app, { PICTURE }, target) => app.classify(PICTURE, target)],
    ['label', REPORTER, {}, (app) => app.fromLast(({ label }) => label)],
    ['confidence', REPORTER, {}, (app) => app.fromLast(({ confidence }) => percent(confidence))],
    ['confidenceOf', REPORTER, { LABEL: choice('label') },
      (app, { LABEL }) => app.fromLast(({ predictions }) =>
        percent(pick(predictions, LABEL, ['label'], 'unknownLabel').confidence))],
    ['classifyLabel', REPORTER, { PICTURE },
      async (app, { PICTURE }, target) => (await app.classify(PICTURE, target)).label],
    ['classifyConfidence', REPORTER, { PICTURE },
      async (app, args, target) => percent((await app.classify(args.PICTURE, target)).confidence)],
    '---',
    ['setSquares', COMMAND,
      { COLUMNS: number(FIRST_SETTINGS.columns), ROWS: number(FIRST_SETTINGS.rows) },
      (app, { COLUMNS, ROWS }) => app.setSquares(COLUMNS, ROWS)],
    ['setCover', COMMAND, { COVER: choice('cover') },
      (app, { COVER }) => app.set({ cover: oneOf('cover', COVER) })],
    ['coverArea', COMMAND, { ROW: number(2), COLUMN: number(3) },
      (app, { ROW, COLUMN }) => app.cover(app.area(ROW, COLUMN))],
    ['coverSquare', COMMAND, { SQUARE }, (app, { SQUARE }) => app.cover(app.square(SQUARE))],
    ['uncover', COMMAND, {}, (app) => app.scene.covers.clear()],
    ['numberOfSquares', REPORTER, {}, ({ settings }) => settings.rows * settings.columns],
    ['xOfSquare', REPORTER, { SQUARE }, (app, { SQUARE }) => app.centreOf(app.square(SQUARE)).x],
    ['yOfSquare', REPORTER, { SQUARE }, (app, { SQUARE }) => app.centreOf(app.square(SQUARE)).y],
    '---',
    ['measureRelevance', COMMAND, { PICTURE },
      (app, { PICTURE }, target) => app.measure(PICTURE, target)],
    ['showRelevance', COMMAND, {}, (app, _, target) => app.show(target)],
    ['hideRelevance', COMMAND, {}, (app) => app.hide()],
    ['keepShowing', COMMAND, { ON: choice('switch') },
      (app, { ON }, target) => void app.keepShowing(oneOf('switch', ON) === 'on', target)],
    ['mapsPerSecond', REPORTER, {}, (app) => app.mapsPerSecond],
    ['showExplanation', COMMAND, { METHOD: choice('method'), PICTURE, LABEL: choice('target') },
      (app, { METHOD, PICTURE, LABEL }, target) => app.explain(METHOD, PICTURE, LABEL, target)],
    ['relevanceOfSquare', REPORTER, { SQUARE },
      (app, { SQUARE }) => app.fromSquare(SQUARE, relevanceAt)],
    ['ghostOfSquare', REPORTER, { SQUARE },
      (app, { SQUARE }) => app.fromSquare(SQUARE, ({ ghost }, at) => ghost[at.row][at.column])],
    ['mostRelevantSquare', REPORTER, {},
      (app) => app.fromMeasured((found) => found.most_relevant?.square ?? say('none'))],
    ['anySquareMattered', BOOLEAN, {},
      (app) => app.fromMeasured(({ verdict }) => verdict === 'found')],
    ['relevanceSentence', REPORTER, {}, (app) => app.fromMeasured(sentence)],
    '---',
    ['setMeasure', COMMAND, { MEASURE: choice('measure') },
      (app, { MEASURE }) => app.set({ measure: oneOf('measure', MEASURE) })],
    ['setAmplify', COMMAND, { AMPLIFY: choice('amplify') },
      (app, { AMPLIFY }) => app.setAmplify(AMPLIFY)],
    '---',
    ['addExample', COMMAND, { PICTURE, LABEL: THING },
      (app, { PICTURE, LABEL }, target) => app.addExample(PICTURE, LABEL, target)],
    ['numberOfExamples', REPORTER, { LABEL: THING }, (app, { LABEL }) => app.teaching.count(LABEL)],
    ['exampleLabels', REPORTER, {}, (app) => app.teaching.labels()],
    ['teach', COMMAND, {}, (app) => app.teaching.teach()],
    ['teachingProgress', REPORTER, {}, (app) => app.teaching.progress],
    ['whenTaught', EVENT, {}, () => {}],
    ['showEpoch', COMMAND, { EPOCH: number(1) }, (app, { EPOCH }) => app.showEpoch(EPOCH)],
    ['forgetExamples', COMMAND, { LABEL: THING }, (app, { LABEL }) => app.teaching.forget(LABEL)],
  ];

  // REGISTER. The blocks as Scratch wants them, and what the green flag and the stop sign mean.

  const LOOK_AGAIN_MS = 5000;

  class Extension {
    /** @param {Peekaboo} app */
    constructor(app) {
      this.app = app;
      this.lookAgain = 0;
      for (const block of BLOCKS) {
        if (block !== '---' && block[1] !== EVENT)
          this[block[0]] = (args, util) => this.#run(block, args, util);
      }
    }

    getInfo() {
      const asked = (name) => [name, { acceptReporters: true, items: `${name}Menu` }];
      const menus = Object.entries(MENUS).map(([name, values]) => [name, menu(values)]);
      return {
        id: 'peekaboo',
        name: 'Peekaboo',
        color1: TEAL,
        color2: '#0a6070',
        color3: '#084c59',
        blockIconURI: LOGO,
        blocks: BLOCKS.map((block) => (block === '---' ? block : this.#infoOf(block))),
        menus: Object.fromEntries([...menus, ...['model', 'label', 'target'].map(asked)]),
      };
    }

    /** @param {Block} block */
    #infoOf([opcode, blockType, args]) {
      const { modelId, labels } = this.app;
      const first = { model: modelId, label: labels[0] ?? '', target: WINNER, none: say('thing') };
      const fill = ([name, argument]) => {
        const defaultValue = argument.defaultValue ?? first[argument.menu ?? 'none'];
        return [name, { ...argument, defaultValue }];
      };
      const filled = Object.fromEntries(Object.entries(args).map(fill));
      const isEdgeActivated = false; // Only hats ask: ours is started, not looked at again and again.
      return { opcode, blockType, text: say(opcode), arguments: filled, isEdgeActivated };
    }

    modelMenu() {
      this.lookForModels();
      const { models, modelId } = this.app;
      if (models.length === 0) return [{ text: modelId, value: modelId }];
      // It stays the same when the classifier is taught again: projects can rely on it.
      const mine = { text: say(MINE_ID), value: MINE_ID };
      return [...models.map(({ name, id }) => ({ text: name, value: id })), mine];
    }

    labelMenu() {
      const { labels } = this.app;
      return labels.length > 0 ? labels : [{ text: say('noLabels'), value: '' }];
    }

    targetMenu() {
      return [{ text: say(WINNER), value: WINNER }, ...this.app.labels];
    }

    /** Fill the menus, now or as soon as the helper is there. */
    lookForModels() {
      this.app
        .refreshModels()
        .then((isNew) => isNew && Scratch.vm.extensionManager.refreshBlocks('peekaboo'))
        .catch((error) => {
          if (!(error instanceof Trouble)) console.error(error);
          if (this.app.models.length > 0) return;
          clearTimeout(this.lookAgain);
          this.lookAgain = setTimeout(() => this.lookForModels(), LOOK_AGAIN_MS);
        });
    }

    #run([, type, , run], args, { target, thread }) {
      // On show on the stage, where its answer is to be read; then it is run anew.
      const onShow = thread?.updateMonitor;
      const answer = (value) => (type === COMMAND ? undefined : value);
      const excuse = (error) => this.#explain(error, type, onShow);
      try {
        const result = run(this.app, args, target);
        if (!(result instanceof Promise)) return answer(result);
        const rest = onShow && pause(LOOK_AT_LESSON_MS);
        return result.then(answer, excuse).finally(() => rest);
      } catch (error) {
        return excuse(error);
      }
    }

    /**
     * Say on the stage why a block did not work, and give a reporter the sentence as its answer:
     * a number could be taken for a measured one. Where that is to be read anyway, it is enough.
     */
    #explain(error, type, onShow) {
      const { key, message } = /** @type {Trouble} */ (explained(error));
      const early = ['notClassified', 'notMeasured'].includes(key) && type === REPORTER;
      if (message && !early && !onShow) this.app.scene.bubble.say(message);
      return { [COMMAND]: undefined, [BOOLEAN]: false, [REPORTER]: message }[type];
    }
  }

  // Peekaboo's own pages say that the helper is where they come from; elsewhere it is here.
  const ownPage = document.querySelector('meta[name="peekaboo-server"]');
  const app = new Peekaboo(new Backend(ownPage ? location.origin : 'http://localhost:8000'));
  const extension = new Extension(app);
  const { runtime } = Scratch.vm;
  runtime.on('PROJECT_STOP_ALL', () => app.stop());
  runtime.on('PROJECT_START', () => app.startAfresh());
  runtime.on('RUNTIME_DISPOSED', () => app.reset());
  runtime.on('targetWasRemoved', (target) => app.removed(target));
  window.addEventListener('focus', () => extension.lookForModels());
  Scratch.extensions.register(extension);
  extension.lookForModels();
})(Scratch);
