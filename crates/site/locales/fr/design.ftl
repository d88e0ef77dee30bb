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
