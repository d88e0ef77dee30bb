# Choisir un marquage.
label-how-far = Jusqu’où elle peut aller
label-how-far-hint = Le TLP dit jusqu’où, non à quel point c’est secret. Seul l’auteur assouplit un marquage.
label-clear = tout le monde, sans se connecter ; une seconde personne doit donner son accord, puis un délai court
label-green = la communauté que vous désignez, et pas au-delà ; si vous n’en désignez aucune, personne hors de votre organe
label-green-community = la communauté que vous désignez, à défaut { $name }, et pas au-delà
label-green-nobody = Aucune communauté n’est désignée : personne hors de votre organe ne la verra. Sous « À qui », désignez une communauté : un cercle, ou ses membres.
label-amber = les destinataires désignés, et ceux de leurs bénéficiaires qui ont besoin d’en connaître
label-amber-strict = les destinataires désignés, et personne d’autre
label-red = les personnes désignées, et personne à leur place
label-whom = À qui
label-whom-hint = Sans destinataire, elle ne sort pas de votre organe.
label-circle = Cercle : { $name }
label-person = Personne : { $name }
label-who = Qui la verra
label-names = Les noms, et pourquoi non
label-check = Vérifier qui la verra
label-none = Choisissez jusqu’où elle peut aller.
