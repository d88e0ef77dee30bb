# Formulaires.
form-problem = Il y a quelque chose à corriger
form-empty = À remplir : { $field }
form-optional = (facultatif)
form-resumed = Vous aviez commencé le { $date }. Votre saisie figure ci-dessous.
form-drop = La supprimer
form-dropped = La saisie commencée a été supprimée.
form-kept = Votre saisie est conservée.
sign-in-kept = Votre saisie est conservée : connectez-vous et rouvrez le formulaire.
