# Dire à nouveau ce qu’est un engagement confirmé.
edit-title = Reformuler la fiche
edit-keep = Enregistrer comme nouvelle version
edit-withdraw = Le retirer
edit-stand-again = Le rétablir
edit-restore = Rétablir cette version
edit-not-ours = Cette pièce est d’un autre participant ; lui seul peut la modifier. Ce que votre partie en pense se dit dans les suites données.
edit-reason = Motif
edit-reason-hint = Il figure à côté de la nouvelle version, pour quiconque la voit.
edit-words-hint = Plus longs ou plus courts, mais tels qu’ils figurent dans le texte.
edit-words-wrong = Ces mots ne figurent pas dans le texte.
edit-meanwhile = Quelqu’un l’a modifié entre-temps. Regardez-le à nouveau ; votre saisie est conservée ici.
edit-kept = La nouvelle version fait foi ; les précédentes demeurent.
edit-because = { $who } : { $reason }
edit-machine = Tel que la machine l’a lu
edit-history = Versions
