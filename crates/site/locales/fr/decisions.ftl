# Ce qui attend une décision, la quarantaine, les publications.
awaiting-title = En attente d’une décision
awaiting-lead = Bien formé, mais pas admis. Le contenu n’est pas affiché : rien n’a encore décidé qui peut le voir. Admettre n’assouplit rien : le marquage reste celui de l’auteur et du chemin suivi.
awaiting-none = Rien n’attend de décision.
awaiting-object = Pièce
awaiting-decision = Décision
awaiting-admit = Admettre
awaiting-discard = Écarter
awaiting-admit-one = Admettre le n° { $n }
awaiting-discard-one = Écarter le n° { $n }
awaiting-admitted = Pièce admise. La décision est au journal.
awaiting-discarded = Pièce écartée. La décision est au journal.
awaiting-gone-title = Il n’y a plus rien à décider
awaiting-gone-text = Quelqu’un d’autre a déjà décidé, ou la pièce ne peut être admise même par décision. Rien n’a été modifié.
awaits-future-version = sa version est datée de plus de 24 heures dans l’avenir
awaits-seal-missing = son auteur scelle ce qu’il écrit, et cette copie ne porte pas son sceau
awaits-seal-broken = le sceau ne correspond pas au contenu
awaits-in-our-name = elle parle au nom de ce nœud et n’en vient pas
awaits-authors-object = l’objet est d’un autre auteur, qui seul peut le réviser
awaits-other-channel = les versions antérieures sont venues par une autre voie, et aucune clé ne dit qui peut les réviser
awaits-loosened = le marquage a été assoupli en chemin
awaits-quota = le partenaire a apporté plus que ce qu’il peut apporter en un jour
quarantine-title = Quarantaine
quarantine-lead = Ce qui est arrivé mal formé est gardé ici : le motif, l’empreinte et les 4 premiers Kio.
quarantine-none = La quarantaine est vide.
quarantine-size = Octets
quarantine-hash = SHA-256
quarantine-discarded = Objet écarté.
publications-title = Publications
publications-none = Aucune publication en instance.
publications-records = Pièces
publications-what = Quoi
publications-by = Demandée par
publications-at = Demandée le
publications-stands = Où elle en est
publications-second = accord d’une seconde personne attendu
publications-delay = accord donné : { $name } ; pas avant le { $date }
publications-agree = Donner son accord
publications-stop = Arrêter
publications-agreed = Accord donné. Le délai court ; jusqu’à son terme, la publication peut être arrêtée.
publications-stopped = Publication arrêtée. Rien n’a été publié ; les pièces restent où elles sont.
publications-person-title = Seule une personne peut donner son accord
publications-person-text = Votre connexion n’est au nom de personne. Connectez-vous en votre nom.
publications-refused-title = Cela n’est pas possible
publications-refused-text = Qui demande une publication ne peut pas l’approuver ; et une publication arrêtée ou accomplie n’est plus ici. Rien n’a été modifié.
awaiting-count = { $n ->
    [0] Aucune pièce n’attend de décision.
    [one] { $n } pièce attend votre décision.
   *[other] { $n } pièces attendent votre décision.
  }
publications-need = { $n ->
    [one] { $n } publication attend l’accord d’une seconde personne
   *[other] { $n } publications attendent l’accord d’une seconde personne
  }
publications-about = { $n ->
    [0] La publication requiert l’accord d’une seconde personne.
    [one] La publication requiert l’accord d’une seconde personne, puis un délai de { $n } heure.
   *[other] La publication requiert l’accord d’une seconde personne, puis un délai de { $n } heures.
  }
