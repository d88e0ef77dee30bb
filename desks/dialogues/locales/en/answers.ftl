# What the desk answers beyond its home.
answers-title = Answers
answers-binds = Commitments with
answers-passed = Date passed, no follow-up
answers-not-held = Announced, not recorded as held
answers-who = Who took part when
answers-timeline = Timeline
answers-timeline-lead = Sessions, events and dates due, two years back and one ahead unless you choose other days.
answers-no-dates = Nothing in these days.
answers-sessions = All sessions
answers-sessions-lead = Every session that you may see, what it announced, whether that was held, and who took part.
answers-announced = Announced next
answers-outcome = What became of that
answers-which = Which one it was
answers-person = Person
answers-no-session = No session fits.
answers-all-sessions = All sessions
answers-phrase-with = with { $value }
answers-phrase-outcome = whose announced next one: { $value }
answers-phrase-person = with { $value } taking part
answers-phrase-place = in { $value }
answers-phrase-series = of { $value }
answers-phrase-since = since { $value }
answers-phrase-until = until { $value }
answers-repeated-lead = What a later session says again, while nobody has recorded what followed the first time. What says the same again is found when a text is confirmed.
answers-none-repeated = Nothing is said again without a word on the first time.
answers-repeated-next = Look further: more was said again
wording-title = How wording moved
wording-lead = The wording on one subject over all series, word by word: what was added is underlined, what went is struck through.
wording-with = With
wording-everybody = Everybody
wording-by = In rows by
wording-by-time = time
wording-by-partner = partner
wording-by-language = language
wording-since = From
wording-until = To
wording-show = Show
wording-choose = Choose a subject: this page holds against each other how one subject was worded. Words alone are found by the search at the top.
wording-against = held against
wording-first = no earlier wording near it
wording-in-english = In English
wording-in-french = In French
wording-in-another = In another language
came-head = What came in
came-since = From others, since { $date }
came-say = { $n ->
    [one] { $n } piece came in since your last visit
   *[other] { $n } pieces came in since your last visit
  }
came-say-first = { $n ->
    [one] { $n } piece came in since { $date }
   *[other] { $n } pieces came in since { $date }
  }
came-dialogue = { $side } shares a series: { $what }
came-session = { $side } shares a session: { $what }
came-report = { $side } shares a text: “{ $what }”
came-commitment = { $side } shares a statement: “{ $what }”
came-follow-up = { $side } says what followed on { $what }
came-appraisal = { $side } releases an appraisal of what followed on { $what }
came-appraisal-reply = { $side } replies to an appraisal of what followed on { $what }
came-consent-publish = { $side } consents to publishing { $what }
came-consent-confirm = { $side } confirms what another side’s text says: { $what }
came-consent-back = { $side } takes back its consent to { $what }
came-arrangement = { $side } shares an arrangement: “{ $what }”
came-activity = { $side } shares an activity: “{ $what }”
came-event = { $side } shares an event: “{ $what }”
came-demarche = { $side } shares a démarche: “{ $what }”
came-quoted = “{ $words }”
came-unseen = something that is not here
came-somebody = Somebody who is not named
narrow-topics = All subjects
brief-texts = Text of the last session
brief-texts-own = Texts of this session
brief-since = Texts since then
series-document = The register of this series as DOCX
series-apart = Of no session
