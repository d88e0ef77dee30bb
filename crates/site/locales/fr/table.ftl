# Tableaux.
table-narrow = Affiner
table-all = Tout afficher
table-any = indifférent
table-show = Afficher
table-save-name = Enregistrer cette vue sous un nom
table-save = Enregistrer la vue
table-saved = La vue { $name } est gardée.
table-unnamed = Une vue doit avoir un nom.
table-views = Vos vues
table-drop = supprimer
table-drop-named = Supprimer la vue { $name }
table-dropped = La vue { $name } a été supprimée.
table-none-such = Rien ne correspond. Affichez tout, ou affinez autrement.
table-first = Première page
table-next = Page suivante
table-rest = Lignes suivantes : { $address }
