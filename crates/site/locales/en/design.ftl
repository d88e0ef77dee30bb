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
