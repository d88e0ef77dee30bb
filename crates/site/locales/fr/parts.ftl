# Figures, historiques, commentaires, étapes.
figure-twin = La même chose en tableau
figure-events = { $n ->
    [one] { $n } événement, du plus ancien au plus récent.
   *[other] { $n } événements, du plus ancien au plus récent.
  }
figure-bars = { $n ->
    [one] { $n } barre, avec son nombre à côté.
   *[other] { $n } barres, chacune avec son nombre à côté.
  }
figure-links = { $n } éléments et { $m } liens entre eux.
figure-beyond = { $n } sur { $all } sont tracés ; le tableau contient tous les liens.
figure-places = { $n ->
    [one] { $n } lieu sur une grille de degrés.
   *[other] { $n } lieux sur une grille de degrés.
  }
figure-borders = Les frontières, noms et désignations n’impliquent ni reconnaissance ni acceptation officielle.
figure-day = Date
figure-what = Objet
figure-from = De
figure-how = Lien
figure-to = Vers
figure-place = Lieu
figure-north = Degrés nord
figure-east = Degrés est
history-title = Versions
history-read = La lire
history-first = Première version.
history-same = Aucun texte n’a changé.
comments-title = Commentaires
comments-by = { $person }, { $organ }
comments-none = Personne n’en a encore rien dit.
progress-of = { $n } sur { $all }
progress-so-far = { $n } jusqu’ici
progress-since = depuis le { $date }
progress-leave = Vous pouvez quitter cette page et y revenir.
progress-again = Regarder à nouveau
trial-try = Examiner
trial-what = Élément
trial-becomes = Deviendrait
trial-why = Motif
permalink-name = Son adresse
permalink-copy = Copier
permalink-copied = Copié
