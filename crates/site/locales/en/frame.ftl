# The frame around every page, and what is said when there is no page.
product-name = Entente
frame-skip = Skip to content
frame-home = Home
frame-where = Where you are
frame-desks = Desks
frame-node = This node
frame-needs = Needs you
frame-menu = Desks and rooms
frame-menu-needs = { $n ->
    [one] ({ $n } thing needs you)
   *[other] ({ $n } things need you)
  }
frame-search = Search
frame-search-all = Search all that you may see
frame-language = Language
frame-theme = Appearance
frame-beside = Links and history
frame-label-page = The strictest label on this page, which holds for all of it
frame-signed-in-as = Signed in as { $name }
frame-printed-by = Printed on { $date } by { $name } from the node of { $node }
frame-printed = Printed on { $date } from the node of { $node }
frame-exercise = EXERCISE EXERCISE EXERCISE
frame-exercise-name = Exercise { $name }: nothing here is real
theme-auto = As the system
theme-light = Light
theme-dark = Dark
theme-contrast = High contrast
role-reader = reader
role-editor = editor
role-releaser = releaser
role-administrator = administrator
role-auditor = auditor
keys-title = Keys
keys-rows = the next row, the one before
keys-edit = edit what is shown
keys-list = this list
keys-close = Close

absent-title = Not found
absent-text = There is nothing here that you can see. It may have another address, or none any more.
absent-link = Go to the home page
sign-in-title = Sign in to continue
sign-in-text = You are not signed in, or not any more.
sign-in-link = Sign in
unset-title = This node is not set up yet
unset-text = Its terminal shows a set-up code. Until it has been entered, the node listens on this machine only and shows nothing.
unset-link = Enter the set-up code
not-yours-title = You may not do this
not-yours-text = This needs the role of { $role }. Nothing was changed.
cross-site-title = This was sent from another site
cross-site-text = A page of another site tried to change something here. Nothing was changed. If it was you, open the page on this node and send it from there.
unreadable-title = What was sent could not be read
unreadable-text = Nothing was changed. Go back and send it again.
broken-title = The page could not be made
broken-text = Nothing was changed. The node’s log says why; try again.
link-used-title = This link does not work any more
link-used-text = Such a link works once and for some time. Ask an administrator for a new one, or make one on the terminal with “entente user recover”.
