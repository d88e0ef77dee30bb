# Qui observe une session, et ce que ce rôle permet d’avoir.
observers-lead = Le rôle décide de ce qu’un observateur reçoit de la session, qui que ce soit qui la partage : qu’elle a lieu, et les documents déposés, le résultat, ou tout ce que les parties partagent.
observers-sees = Ce que voit { $who }
observers-side = Du côté de qui siège { $who }
observers-on-side = du côté de { $side }
observers-none = n’est plus observateur
observers-gone = { $who } n’observe plus cette session : votre choix n’est pas retenu. Si besoin, ajoutez de nouveau cet observateur ci-dessous.
observers-who = Un autre observateur
observers-role = Ce qu’il voit
observers-its-side = Du côté de qui il siège
observers-role-missing = Choisissez ce qu’il voit.
observers-twice = Il est déjà partie ou observateur.
observers-keep = Enregistrer les observateurs
observers-kept = Les observateurs sont enregistrés. Ce qui sera partagé suivra leur rôle.
observers-tabled = Documents déposés
observers-get = Les observateurs reçoivent ce que leur rôle permet, même si vous les nommez : { $observers }. Sans coche ici, un texte n’est pas un document déposé.
observers-circle = Un observateur que son rôle n’autorise pas à recevoir ceci appartient à un cercle que vous nommez. Nommez plutôt des participants.
observers-left-out = Non transmis : { $names }. Le rôle d’observateur ne le permet pas.
