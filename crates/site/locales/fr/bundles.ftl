# Plis scellés : faits, apportés, refusés.
bundles-title = Plis scellés
bundles-lead = Pour les partenaires qu’aucun réseau ne joint : ce qu’un partenaire peut recevoir, scellé, chiffré pour son nœud et numéroté, à porter en main propre.
bundles-make = Créer un pli
bundles-make-how = Il contient tout ce que le partenaire peut recevoir et n’a pas encore confirmé, ainsi que les accusés de ce qui est venu de lui. Seul son nœud l’ouvre.
bundles-for = Pour
bundles-seal = Sceller le pli
bundles-bring = Apporter un pli
bundles-bring-how = Il est d’abord essayé : vous voyez ce qu’il en adviendrait avant que rien ne soit pris.
bundles-file = Fichier
bundles-file-hint = Tel qu’il est arrivé sur son support, jusqu’à 30 Mo. Un fichier plus grand s’ouvre sur le terminal : entente bundle open.
bundles-gap = L’ouvrir bien que des plis manquent avant lui
bundles-gap-hint = Il répète tout ce qui n’a pas été confirmé. Demandez d’abord à l’expéditeur où sont les autres.
bundles-no-file = Choisissez le fichier.
bundles-no-peers = Les plis vont aux partenaires dont les mots ont été confirmés. Il n’y en a pas encore.
bundles-to-peers = Aller aux nœuds partenaires
bundles-ours = De ce nœud
bundles-theirs = Vers ce nœud
bundles-none-yet = Aucun encore.
bundles-number = Jusqu’au n° { $n }.
bundles-on-the-way = N° { $n }, scellé le { $date }, { $records ->
    [one] { $records } pièce
   *[other] { $records } pièces
  } : pas encore d’accusé
bundles-receipt = N° { $n } : { $taken ->
    [one] { $taken } pièce prise
   *[other] { $taken } pièces prises
  }{ $beside ->
    [0] {""}
    [one] {" "}avec { $beside } sceau ou marquage
   *[other] {" "}avec { $beside } sceaux et marquages
  }, { $awaiting } en attente, { $refused ->
    [one] { $refused } refusée
   *[other] { $refused } refusées
  }
bundles-refused = Refusés
bundles-none-refused = Aucun pli n’a été refusé ici.
bundles-by = Apporté par
bundles-brought = Un pli apporté
bundles-brought-lead = Rien n’en est encore pris. Il est entier, d’un partenaire confirmé, pour ce nœud, et nouveau.
bundles-brought-since = Un pli que vous avez apporté le { $date } attend votre décision.
bundles-look = Le regarder
bundles-from = Scellé par
bundles-sealed-on = Scellé le
bundles-receipts = Accusés
bundles-brings-receipts = { $n ->
    [0] aucun pour nos plis
    [one] { $n } pour un de nos plis
   *[other] { $n } pour nos plis
  }
bundles-all-taken = Tout son contenu serait pris.
bundles-some-not = Ce qui ne serait pas pris d’emblée :
bundles-would-take = prise
bundles-would-wait = attend une décision
bundles-would-refuse = refusée
bundles-take = Importer le pli
bundles-discard = Écarter le pli
bundles-discarded = Le pli est écarté ; rien n’en a été pris.
bundles-not-sealed-title = Rien n’a été scellé
bundles-not-sealed-text = Les mots de ce partenaire ne sont pas confirmés, ou l’échange avec lui est suspendu.
bundle-refused-none = Ce n’est pas un pli scellé, ou son début est abîmé. Redemandez-le.
bundle-refused-other-node = Il est chiffré pour un autre nœud, ou pour une clé que celui-ci n’a plus.
bundle-refused-other-addressee = Il est adressé à { $name }, non au participant de ce nœud.
bundle-refused-unknown-sender = Son expéditeur, { $name }, n’est pas un partenaire de ce nœud. Présentez-le et confirmez-le d’abord.
bundle-refused-not-exchanging = L’échange avec { $name } est suspendu ou n’est pas confirmé ; ses plis ne sont pas ouverts.
bundle-refused-forged = Sa signature n’est pas celle de la clé de l’expéditeur. Prévenez-le.
bundle-refused-replayed = Le n° { $number } a déjà été ouvert ; le dernier était le n° { $last }.
bundle-refused-gap = Les n° { $first } à { $last } manquent avant lui. Apportez-les d’abord, ou cochez « bien que des plis manquent avant lui ».
bundle-refused-other-line = Il ne fait pas suite à celui qui a été ouvert avant lui : l’expéditeur est peut-être revenu à un état antérieur. Demandez-lui et, si c’est le cas, ouvrez-le malgré le vide.
bundle-refused-damaged = Il a été modifié ou tronqué en chemin. Redemandez-le.
bundle-refused-too-large = Il est plus grand qu’il ne le dit, ou que ce qui s’ouvre ici.
