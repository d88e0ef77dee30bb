# Formulaires.
form-problem = Il y a quelque chose à corriger
form-empty = À remplir : { $field }
form-name-none = Ce n’est pas un nom : il ne contient rien.
form-name-long = Un nom compte au plus { $most } caractères ; celui-ci en compte { $n }. Abrégez-le.
form-name-unseen = Un nom tient sur une ligne et n’a aucun caractère invisible. Saisissez-le de nouveau.
form-stands = Ce qui y figure désormais : { $value }
form-stands-empty = Rien n’y figure actuellement.
form-stands-ticked = La case est désormais cochée.
form-stands-unticked = La case n’est plus cochée.
form-optional = (facultatif)
form-resumed = Vous aviez commencé le { $date }. Votre saisie figure ci-dessous.
form-drop = La supprimer
form-dropped = La saisie commencée a été supprimée.
form-kept = Votre saisie est conservée.
sign-in-kept = Votre saisie est conservée : connectez-vous et rouvrez le formulaire.
