# Qui a présidé une session pour chaque partie.
chairs-title = Présidence de chaque partie
chairs-lead = Qui a présidé la session pour chaque partie. Les autres participants restent tels qu’ils ont été enregistrés.
chairs-name = { $side } : qui a présidé
chairs-office = { $side } : fonction de cette personne
chairs-for = Présidence ({ $side })
chairs-name-missing = Indiquez de qui c’est la fonction.
chairs-gone = { $side } n’est plus partie à cette session.
chairs-gone-kept = Ce que vous aviez écrit est conservé ici : reportez-le sur une autre partie ou videz les deux champs.
chairs-gone-chair = { $side } n’est plus partie à cette session et ne peut en exercer la présidence : votre coche n’est pas retenue.
chairs-in = Quelle partie a présidé la session ?
chairs-in-hint = Les deux en cas de présidence conjointe ; aucune si cela n’est pas connu.
chairs-keep = Enregistrer la présidence
chairs-kept = La présidence de chaque partie est enregistrée.
