# Le journal.
log-title = Journal
log-lead = Chaque version admise est une feuille de ce journal. Nul ne peut en modifier ou en retirer une sans que cela se voie.
log-empty = Le journal est vide.
log-entries = Entrées du journal
log-head = Tête du journal
log-signed = Signée
log-peers-see = Entrées au dernier point de contrôle, que voient les partenaires
log-note = Note signée
log-keep = Télécharger le point de contrôle, pour le garder ailleurs
log-witnesses = Témoins
log-no-witnesses = Un partenaire contresigne la tête de ce journal. Il n’y a pas encore de partenaire.
log-witnessed = Entrées contresignées
log-not-yet = pas encore
log-prove = Le prouver
log-prove-how = Sur la machine de ce nœud, ou sur une copie de son dossier, sans réseau :
