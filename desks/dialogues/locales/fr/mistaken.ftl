# Corriger ce qui a été mal enregistré : l’en-tête d’un texte ; et retirer ce qui l’a été par erreur.
mistaken-text = Retirer ce texte
mistaken-text-lead = Un texte enregistré par erreur disparaît avec tout ce qu’il dit ici. Si seul son en-tête est inexact, modifiez-le plutôt. Une fois retiré, il ne peut être rétabli ; sa lecture, s’il a été lu ici, attend de nouveau d’être confirmée.
mistaken-text-gone = Le texte est retiré.
mistaken-session = Retirer cette session
mistaken-session-lead = Pour une session enregistrée par erreur, ou deux fois. Celle qui n’aura pas lieu s’annule en la modifiant. Une fois retirée, elle ne peut être rétablie.
mistaken-session-gone = La session est retirée.
mistaken-series = Retirer cette série
mistaken-series-lead = Pour une série enregistrée par erreur. Une fois retirée, elle ne peut être rétablie.
mistaken-series-gone = La série est retirée.
mistaken-reason = Enregistrement par erreur
mistaken-hangs = Elle ne peut être retirée tant que ceci s’y rattache. Retirez-le d’abord, ou rattachez le texte à une autre session en le modifiant.
mistaken-further = { $n ->
    [one] et { $n } autre
   *[other] et { $n } autres
}
mistaken-statements = { $n ->
    [one] { $n } déclaration de ce texte est retirée avec lui.
   *[other] { $n } déclarations de ce texte sont retirées avec lui.
}
mistaken-said = { $n ->
    [one] Des suites y ont été données par : { $sides } ; elles ne seront plus montrées.
   *[other] Des suites y ont été données à { $n } reprises, par : { $sides } ; elles ne seront plus montrées.
}
mistaken-said-theirs = Ce que d’autres en ont dit leur reste.
mistaken-consents = { $n ->
    [one] Notre consentement ou notre confirmation est retiré avec lui.
   *[other] Nos { $n } consentements et confirmations sont retirés avec lui.
}
mistaken-versions = Versions en d’autres langues retirées avec lui : { $titles }
mistaken-before = C’est la forme modifiée de « { $title } », qui fera foi de nouveau.
mistaken-back = Demander le retrait : { $names }
mistaken-losing = En possession de cette pièce, ou d’une partie de ce qui est retiré avec elle : { $names }. Il leur sera demandé de la retirer. Cochez la case si c’est voulu.
mistaken-gone = Pièce retirée
mistaken-gone-by = Retirée le { $date } ({ $side })
mistaken-versions-of = Ce qu’elle disait, et ses versions
text-edit = Modifier le texte
text-edit-lead = { $n ->
    [0] Ses mots restent tels quels. Ce qui en a été lu sur la session elle-même, la session le garde.
    [one] Ses mots restent tels quels. La déclaration qui en est tirée ici le suit. Ce qui en a été lu sur la session elle-même, la session le garde.
   *[other] Ses mots restent tels quels. Les { $n } déclarations qui en sont tirées ici le suivent. Ce qui en a été lu sur la session elle-même, la session le garde.
}
text-title = Titre
text-replaces-none = Aucun
text-session-wrong = Choisissez la session dont il est issu.
text-theirs = Ce texte a été enregistré par un autre participant ; lui seul peut le modifier ou le retirer.
mistaken-asked-back = Retrait demandé par son auteur ({ $side }) le { $date } : cette pièce n’est plus communiquée à personne.
