# Le cadre de toutes les pages, et ce qui est dit quand il n’y a pas de page.
product-name = Entente
frame-skip = Aller au contenu
frame-home = Accueil
frame-where = Vous êtes ici
frame-desks = Volets
frame-node = Ce nœud
frame-needs = À traiter
frame-menu = Volets et rubriques
frame-menu-needs = { $n ->
    [one] ({ $n } point à traiter)
   *[other] ({ $n } points à traiter)
  }
frame-search = Rechercher
frame-search-all = Rechercher dans tout ce qui vous est ouvert
frame-language = Langue
frame-theme = Affichage
frame-beside = Liens et historique
frame-label-page = Le marquage le plus strict de cette page ; il vaut pour toute la page
frame-signed-in-as = Connexion : { $name }
frame-printed-by = Imprimé le { $date } par { $name } depuis le nœud : { $node }
frame-printed = Imprimé le { $date } depuis le nœud : { $node }
frame-exercise = EXERCICE EXERCICE EXERCICE
frame-exercise-name = Exercice { $name } : rien de ce qui figure ici n’est réel
theme-auto = Comme le système
theme-light = Clair
theme-dark = Sombre
theme-contrast = Contraste élevé
role-reader = lecture
role-editor = rédaction
role-releaser = autorisation de diffusion
role-administrator = administration
role-auditor = audit
keys-title = Touches
keys-rows = la ligne suivante, la précédente
keys-edit = modifier ce qui est affiché
keys-list = cette liste
keys-close = Fermer

absent-title = Introuvable
absent-text = Rien ici qui vous soit ouvert. La page a peut-être une autre adresse, ou n’en a plus.
absent-link = Aller à l’accueil
sign-in-title = Connectez-vous pour continuer
sign-in-text = Vous n’êtes pas connecté, ou ne l’êtes plus.
sign-in-link = Se connecter
unset-title = Ce nœud n’est pas encore installé
unset-text = Son terminal affiche un code d’installation. Tant que ce code n’a pas été saisi, le nœud n’écoute que sur cette machine et ne montre rien.
unset-link = Saisir le code d’installation
not-yours-title = Cette action ne vous est pas ouverte
not-yours-text = Elle revient au rôle suivant : { $role }. Rien n’a été modifié.
cross-site-title = Cet envoi vient d’un autre site
cross-site-text = Une page d’un autre site a tenté de modifier quelque chose ici. Rien n’a été modifié. Si cet envoi est le vôtre, ouvrez la page sur ce nœud et envoyez-la de là.
unreadable-title = L’envoi n’a pas pu être lu
unreadable-text = Rien n’a été modifié. Revenez en arrière et recommencez.
broken-title = La page n’a pas pu être établie
broken-text = Rien n’a été modifié. Le journal technique du nœud en donne la raison ; réessayez.
link-used-title = Ce lien ne fonctionne plus
link-used-text = Un tel lien ne sert qu’une fois, et pour un temps. Demandez-en un autre à un administrateur, ou créez-en un au terminal avec « entente user recover ».
