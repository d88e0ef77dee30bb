drafting-drafts = Texts in the making
drafting-drafts-lead = Proposals for common elements and texts under negotiation for this session, round by round.
drafting-none = Nothing is being drafted for this session. Begin with common elements, in your own words or in words agreed before.
drafting-begin = Begin a text
drafting-begin-lead = For { $session }. What you write is the basis; what any side would change in it stands in brackets with that side’s name.
drafting-begun = The first round is there.
drafting-title = Title
drafting-language = Language
drafting-language-en = English
drafting-language-fr = French
drafting-text = The text
drafting-text-hint = Paragraphs, with an empty line between them
drafting-text-brackets = Leave out square brackets here: they are put when somebody does not agree to words.
drafting-text-long = This is more than one text can have. Make it shorter.
drafting-not-public = A text in the making is not published. Choose another label.
drafting-round = Round
drafting-round-one = One round
drafting-round-called = Round { $number }, { $side }, { $date }
drafting-round-chosen = { $number } · { $date } · { $side }
drafting-put-forward-by = Put forward by
drafting-on = On
drafting-open = Open
drafting-open-of = { $open } of { $all } paragraphs
drafting-nothing-open = No brackets are left.
drafting-newest = Newest round
drafting-words = The text
drafting-rounds = Rounds
drafting-came-in = Came in
drafting-received = received by { $by }, on { $date }, from { $from }
drafting-conflict = These rounds were written at the same time, and none takes up the other: { $rounds }. Both are kept. The next round can take both up.
drafting-foot = Nothing is agreed before everything is. What stands without brackets has been objected to by nobody so far.
drafting-as-docx = This round as DOCX, with tracked changes
drafting-compare = Compare rounds
drafting-compare-with = Compare with: { $round }
drafting-compare-lead = Each round as it would read if everything put forward in it were taken.
drafting-compare-same = The words are the same.
drafting-earlier = Earlier round
drafting-later = Later round
drafting-state-proposed = put forward as a whole
drafting-state-open = in brackets
drafting-state-agreed = without brackets
drafting-state-deleted = put forward to be taken out
drafting-untracked = changed in the file without a record
drafting-joins = { $side } would join it with the next paragraph
drafting-from = agreed before
drafting-change-in = { $side } would put in “{ $words }”
drafting-change-out = { $side } would take out “{ $gone }”
drafting-change-instead = { $side } would say “{ $words }” instead of “{ $gone }”
drafting-change-against = { $side } does not agree to put in “{ $words }”
drafting-change-held = { $side } holds “{ $words }” in brackets
drafting-agreed-by = { $sides } agreed already
drafting-against = against:
drafting-only-theirs = Only that side can let go of it.
drafting-signs = What is open stands in brackets, with the side whose it is at the end: underlined what it would put in, struck through what it would take out, bold what stands and it does not agree to yet.
drafting-act-accept = Accept
drafting-act-keep = Keep in brackets
drafting-act-refuse = Object
drafting-act-withdraw = Withdraw
drafting-work = Round in preparation
drafting-work-none = No round is in preparation.
drafting-work-begin = Prepare the next round
drafting-work-both = Prepare a round that takes up both
drafting-work-on = Go on with the round in preparation
drafting-work-lead = Round { $number }, for { $side }. Accept takes words over for your side; Object leaves them in brackets, with your objection. It stays on this node until you put it forward.
drafting-received-lead = Round { $number }, as it came from { $side } in a file. Look through it, then put it forward as received, or let go of it.
drafting-meanwhile = Came in meanwhile and is not taken up here: { $round }. Yours will stand beside it.
drafting-drop = Discard this round
drafting-dropped = The round in preparation is gone. Nothing had left.
drafting-edit = Edit paragraph
drafting-changed-title = Changed meanwhile
drafting-changed = Somebody changed this round meanwhile. Look at it again; nothing was done.
drafting-as-it-came = A round that came as a file is kept as it came. Put it forward, then answer in the next round.
drafting-passage = As your side would have it
drafting-passage-hint = Write the paragraph as it should read. [Square brackets] hold words that you do not agree to yet. A new line begins a new paragraph.
drafting-passage-title = Edit a paragraph
drafting-passage-lead = What you change is put forward in your side’s name. Words of others are struck through, never removed.
drafting-strike = Take out the whole paragraph
drafting-join = Join with the next paragraph
drafting-remark = Remark
drafting-remark-on = About these words
drafting-remark-on-hint = As they stand in the paragraph; empty for all of it
drafting-remark-on-wrong = These words are not in the paragraph.
drafting-remark-none = Write the remark that goes with these words.
drafting-brackets = A square bracket is not closed, or not opened. Give each its counterpart.
drafting-keep = Save the paragraph
drafting-kept = It is kept here; nobody else sees it yet.
drafting-add = Add a paragraph
drafting-put-in = Add the paragraph
drafting-own-words = In your own words
drafting-where = Where
drafting-at-the-top = At the top
drafting-after = After { $number }: { $words }
drafting-agreed = In words that were agreed before
drafting-agreed-lead = Statements of agreed and joint texts that you may see, the newest first. The source stays linked.
drafting-agreed-none = Nothing was agreed on this in these words. Try another subject, or fewer words.
drafting-topic = Subject
drafting-with-words = With the words
drafting-search = Search
drafting-source = Source
drafting-take-up = Take up these words
drafting-forward = Put the round forward
drafting-forward-lead = Round { $number }, for { $side }. Who will see it stands below. A round is not changed after this.
drafting-forward-ours = Words of it that are with our side alone so far go along: whoever is named gets them with this round.
drafting-forward-nobody = Nobody is named: { $sides } would not get this round. Name who gets it, or tick that it stays with us.
drafting-forward-alone = This round stays with our side alone
drafting-forwarded = The round is put forward.
drafting-too-many = { $names } may not have what this is made of. Take them out of the audience.
drafting-receive = Take in a file
drafting-receive-lead = A DOCX of a round of this text that somebody edited in Word or LibreOffice and sent back.
drafting-read-file = Read the file
drafting-file = File
drafting-file-hint = DOCX, with tracked changes and comments
drafting-file-none = Choose a file.
drafting-file-not-docx = This is no DOCX. Ask for the file in that format; nothing was taken.
drafting-file-damaged = The file is damaged: it breaks off or contradicts itself. Ask for it again; nothing was taken.
drafting-file-large = The file holds more than a text has. Nothing was taken.
drafting-file-empty = There is no text in the file. Nothing was taken.
drafting-file-meanwhile = Another file was brought in meanwhile, and its authors are asked here. What you chose stays with whom you chose it for; choose for the others and send it again.
drafting-file-other = This file is of another text: it says so itself. Nothing was taken.
drafting-file-round = This file is of a round that is not here. Nothing was taken.
drafting-file-paper = This is a brief or a register, and no round of this text: it says so itself. Nothing was taken.
drafting-file-apart = The file does not say of which round it is, and shares less than a third of its words with the newest one. It is of another text; nothing was taken.
drafting-file-nameless = The file does not say of which round it is; it is compared with the newest: { $round }.
drafting-file-older = The file was made from an older round: { $round }. The newest is: { $newest }. What comes of it will stand beside the newer rounds.
drafting-from-whom = From whom
drafting-from-whom-hint = The person or office that sent it
drafting-received-on = Received on
drafting-day-wrong = Give a day.
drafting-bench-there = A round is in preparation already. Put it forward or let go of it first.
drafting-who = Who is who in the file
drafting-who-lead = Say for each author in { $name } which side speaks.
drafting-who-lead-sender = Which side sent { $name }? Who wrote in it is known.
drafting-sender = The side that sent the file
drafting-sender-hint = What was changed without being recorded is put down to it
drafting-author = { $name } speaks for
drafting-author-nameless = Somebody without a name
drafting-author-did = changes: { $changes }; comments: { $comments }
drafting-author-none = Choose the side that this author speaks for.
drafting-choose = Choose a side
drafting-take-in = Compare with our round
drafting-found-accepted = { $count ->
    [one] 1 change that was put forward was accepted in the file.
   *[other] { $count } changes that were put forward were accepted in the file.
  }
