# Qui a présidé une session pour chaque partie.
chairs-title = Présidence de chaque partie
chairs-lead = Qui a présidé la session pour chaque partie. Les autres participants restent tels qu’ils ont été enregistrés.
chairs-name = { $side } : qui a présidé
chairs-office = { $side } : fonction de qui a présidé
chairs-for = Présidence ({ $side })
chairs-name-missing = Indiquez de qui c’est la fonction.
chairs-in = Partie exerçant la présidence
chairs-in-hint = Les deux en cas de présidence conjointe ; aucune si elle n’est pas connue.
chairs-keep = Enregistrer la présidence
chairs-kept = La présidence de chaque partie est enregistrée.
