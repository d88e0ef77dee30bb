# Tables.
table-narrow = Narrow down
table-all = Show all
table-any = any
table-show = Show
table-save-name = Save this view under a name
table-save = Save the view
table-saved = The view { $name } is kept.
table-unnamed = A view needs a name.
table-views = Views you keep
table-drop = remove
table-drop-named = Remove the view { $name }
table-dropped = The view { $name } was removed.
table-none-such = Nothing matches. Show all, or narrow down otherwise.
table-first = First page
table-next = Next page
table-rest = More rows: { $address }
