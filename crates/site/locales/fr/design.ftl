# La page des éléments.
design-title = Éléments
design-lead = Tous les éléments dont les pages sont faites, avec un contenu inventé. Cette page n’est visible que si l’exploitant l’a ouverte.
design-form = Un formulaire long
design-form-lead = Rien n’est fait de votre envoi. Votre saisie est conservée jusqu’à l’envoi ou à sa suppression.
design-table = Un tableau
design-table-lead = Soixante lignes inventées, à affiner, à trier, à emporter.
design-send = Proposer à Valmora et Kestria
design-sent = La proposition est faite, à personne : c’est la page des éléments.
design-add = Ajouter une ligne
design-valmora = Valmora
design-kestria = Kestria
design-belmark = Belmark
design-field-title = Titre
design-hint-title = Tel que les parties le diraient entre elles.
design-field-text = Texte
design-field-due = Échéance
design-field-state = Où cela en est
design-state-planned = prévu
design-state-begun = commencé
design-state-done = accompli
design-means-planned = Une date a été convenue.
design-means-begun = Une partie au moins a fait quelque chose.
design-means-done = Les deux parties le disent.
design-field-sides = Parties
design-field-host = Hôte
design-field-agreed = L’autre partie a vu ce texte
design-field-pages = Mots
design-field-label = Marquage
design-no-side = Choisissez au moins une partie.
design-row = Document n° { $n }
design-rows = Documents
design-count = { $n ->
    [one] { $n } document
   *[other] { $n } documents
  }
design-before = Échéance avant le
design-number = Numéro
design-by-side = par { $value }
design-by-before = à échéance avant le { $value }
design-by-number = dont le numéro contient { $value }
design-nothing = Ici figurent les documents que les parties ont échangés.
design-sign-0 = confirmé
design-sign-1 = en attente de décision
design-sign-2 = sceau rompu
design-sign-3 = retiré

design-figures = Figures
design-figures-lead = Tracées par le nœud, chacune avec le même contenu en tableau.
design-timeline = Du premier dialogue à ce qui est attendu
design-chart = Documents selon leur avancement
design-graph = Ce à quoi le troisième dialogue est lié
design-map = Où sont les parties
design-map-off = La même, cartes désactivées
design-event-first = Premier dialogue
design-event-second = Deuxième dialogue
design-event-text = Déclaration conjointe
design-event-third = Troisième dialogue
design-event-due = Point de contact attendu
design-how-with = participe
design-how-from = provient de
design-record = Une chose
design-record-lead = Les faits, les versions et ce qui a changé, ce que l’on en a dit : sur une page, sans onglets.
design-text-was = Les deux parties désigneront un point de contact d’ici à mai 2026 et se réuniront une fois par an.
design-text-is = Les deux parties désigneront un point de contact de permanence d’ici au 30 juin 2027, et se réuniront une fois par an.
design-says-one = Nous désignerions un service plutôt qu’une personne.
design-says-other = Un service, avec une personne de permanence à toute heure.
design-agrees = d’accord
design-linked = Lié à
design-steps = Étapes
design-steps-lead = Ce qui demande plus d’une étape, et ce qui figure là où il n’y a encore rien.
design-second = Publication d’un document
design-second-told = Tout le monde le verra, sans se connecter. La publication peut être annulée jusqu’à la fin du délai.
design-asked-by = Demandée par
design-asked-on = Demandée le
design-agree = Accepter la publication
design-refuse = Refuser
design-progress = Un travail qui prend du temps
design-work = Lecture d’un fichier de 16 208 objets
design-stop = Arrêter : ce qui est admis le reste
design-file = Un fichier
design-file-hint = Il est d’abord essayé : vous voyez ce que deviendrait chacun de ses éléments avant que rien ne soit pris.
design-would-add = serait ajouté
design-bytes = { $n ->
    [one] { $n } octet
   *[other] { $n } octets
  }
design-tried = { $n ->
    [one] { $n } fichier essayé ; rien n’a été pris.
   *[other] { $n } fichiers essayés ; rien n’a été pris.
  }
design-take = Verser
design-empty = Encore rien
