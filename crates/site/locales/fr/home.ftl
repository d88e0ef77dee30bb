# L’accueil.
home-node = Ce nœud
home-organ-of = Organe relevant de : { $name }
home-state = État
home-organisation = Organisation
home-organ = Organe
home-client = Bénéficiaire
home-address = Adresse
home-no-address = aucune : ce nœud ne fait qu’appeler
home-time = Heure du nœud
home-trouble = Ce nœud ne va pas bien : { $why }. Ce qui a été confirmé est enregistré ; ses administrateurs liront à la page État du nœud ce qu’il faut faire.
home-desk-quiet = Rien à signaler.
home-first = Pour commencer
home-first-peer = Présenter ce nœud à un autre participant
home-first-person = Inviter une deuxième personne
home-first-record = Faire verser les premières pièces
home-all-records = Toutes les pièces
home-received = { $n ->
    [0] Aucune pièce reçue d’autres participants depuis hier.
    [one] { $n } pièce reçue d’autres participants depuis hier.
   *[other] { $n } pièces reçues d’autres participants depuis hier.
  }
home-withheld = { $n ->
    [one] { $name } : { $n } pièce non communiquée.
   *[other] { $name } : { $n } pièces non communiquées.
  }
home-audit = { $n ->
    [0] Aucune ligne ajoutée à la piste d’audit depuis hier.
    [one] { $n } ligne ajoutée à la piste d’audit depuis hier.
   *[other] { $n } lignes ajoutées à la piste d’audit depuis hier.
  }
home-audit-many = Au moins { $n } lignes ajoutées à la piste d’audit depuis hier.
home-quarantine = { $n ->
    [one] { $n } objet mal formé est en quarantaine.
   *[other] { $n } objets mal formés sont en quarantaine.
  }
home-clearance = { $n ->
    [one] { $n } dossier est en cours : ce qui doit partir attend ses étapes.
   *[other] { $n } dossiers sont en cours : ce qui doit partir attend ses étapes.
  }
