# The calendar: what waits for the reader and until when, and the dates of all desks.
calendar-title = Calendar
calendar-lead = What waits for you and until when, and the dates ahead that you may see.
calendar-file = Calendar (.ics)
calendar-download = Download the calendar (.ics)
calendar-caption = Dates ahead
calendar-what = What
calendar-when = When
calendar-label = Label
calendar-you = For you
calendar-mine = what waits for me
calendar-by-mine = only { $value }
calendar-open = no date given
calendar-awaits = waits for you
calendar-none = Nothing has a date ahead, and nothing waits for you.
calendar-count = { $n ->
    [one] { $n } entry
   *[other] { $n } entries
  }
calendar-silence = Silence ends: { $name }
calendar-visa = Your visa: { $name }
calendar-signature = Your signature: { $name }
calendar-wanted = Clearance wanted: { $name }
calendar-delay = Goes out: { $name }
