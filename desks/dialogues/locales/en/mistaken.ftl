# Putting right what was entered wrong: the head of a text; and taking back what was entered by mistake.
mistaken-text = Withdraw this text
mistaken-text-lead = A text that was entered by mistake goes with everything that it says here. What is wrong in its head alone, edit instead. Once it is withdrawn it cannot be let stand again; the reading of it, where it was read here, waits for its confirmation once more.
mistaken-text-gone = The text is withdrawn.
mistaken-session = Withdraw this session
mistaken-session-lead = A session that was entered by mistake, or twice. One that will not be held is called off by editing it. Once it is withdrawn it cannot be let stand again.
mistaken-session-gone = The session is withdrawn.
mistaken-series = Withdraw this series
mistaken-series-lead = A series that was entered by mistake. Once it is withdrawn it cannot be let stand again.
mistaken-series-gone = The series is withdrawn.
mistaken-reason = Entered by mistake
mistaken-hangs = It cannot be withdrawn as long as this hangs on it. Withdraw that first, or move a text to another session by editing it.
mistaken-further = { $n ->
    [one] and { $n } more
   *[other] and { $n } more
}
mistaken-statements = { $n ->
    [one] { $n } statement of it goes along.
   *[other] { $n } statements of it go along.
}
mistaken-said = { $n ->
    [one] What followed one of them was said by { $sides }: with it, that is shown no more.
   *[other] What followed them was said { $n } times, by { $sides }: with them, that is shown no more.
}
mistaken-said-theirs = What others said stays theirs.
mistaken-consents = { $n ->
    [one] Our consent or confirmation to it goes along.
   *[other] Our { $n } consents and confirmations to it go along.
}
mistaken-versions = In other languages, these go along: { $titles }
mistaken-before = It is the changed form of “{ $title }”, which will hold again.
mistaken-back = Take it back from { $names }
mistaken-losing = { $names } had it, or some of what goes along, and will be asked to withdraw that. Tick the box if it is meant.
mistaken-gone = Withdrawn
mistaken-gone-by = Withdrawn by { $side } on { $date }
mistaken-versions-of = What it said, and its versions
text-edit = Edit the text
text-edit-lead = { $n ->
    [0] Its words stay as they are. What was read from it about the session itself, the session keeps.
    [one] Its words stay as they are. The statement that it makes here goes with it. What was read from it about the session itself, the session keeps.
   *[other] Its words stay as they are. The { $n } statements that it makes here go with it. What was read from it about the session itself, the session keeps.
}
text-title = Title
text-replaces-none = None
text-session-wrong = Choose the session that it is of.
text-theirs = Another participant entered this text; only its author can change or withdraw it.
mistaken-asked-back = { $side } asked on { $date } to withdraw this: it is given to nobody any more.
