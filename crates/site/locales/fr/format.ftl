# Le nom de la langue, et comment elle écrit les nombres, les dates et les listes.
language-name = Français
language-direction = ltr
format-group = {" "}
format-decimal = ,
format-colon = {" :"}
format-comma = {", "}
format-and = { $names } et { $last }
format-or = { $names } ou { $last }
format-nor = { $names } ni par { $last }
format-nor-comma = {" ni par "}
format-date = { $day ->
    [1] 1er { $month } { $year }
   *[other] { $day } { $month } { $year }
  }
format-moment = { $date }, { $short } h { $minute } (UTC)
format-moment-in = { $date }, { $short } h { $minute } ({ $zone })
format-mebibytes = { $n } Mio
format-gibibytes = { $n } Gio
format-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
  }
format-hours = { $n ->
    [one] { $n } heure
   *[other] { $n } heures
  }
format-days = { $n ->
    [one] { $n } jour
   *[other] { $n } jours
  }
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
