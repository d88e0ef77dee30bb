# Tables of compliance that come in and go out.
scores-title = Scores of a third party
scores-lead = A table with -1, 0 or +1 per member and commitment, as the G7 Research Group publishes them. Each score comes in as an appraisal by whoever scored, with its source; it stays inside, and none is ever added up. The table is tried first.
scores-file = Table (CSV)
scores-file-hint = A column per member, or a line per score with the columns commitment, member, score and text. Averages are left out.
scores-coder = Who scored
scores-coder-hint = For instance: G7 Research Group. Participants speak for themselves.
scores-period = Period
scores-url = Address of the source
scores-no-file = Choose a file.
scores-no-text = The file is not text in UTF-8.
scores-quote = A cell that begins with a quotation mark on line { $line } does not end.
scores-head = The first line names no member, and has no columns “member” and “score”.
scores-empty = There is no score in the file.
scores-large = The file has more than 1,000 scores; bring it in parts.
scores-tried = What would become of each score
scores-told = To be taken: { $new }; wrong: { $bad }
scores-take = { $n ->
    [one] Take in 1 score
   *[other] Take in { $n } scores
  }
scores-taken = { $n ->
    [one] 1 score is taken in; it stays inside.
   *[other] { $n } scores are taken in; they stay inside.
  }
scores-left-out = Left out, since scores are never averaged: { $names }
scores-blank = { $n ->
    [one] 1 cell has no score.
   *[other] { $n } cells have no score.
  }
scores-all-or-nothing = Nothing is taken while a line is wrong. Correct the file and bring it again.
scores-again = Bring another table
scores-new = new
scores-changed = next version
scores-known = here already
scores-bad = wrong
scores-before = Before: { $score }
scores-line = line { $line }
scores-wrong-score = The score is none of -1, 0 and +1.
scores-wrong-member = No State or organization is called so.
scores-wrong-commitment = This series has no commitment in these words.
scores-wrong-several = Several commitments of this series begin so.
scores-wrong-not-of-them = This member is none of those who committed themselves.
scores-wrong-participant = Who scored is a participant; what it says comes from its own node.
scores-wrong-twice = Another line scores the same member on the same commitment.
scores-wrong-address = The address does not begin with https://.
scores-way = Scores of a third party
scores-out = Scores as CSV