drafting-found-rejected = { $count ->
    [one] 1 change that was put forward was rejected in the file. It stays in brackets, with the objection.
   *[other] { $count } changes that were put forward were rejected in the file. They stay in brackets, with the objection.
  }
drafting-found-untracked = { $count ->
    [one] In 1 place words were changed without being recorded. It was found by comparing.
   *[other] In { $count } places words were changed without being recorded. They were found by comparing.
  }
drafting-found-brackets = Brackets of another side were taken out in the file. They stay: only the side that put them lets go.
drafting-found-unbalanced = { $count ->
    [one] Brackets in the file do not go together in { $count } paragraph. Look there.
   *[other] Brackets in the file do not go together in { $count } paragraphs. Look there.
  }
drafting-found-form = { $count ->
    [one] 1 change of form alone was left out.
   *[other] { $count } changes of form alone were left out.
  }
drafting-found-moved = { $count ->
    [one] 1 stretch of words was moved.
   *[other] { $count } stretches of words were moved.
  }
drafting-found-beside = Footnotes, boxes or pictures in the file are not read.
drafting-found-macros = The file carries macros. They were neither read nor run.
drafting-found-nameless = The names of authors were taken out of the file. What was open before stays whose it was.
drafting-silence = Silence procedure
drafting-silence-act = What your side does
drafting-silence-act-start = Begin: the round is agreed unless a side breaks the silence in time
drafting-silence-act-extend = Give more time
drafting-silence-act-break = Break the silence
drafting-silence-act-reserve = Let it run, with a reservation
drafting-silence-do = Save the step
drafting-silence-begin = Begin the silence
drafting-silence-done = It is recorded.
drafting-silence-day = Silence ends on
drafting-silence-day-hint = To begin, or to give more time
drafting-silence-time = At what time
drafting-silence-time-hint = For example 18:00
drafting-silence-time-wrong = Give a time, for example 18:00.
drafting-silence-zone = Time zone
drafting-silence-zone-wrong = Choose a zone.
drafting-silence-words = Reason or reservation
drafting-silence-reserve-words = Write the reservation.
drafting-silence-lead = { $round }. No silence runs on it.
drafting-silence-lead-running = { $round }. Silence runs until { $until }.
drafting-silence-past = This moment is over. Give one that is to come.
drafting-silence-not-later = This is not later than the time that runs.
drafting-silence-not-running = No silence runs on this round.
drafting-silence-is-running = Silence runs on this round already.
drafting-silence-not-yours = Only the side that began it gives more time.
drafting-silence-not-party = Your side is no party to this text: what sides do about it is theirs.
drafting-silence-deaf = { $sides } would not hear of it: for them the silence runs on. Name all parties.
drafting-silence-nobody = Nobody would hear of this silence, and it would agree to nothing. Name the other parties ({ $sides }), or tick that it is meant so.
drafting-silence-alone = This silence is noted by our side alone
drafting-silence-running = { $side } put this round under silence until { $until }.
drafting-silence-broken = The silence that { $side } began until { $until } was broken.
drafting-silence-agreed = Nobody broke the silence that { $side } began; it ended on { $until }: the round is agreed.
drafting-silence-agreed-open = Nobody broke the silence that { $side } began; it ended on { $until }: the round is agreed with what is open in it.
drafting-silence-open = { $open ->
    [one] { $open } of { $all } paragraphs is open. Silence agrees to the round as it stands, and closes no bracket in it.
   *[other] { $open } of { $all } paragraphs are open. Silence agrees to the round as it stands, and closes no bracket in it.
  }
