# Tableaux de respect des engagements, à l’entrée et à la sortie.
scores-title = Notes d’un tiers
scores-lead = Un tableau portant -1, 0 ou +1 par membre et par engagement, tel que le publie le Groupe de recherche sur le G7. Chaque note entre comme appréciation de qui l’a donnée, avec sa source ; elle reste interne, et aucune n’est jamais additionnée. Le tableau est d’abord examiné.
scores-file = Tableau (CSV)
scores-file-hint = Une colonne par membre, ou une ligne par note avec les colonnes commitment, member, score et text. Les moyennes sont laissées de côté.
scores-coder = Qui a noté
scores-coder-hint = Par exemple : Groupe de recherche sur le G7. Les participants parlent pour eux-mêmes.
scores-period = Période
scores-url = Adresse de la source
scores-no-file = Choisissez un fichier.
scores-no-text = Le fichier n’est pas du texte en UTF-8.
scores-quote = Une cellule ouverte par un guillemet à la ligne { $line } ne se referme pas.
scores-head = La première ligne ne nomme aucun membre et n’a pas de colonnes « member » et « score ».
scores-empty = Il n’y a aucune note dans le fichier.
scores-large = Le fichier porte plus de 1 000 notes ; apportez-le en plusieurs parties.
scores-tried = Ce que deviendrait chaque note
scores-told = À reprendre : { $new } ; fautives : { $bad }
scores-take = { $n ->
    [one] Reprendre { $n } note
   *[other] Reprendre { $n } notes
  }
scores-taken = { $n ->
    [one] { $n } note est reprise ; elle reste interne.
   *[other] { $n } notes sont reprises ; elles restent internes.
  }
scores-left-out = Laissé de côté, les notes n’étant jamais mises en moyenne : { $names }
scores-blank = { $n ->
    [one] { $n } cellule est sans note.
   *[other] { $n } cellules sont sans note.
  }
scores-all-or-nothing = Rien n’est repris tant qu’une ligne est fautive. Corrigez le fichier et apportez-le de nouveau.
scores-again = Apporter un autre tableau
scores-new = nouvelle
scores-changed = version suivante
scores-known = déjà là
scores-bad = fautive
scores-before = Auparavant : { $score }
scores-line = ligne { $line }
scores-wrong-score = La note n’est ni -1, ni 0, ni +1.
scores-wrong-member = Aucun État ni aucune organisation ne porte ce nom.
scores-wrong-commitment = Cette série n’a pas d’engagement en ces termes.
scores-wrong-several = Plusieurs engagements de cette série commencent ainsi.
scores-wrong-not-of-them = Ce membre n’est pas de ceux qui se sont engagés.
scores-wrong-participant = Qui a noté est un participant ; ce qu’il dit vient de son propre nœud.
scores-wrong-twice = Une autre ligne note le même membre sur le même engagement.
scores-wrong-address = L’adresse ne commence pas par https://.
scores-way = Notes d’un tiers
scores-out = Notes en CSV
