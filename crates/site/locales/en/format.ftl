# What this language is called by itself, and how it writes figures, dates and lists.
language-name = English
language-direction = ltr
format-group = ,
format-decimal = .
format-colon = :
format-comma = {", "}
format-and = { $names } and { $last }
format-or = { $names } or { $last }
format-nor = { $names } or { $last }
format-nor-comma = {", "}
format-date = { $day } { $month } { $year }
format-moment = { $date }, { $time } UTC
format-moment-in = { $date }, { $time } ({ $zone })
format-mebibytes = { $n } MiB
format-gibibytes = { $n } GiB
format-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
  }
format-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
  }
format-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
  }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
