# Ce à quoi le volet répond, au-delà de son accueil.
answers-title = Réponses
answers-binds = Engagements avec
answers-passed = Échéance passée, sans suites
answers-not-held = Annoncées, non enregistrées comme tenues
answers-who = Qui a participé, et quand
answers-timeline = Chronologie
answers-timeline-lead = Sessions, manifestations et échéances : deux ans en arrière et un an en avant, sauf si vous choisissez d’autres dates.
answers-no-dates = Rien à ces dates.
answers-sessions = Toutes les sessions
answers-sessions-lead = Chaque session que vous pouvez consulter, ce qu’elle a annoncé, si cela a eu lieu, et qui y a participé.
answers-announced = Session suivante annoncée
answers-outcome = Ce qu’il en est advenu
answers-which = De laquelle il s’agit
answers-person = Personne
answers-no-session = Aucune session ne correspond.
answers-all-sessions = Toutes les sessions
answers-phrase-with = avec { $value }
answers-phrase-outcome = dont la suivante annoncée : { $value }
answers-phrase-person = avec la participation de { $value }
answers-phrase-place = à { $value }
answers-phrase-series = de { $value }
answers-phrase-since = depuis le { $value }
answers-phrase-until = jusqu’au { $value }
answers-repeated-lead = Ce qu’une session ultérieure répète sans que personne n’ait enregistré de suites à la première fois. Les répétitions sont notées à la confirmation d’un texte.
answers-none-repeated = Rien n’est répété sans un mot sur la première fois.
answers-repeated-next = Chercher plus loin : d’autres choses ont été redites
wording-title = Évolution des formulations
wording-lead = Les formulations sur un sujet, toutes séries confondues, mot à mot : les ajouts sont soulignés, les suppressions barrées.
wording-with = Avec
wording-everybody = Tous
wording-by = Présenter par
wording-by-time = date
wording-by-partner = partenaire
wording-by-language = langue
wording-since = Du
wording-until = Au
wording-show = Afficher
wording-choose = Choisissez un sujet : cette page confronte les formulations d’un même sujet. Des mots seuls se cherchent en haut de page.
wording-against = comparé au
wording-first = aucune formulation antérieure proche
wording-in-english = En anglais
wording-in-french = En français
wording-in-another = Dans une autre langue
came-head = Ce qui est arrivé
came-since = Des autres participants, depuis le { $date }
came-say = { $n ->
    [one] { $n } pièce est arrivée depuis votre dernière visite
   *[other] { $n } pièces sont arrivées depuis votre dernière visite
  }
came-say-first = { $n ->
    [one] { $n } pièce reçue depuis le { $date }
   *[other] { $n } pièces reçues depuis le { $date }
  }
came-dialogue = Série communiquée : { $what } ({ $side })
came-session = Session communiquée : { $what } ({ $side })
came-report = Texte communiqué : « { $what } » ({ $side })
came-commitment = Déclaration communiquée : « { $what } » ({ $side })
came-follow-up = Suites données à { $what } ({ $side })
came-appraisal = Appréciation des suites données à { $what } ({ $side })
came-appraisal-reply = Réponse à une appréciation des suites données à { $what } ({ $side })
came-consent-publish = Consentement à la publication de { $what } ({ $side })
came-consent-confirm = Confirmation de ce que dit le texte d’une autre partie : { $what } ({ $side })
came-consent-back = Consentement retiré : { $what } ({ $side })
came-arrangement = Arrangement communiqué : « { $what } » ({ $side })
came-activity = Activité communiquée : « { $what } » ({ $side })
came-event = Manifestation communiquée : « { $what } » ({ $side })
came-demarche = Démarche communiquée : « { $what } » ({ $side })
came-quoted = « { $words } »
came-unseen = ce qui ne se trouve pas ici
came-somebody = auteur non nommé
narrow-topics = Tous les sujets
brief-texts = Texte de la dernière session
brief-texts-own = Textes de cette session
brief-since = Textes parus depuis
series-document = Le registre de cette série au format DOCX
series-apart = Hors session
