# Plusieurs textes à la fois : apportés, examinés, lus par le nœud.
intake-title = Lire plusieurs textes
dialogues-begin = Verser les premiers textes : déposez les fichiers à lire
intake-lead = Déposez ici des fichiers ou un dossier, ou choisissez-les. Le nœud les examine d’abord et dit ce qu’il a trouvé dans chacun ; rien n’est conservé pour le registre avant votre décision, et chaque texte attend ensuite une personne, comme tout autre.
intake-files = Fichiers
intake-files-hint = Texte, pages web, PDF avec couche de texte et DOCX, en français ou en anglais. On peut en choisir plusieurs à la fois.
intake-folder = Un dossier
intake-folder-hint = Avec tout son contenu, si votre navigateur permet de choisir un dossier.
intake-bring = Examiner les fichiers
intake-none = Choisissez des fichiers ou un dossier.
intake-portions = Fichiers arrivés : { $n } sur { $all }
intake-one = Fichiers apportés
intake-told = { $n ->
    [one] { $n } fichier, apporté le { $date }
   *[other] { $n } fichiers, apportés le { $date }
  }
intake-bringing = Les fichiers arrivent
intake-trying = Le nœud examine chaque fichier
intake-taking = Le nœud lit les textes
intake-stop = Arrêter pour le moment
intake-go-on = Reprendre
intake-try = Continuer avec les fichiers arrivés
intake-look = Voir ce qui a été trouvé
intake-trial = Ce qu’il adviendrait de chacun
intake-take = { $n ->
    [one] Lire ce texte
   *[other] Lire ces { $n } textes
  }
intake-say-new = { $n ->
    [one] { $n } texte serait lu
   *[other] { $n } textes seraient lus
  }
intake-say-taken = { $n ->
    [one] { $n } texte est lu et attend une personne
   *[other] { $n } textes sont lus et attendent une personne
  }
intake-say-known = { $n ->
    [one] { $n } texte est déjà connu
   *[other] { $n } textes sont déjà connus
  }
intake-say-failed = { $n ->
    [one] { $n } fichier n’a pu être lu
   *[other] { $n } fichiers n’ont pu être lus
  }
intake-waiting = Pas encore examiné
intake-new = Nouveau
intake-found = { $n ->
    [one] « { $title } », { $language }, { $n } énoncé
   *[other] « { $title } », { $language }, { $n } énoncés
  }
intake-known = Déjà connu
intake-known-why = Le même fichier, ou les mêmes mots sous une autre présentation, a déjà été lu.
intake-twice-why = Les mêmes mots figurent dans { $file }.
intake-taken = Lu
intake-taken-head = Lus, en attente d’une personne
intake-failed = N’ont pu être lus
intake-failed-language = Ni en français ni en anglais.
intake-failed-empty = Il ne contient aucun texte. Un document numérisé doit d’abord passer par la reconnaissance de caractères.
intake-failed-large = Il est plus long qu’une déclaration ne peut l’être, ou son ouverture prend trop de temps.
intake-failed-damaged = Le fichier est endommagé, protégé, ou d’un type qui n’est pas lu.
intake-failed-above = Il porte une mention de classification que ce nœud n’a pas le droit de détenir. Rien n’en a été conservé.
intake-throw-away = Supprimer ces fichiers
intake-throw-hint = Les fichiers que le nœud conserve encore sont effacés. Ce qui en a été lu demeure.
intake-thrown-away = Les fichiers sont effacés.
intake-list = Fichiers apportés ensemble
intake-line = { $n ->
    [one] { $n } fichier du { $date }
   *[other] { $n } fichiers du { $date }
  }
intake-phase-bringing = en cours d’arrivée
intake-phase-trying = en cours d’examen
intake-phase-tried = examinés ; à vous de décider
intake-phase-taking = en cours de lecture
intake-phase-taken = lus
intake-phase-stopped = arrêtés pour le moment
intake-english = anglais
intake-french = français
dialogues-phrase-stage = dont l’état est : { $value }
intake-macros = Le fichier contient des macros. Elles n’ont été ni lues ni exécutées.
