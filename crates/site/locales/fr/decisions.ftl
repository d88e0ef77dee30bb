# Ce qui attend une décision, la quarantaine.
awaiting-title = En attente d’une décision
awaiting-lead = Ces pièces sont arrivées intactes, mais ce nœud ne peut décider seul s’il faut les prendre. Leur contenu reste caché jusqu’à la décision de qui en a le droit. Admettre : la pièce est prise, et nul ne la voit que son marquage n’y autorise. Écarter : elle n’est pas conservée. Toute décision est inscrite au journal.
awaiting-none = Rien n’attend de décision.
awaiting-object = Pièce
awaiting-by = Auteur allégué
awaiting-by-nobody = Elle ne nomme aucun auteur.
awaiting-decision = Décision
awaiting-admit = Admettre
awaiting-discard = Écarter
awaiting-discard-sure = Elle ne sera pas conservée ici. Son auteur n’en est pas averti ; qui l’a versée par programme peut voir qu’elle a été écartée.
awaiting-admit-one = Admettre le n° { $n }
awaiting-discard-one = Écarter le n° { $n }
awaiting-admitted = Pièce admise. La décision est au journal.
awaiting-discarded = Pièce écartée. La décision est au journal.
awaiting-gone-title = Il n’y a plus rien à décider
awaiting-gone-text = Quelqu’un d’autre a déjà décidé, ou la pièce ne peut être admise même par décision. Rien n’a été modifié.
awaits-future-version = sa version est datée de plus de 24 heures dans l’avenir
awaits-seal-missing = son auteur scelle ses pièces, et cette copie n’a pas de sceau
awaits-seal-broken = le sceau ne correspond pas au contenu
awaits-seal-former = elle est scellée par une clé que son auteur a remplacée ou révoquée, et elle est postérieure, ou arrive trop tard
awaits-seal-late = elle a été scellée par une clé que son auteur a remplacée depuis, et arrive longtemps après
awaits-in-our-name = elle parle au nom de ce nœud et n’en vient pas
awaits-authors-object = l’objet est d’un autre auteur, qui seul peut le réviser
awaits-other-channel = les versions antérieures sont venues par une autre voie, et aucune clé ne dit qui peut les réviser
awaits-label-loosened = qui l’a transmise lui donne un marquage moins strict que celui qu’a scellé son auteur
awaits-seal-unvouched = la clé de son auteur a été révoquée, et les mots n’ont pas été comparés depuis
awaits-other-content = un autre contenu porte déjà cet identifiant et cette version ; un changement demande une nouvelle version
awaits-above = elle porte une classification que ce nœud ne peut détenir ; rien n’en a été conservé
awaits-quota = le partenaire a apporté plus que ce qu’il peut apporter en un jour
quarantine-title = Quarantaine
quarantine-lead = Ce qui est arrivé mal formé n’est pas pris. Voici le motif et l’empreinte de chaque objet. Ses 4 premiers Kio sont gardés, à lire par ceux qui en décident ; son marquage n’étant pas connu, traitez-le comme TLP:RED.
quarantine-head = Début du n° { $n }
quarantine-rule-json = ce n’est pas du JSON
quarantine-rule-encoding = ce n’est pas de l’UTF-8
quarantine-rule-duplicate-key = la même clé figure deux fois
quarantine-rule-depth = trop de niveaux d’imbrication
quarantine-rule-size = la taille dépasse la limite
quarantine-rule-count = il y a trop d’objets
quarantine-rule-references = il y a trop de références
quarantine-rule-number = ce nombre ne peut être représenté
quarantine-rule-container = ce n’est ni une enveloppe, ni un lot, ni un objet
quarantine-rule-required = une propriété obligatoire manque
quarantine-rule-type = la propriété n’est pas du bon type
quarantine-rule-identifier = ce n’est pas un identifiant
quarantine-rule-timestamp = ce n’est pas un horodatage
quarantine-rule-type-mismatch = l’identifiant et le type ne concordent pas
quarantine-rule-value = cette valeur n’est pas admise ici
quarantine-rule-unknown-property = cette propriété n’est pas connue ici
quarantine-rule-reference-type = ce type d’objet n’est pas admis ici
quarantine-rule-pattern = ce n’est pas un motif STIX
quarantine-none = La quarantaine est vide.
quarantine-size = Octets
quarantine-hash = SHA-256
quarantine-discarded = Objet écarté.
awaiting-count = { $n ->
    [0] Aucune pièce n’attend de décision.
    [one] { $n } pièce attend votre décision.
   *[other] { $n } pièces attendent votre décision.
  }
awaiting-count-others = { $n ->
    [0] Aucune pièce n’attend de décision.
    [one] { $n } pièce attend la décision de qui rédige ou autorise la diffusion.
   *[other] { $n } pièces attendent la décision de qui rédige ou autorise la diffusion.
  }