drafting-session-off = The session for which it is in the making is called off.
drafting-silence-unheard = { $side } began a silence that ended on { $until }, before every side could know of it. It agrees to nothing. Begin another, if it is still wanted.
drafting-silence-unsure = Nobody broke the silence that { $side } began; it ended on { $until }. This node does not know whether every side had it in time. Until that is known, it agrees to nothing here.
drafting-silence-unsure-broken = The silence that { $side } began until { $until } was broken here before its end, but this node does not know whether every side had that in time. It agrees to nothing.
drafting-silence-had = As far as this node knows, { $side } had it by { $date }.
drafting-silence-not-fetched = The node of { $side } could fetch it from { $date } on, and is not known to have done so.
drafting-silence-elsewhere = When { $side } had it, the node of { $by } knows.
drafting-silence-closed = Not every side can see that it runs: under this label it will agree to nothing.
drafting-silence-break-closed = It was broken here, and not every side can see that: for them it runs on. Break it for all of them.
drafting-silence-by = Broken by { $side }: { $words }
drafting-silence-reserved = Reservation of { $side }: { $words }
drafting-silence-waits = Waits for its release, and counts for nothing until then: { $act }
drafting-silence-early = { $side }: “{ $act }”, at a time before this silence began. It changes nothing; if clocks differ, ask that side.
drafting-silence-late = What { $side } did came too late, or was not for it to do, and changes nothing.
drafting-become = It becomes a text
drafting-become-lead = No brackets are left. The text is read like any other, with what is known of the session filled in. A person confirms it; before, nothing of it is in the register.
drafting-become-open = { $open ->
    [one] 1 paragraph is still open. A text has no brackets.
   *[other] { $open } paragraphs are still open. A text has no brackets.
  }
drafting-become-silence = Silence runs on this round. It becomes a text when the time is over and no side has broken the silence.
drafting-become-two = Two rounds stand beside each other. Take both up in a next one first.
drafting-become-go = Read it as a text
drafting-become-done = The text is read. Look through what was found, then confirm.
drafting-become-unread = The text cannot be read: it is too short, or neither English nor French. The draft is as it was.
drafting-became = The reading that it became
drafting-agenda = Agenda
drafting-agenda-lead = The items of the session. The session is written anew with them, under the label that you choose.
drafting-agenda-hint = An item a line; the party that put it forward in parentheses at the end
drafting-agenda-keep = Save the agenda
drafting-agenda-kept = The agenda is kept.
dialogues-brief-docx = The brief as DOCX
