# The page of parts.
design-title = Parts
design-lead = Every part that pages are made of, with invented content. This page is off unless the operator turns it on.
design-form = A long form
design-form-lead = Nothing is done with what you send. What you typed is kept until you send it or throw it away.
design-table = A table
design-table-lead = Sixty invented rows, to narrow down, sort and take along.
design-send = Propose to Valmora and Kestria
design-sent = It was proposed, to nobody: this is the page of parts.
design-add = Add a row
design-valmora = Valmora
design-kestria = Kestria
design-belmark = Belmark
design-field-title = Title
design-hint-title = As the sides would say it to each other.
design-field-text = Text
design-field-due = Due
design-field-state = Where it stands
design-state-planned = planned
design-state-begun = begun
design-state-done = done
design-means-planned = A date has been agreed.
design-means-begun = One side at least has done something.
design-means-done = Both sides say so.
design-field-sides = Sides
design-field-host = Host
design-field-agreed = The other side has seen this text
design-field-pages = Words
design-field-label = Label
design-no-side = Choose at least one side.
design-row = Paper { $n }
design-rows = Papers
design-count = { $n ->
    [one] { $n } paper
   *[other] { $n } papers
  }
design-before = Due before
design-number = Number
design-by-side = by { $value }
design-by-before = due before { $value }
design-by-number = with { $value } in the number
design-nothing = Papers that the sides exchanged stand here.
design-sign-0 = confirmed
design-sign-1 = awaits a decision
design-sign-2 = seal broken
design-sign-3 = withdrawn

design-figures = Figures
design-figures-lead = Drawn by the node, each with the same content as a table.
design-timeline = From the first dialogue to what is due
design-chart = Papers by where they stand
design-graph = What the third dialogue is linked to
design-map = Where the sides are
design-map-off = The same where maps are off
design-event-first = First dialogue
design-event-second = Second dialogue
design-event-text = Joint statement
design-event-third = Third dialogue
design-event-due = A duty contact is due
design-how-with = takes part
design-how-from = comes from
design-record = One thing
design-record-lead = Facts, versions with what changed, what people said of it: on one page, without tabs.
design-text-was = Both sides will name a contact point by May 2026 and meet once a year.
design-text-is = Both sides will name a duty contact point by 30 June 2027, and meet once a year.
design-says-one = We would name an office rather than a person.
design-says-other = An office with a person on duty at any hour.
design-agrees = agrees
design-linked = Linked to
design-steps = Steps
design-steps-lead = What takes more than one step, and what stands where there is nothing yet.
design-second = Publication of one paper
design-second-told = Everyone will see it, without signing in. It can be taken back until the delay is over.
design-asked-by = Asked by
design-asked-on = Asked on
design-agree = Agree to publish
design-refuse = Refuse
design-progress = Work that takes its time
design-work = Reading a file of 16,208 objects
design-stop = Stop: what is in stays
design-file = A file
design-file-hint = It is tried first: you see what would come of each thing in it before anything is taken.
design-would-add = would be added
design-bytes = { $n ->
    [one] { $n } byte
   *[other] { $n } bytes
  }
design-tried = { $n ->
    [one] { $n } file was tried; nothing has been taken.
   *[other] { $n } files were tried; nothing has been taken.
  }
design-take = Take it in
design-empty = Nothing yet
