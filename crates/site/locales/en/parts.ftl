# Figures, histories, comments, steps.
figure-twin = The same as a table
figure-events = { $n ->
    [one] { $n } event, from the earlier to the later.
   *[other] { $n } events, from the earlier to the later.
  }
figure-bars = { $n ->
    [one] { $n } bar, with its figure beside it.
   *[other] { $n } bars, each with its figure beside it.
  }
figure-links = { $n } things and { $m } links between them.
figure-beyond = { $n } of { $all } are drawn; the table has all links.
figure-places = { $n ->
    [one] { $n } place on a grid of degrees.
   *[other] { $n } places on a grid of degrees.
  }
figure-borders = Borders, names and designations do not imply official recognition or acceptance.
figure-day = Date
figure-what = What
figure-from = From
figure-how = How
figure-to = To
figure-place = Place
figure-north = Degrees north
figure-east = Degrees east
history-title = Versions
history-read = Read it
history-first = The first version.
history-same = No text changed.
comments-title = Comments
comments-by = { $person }, { $organ }
comments-none = Nobody has said anything of it yet.
progress-of = { $n } of { $all }
progress-so-far = { $n } so far
progress-since = since { $date }
progress-leave = You can leave this page and come back.
progress-again = Look again
trial-try = Try it
trial-what = What
trial-becomes = Would become
trial-why = Why
permalink-name = Its address
permalink-copy = Copy
permalink-copied = Copied
