# Le calendrier : ce qui attend le lecteur et pour quand, et les dates de tous les volets.
calendar-title = Calendrier
calendar-lead = Ce qui vous attend et pour quand, et les dates à venir que vous pouvez voir.
calendar-file = Calendrier (.ics)
calendar-download = Télécharger le calendrier (.ics)
calendar-caption = Dates à venir
calendar-what = Objet
calendar-when = Date
calendar-label = Marquage
calendar-you = Pour vous
calendar-mine = ce qui m’attend
calendar-by-mine = seulement { $value }
calendar-open = sans date
calendar-awaits = vous attend
calendar-none = Aucune date à venir, et rien ne vous attend.
calendar-count = { $n ->
    [one] { $n } ligne
   *[other] { $n } lignes
  }
calendar-silence = Fin du silence : { $name }
calendar-visa = Votre visa : { $name }
calendar-signature = Votre signature : { $name }
calendar-wanted = Visas et signature attendus : { $name }
calendar-delay = Diffusion : { $name }
