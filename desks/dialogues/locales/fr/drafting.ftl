drafting-drafts = Textes en préparation
drafting-drafts-lead = Propositions d’éléments communs et textes en négociation pour cette session, tour après tour.
drafting-none = Aucun texte n’est en préparation pour cette session. Commencez par des éléments communs, dans vos propres termes ou dans un langage déjà agréé.
drafting-begin = Ouvrir un texte
drafting-begin-lead = Session concernée : { $session }. Ce que vous écrivez sert de base ; ce qu’une partie voudrait y changer figure entre crochets, avec son nom.
drafting-begun = Le premier tour est ouvert.
drafting-title = Titre
drafting-language = Langue
drafting-language-en = anglais
drafting-language-fr = français
drafting-text = Le texte
drafting-text-hint = Des paragraphes, séparés par une ligne vide
drafting-text-brackets = Pas de crochets ici : ils apparaissent lorsqu’une partie ne souscrit pas à des mots.
drafting-text-long = C’est plus qu’un texte ne peut contenir. Abrégez-le.
drafting-not-public = Un texte en préparation ne se publie pas. Choisissez un autre marquage.
drafting-round = Tour
drafting-round-one = Un tour
drafting-round-called = Tour { $number }, { $side }, { $date }
drafting-round-chosen = { $number } · { $date } · { $side }
drafting-put-forward-by = Présenté par
drafting-on = Le
drafting-open = En suspens
drafting-open-of = { $open } sur { $all } paragraphes
drafting-nothing-open = Il ne reste pas de crochets.
drafting-newest = Dernier tour
drafting-words = Le texte
drafting-rounds = Tours
drafting-came-in = Arrivée
drafting-received = reçu par { $by }, le { $date }, de { $from }
drafting-conflict = Ces tours ont été rédigés en même temps et aucun ne reprend l’autre : { $rounds }. Les deux sont conservés. Le prochain tour peut reprendre l’un et l’autre.
drafting-foot = Rien n’est agréé tant que tout ne l’est pas. Ce qui figure sans crochets n’a, à ce jour, soulevé l’objection de personne.
drafting-as-docx = Ce tour en DOCX, avec suivi des modifications
drafting-compare = Comparer des tours
drafting-compare-with = Comparer avec : { $round }
drafting-compare-lead = Chaque tour tel qu’il se lirait si tout ce qui y est proposé était retenu.
drafting-compare-same = Les termes sont les mêmes.
drafting-earlier = Tour antérieur
drafting-later = Tour postérieur
drafting-state-proposed = proposé en entier
drafting-state-open = entre crochets
drafting-state-agreed = sans crochets
drafting-state-deleted = proposé à la suppression
drafting-untracked = modifié dans le fichier sans suivi
drafting-joins = { $side } le joindrait au paragraphe suivant
drafting-from = langage agréé
drafting-change-in = { $side } ajouterait « { $words } »
drafting-change-out = { $side } supprimerait « { $gone } »
drafting-change-instead = { $side } dirait « { $words } » au lieu de « { $gone } »
drafting-change-against = { $side } n’accepte pas l’ajout de « { $words } »
drafting-change-held = { $side } tient « { $words } » entre crochets
drafting-agreed-by = déjà accepté par { $sides }
drafting-against = contre :
drafting-only-theirs = Seule cette partie peut y renoncer.
drafting-signs = Ce qui est en suspens figure entre crochets, suivi du nom de la partie concernée : souligné, ce qu’elle ajouterait ; barré, ce qu’elle supprimerait ; en gras, ce qui figure déjà et à quoi elle ne souscrit pas encore.
drafting-act-accept = Accepter
drafting-act-keep = Garder entre crochets
drafting-act-refuse = S’opposer
drafting-act-withdraw = Retirer
drafting-work = Tour en préparation
drafting-work-none = Aucun tour n’est en préparation.
drafting-work-begin = Préparer le prochain tour
drafting-work-both = Préparer un tour qui reprend les deux
drafting-work-on = Poursuivre le tour en préparation
drafting-work-lead = Tour { $number }, pour { $side }. Accepter reprend des mots au nom de votre partie ; S’opposer les laisse entre crochets, avec votre objection. Le tour reste sur ce nœud jusqu’à ce que vous le présentiez.
drafting-received-lead = Tour { $number }, tel qu’il est arrivé de { $side } par fichier. Parcourez-le, puis présentez-le comme reçu, ou abandonnez-le.
drafting-meanwhile = Arrivé entre-temps et non repris ici : { $round }. Le vôtre figurera à côté.
drafting-drop = Abandonner ce tour
drafting-dropped = Le tour en préparation est abandonné. Rien n’était sorti.
drafting-edit = Modifier le paragraphe
drafting-changed-title = Modifié entre-temps
drafting-changed = Quelqu’un a modifié ce tour entre-temps. Regardez-le de nouveau ; rien n’a été fait.
drafting-as-it-came = Un tour arrivé par fichier est conservé tel qu’il est arrivé. Présentez-le, puis répondez au tour suivant.
drafting-passage = Tel que votre partie le voudrait
drafting-passage-hint = Écrivez le paragraphe tel qu’il doit se lire. Les [crochets] tiennent les mots auxquels vous ne souscrivez pas encore. Un retour à la ligne ouvre un nouveau paragraphe.
drafting-passage-title = Modifier un paragraphe
drafting-passage-lead = Ce que vous modifiez est proposé au nom de votre partie. Les mots des autres sont barrés, jamais supprimés.
drafting-strike = Supprimer le paragraphe entier
drafting-join = Joindre au paragraphe suivant
drafting-remark = Remarque
drafting-remark-on = À propos de ces mots
drafting-remark-on-hint = Tels qu’ils figurent dans le paragraphe ; rien pour le paragraphe entier
drafting-remark-on-wrong = Ces mots ne figurent pas dans le paragraphe.
drafting-remark-none = Écrivez la remarque qui porte sur ces mots.
drafting-brackets = Un crochet n’est pas fermé, ou pas ouvert. Donnez à chacun son pendant.
drafting-keep = Enregistrer le paragraphe
drafting-kept = C’est conservé ici ; personne d’autre ne le voit encore.
drafting-add = Ajouter un paragraphe
drafting-put-in = Ajouter le paragraphe
drafting-own-words = Dans vos propres termes
drafting-where = À quel endroit
drafting-at-the-top = En tête
drafting-after = Après { $number } : { $words }
drafting-agreed = En langage agréé
drafting-agreed-lead = Déclarations de textes agréés ou communs que vous pouvez voir, les plus récentes d’abord. La source reste liée.
drafting-agreed-none = Rien n’a été agréé à ce sujet dans ces termes. Essayez un autre sujet, ou moins de mots.
drafting-topic = Sujet
drafting-with-words = Avec les mots
drafting-search = Chercher
drafting-source = Source
drafting-take-up = Reprendre ces termes
drafting-forward = Présenter le tour
drafting-forward-lead = Tour { $number }, pour { $side }. Qui le verra figure ci-dessous. Un tour ne change plus ensuite.
drafting-forward-ours = Des termes qui ne sont connus jusqu’ici que de notre partie y figurent : les destinataires nommés en auront connaissance avec ce tour.
drafting-forward-nobody = Aucun destinataire n’est nommé ; resteraient sans ce tour : { $sides }. Nommez les destinataires, ou cochez la case pour qu’il reste chez nous.
drafting-forward-alone = Ce tour reste chez nous
drafting-forwarded = Le tour est présenté.
drafting-too-many = { $names } ne peut avoir connaissance de ce dont ceci est fait. Retirez-le des destinataires.
drafting-receive = Recevoir un fichier
drafting-receive-lead = Un DOCX d’un tour de ce texte, modifié dans Word ou LibreOffice et renvoyé.
drafting-read-file = Lire le fichier
drafting-file = Fichier
drafting-file-hint = DOCX, avec suivi des modifications et commentaires
drafting-file-none = Choisissez un fichier.
drafting-file-not-docx = Ce n’est pas un DOCX. Demandez le fichier dans ce format ; rien n’a été repris.
drafting-file-damaged = Le fichier est endommagé : il s’interrompt ou se contredit. Demandez-le de nouveau ; rien n’a été repris.
drafting-file-large = Le fichier contient plus qu’un texte. Rien n’a été repris.
drafting-file-empty = Le fichier ne contient pas de texte. Rien n’a été repris.
drafting-file-meanwhile = Un autre fichier a été déposé entre-temps : ce sont ses auteurs qui figurent ici. Vos choix restent attachés aux mêmes auteurs ; complétez les autres et renvoyez le formulaire.
drafting-file-other = Ce fichier est celui d’un autre texte : il l’indique lui-même. Rien n’a été repris.
drafting-file-round = Ce fichier est celui d’un tour qui n’est pas ici. Rien n’a été repris.
drafting-file-paper = C’est une fiche ou un registre, et non un tour de ce texte : le fichier l’indique lui-même. Rien n’a été repris.
drafting-file-apart = Le fichier n’indique pas de quel tour il provient et a moins d’un tiers de ses mots en commun avec le dernier. C’est celui d’un autre texte ; rien n’a été repris.
drafting-file-nameless = Le fichier n’indique pas de quel tour il provient ; il est comparé au dernier : { $round }.
drafting-file-older = Le fichier provient d’un tour antérieur : { $round }. Le dernier est : { $newest }. Ce qui en résulte figurera à côté des tours plus récents.
drafting-from-whom = De qui
drafting-from-whom-hint = La personne ou le service qui l’a envoyé
drafting-received-on = Reçu le
drafting-day-wrong = Indiquez un jour.
drafting-bench-there = Un tour est déjà en préparation. Présentez-le ou abandonnez-le d’abord.
drafting-who = Qui est qui dans le fichier
drafting-who-lead = Indiquez, pour chaque auteur de { $name }, quelle partie s’exprime.
drafting-who-lead-sender = Quelle partie a envoyé { $name } ? Ceux qui y ont écrit sont connus.
drafting-sender = La partie qui a envoyé le fichier
drafting-sender-hint = Ce qui a été modifié sans suivi lui est attribué
drafting-author = { $name } s’exprime pour
drafting-author-nameless = Une personne sans nom
drafting-author-did = modifications : { $changes } ; commentaires : { $comments }
drafting-author-none = Choisissez la partie pour laquelle cet auteur s’exprime.
drafting-choose = Choisir une partie
drafting-take-in = Comparer à notre tour
drafting-found-accepted = { $count ->
    [one] { $count } modification proposée a été acceptée dans le fichier.
   *[other] { $count } modifications proposées ont été acceptées dans le fichier.
  }
drafting-found-rejected = { $count ->
    [one] { $count } modification proposée a été refusée dans le fichier. Elle reste entre crochets, avec l’objection.
   *[other] { $count } modifications proposées ont été refusées dans le fichier. Elles restent entre crochets, avec l’objection.
  }
drafting-found-untracked = { $count ->
    [one] À { $count } endroit, des mots ont été modifiés sans suivi. La comparaison l’a montré.
   *[other] À { $count } endroits, des mots ont été modifiés sans suivi. La comparaison l’a montré.
  }
drafting-found-brackets = Des crochets d’une autre partie ont été ôtés dans le fichier. Ils restent : seule la partie qui les a posés les lève.
drafting-found-unbalanced = { $count ->
    [one] Les crochets du fichier ne se correspondent pas dans { $count } paragraphe. Voyez à cet endroit.
   *[other] Les crochets du fichier ne se correspondent pas dans { $count } paragraphes. Voyez à ces endroits.
  }
drafting-found-form = { $count ->
    [one] { $count } modification de pure forme a été laissée de côté.
   *[other] { $count } modifications de pure forme ont été laissées de côté.
  }
drafting-found-moved = { $count ->
    [one] { $count } passage a été déplacé.
   *[other] { $count } passages ont été déplacés.
  }
drafting-found-beside = Les notes de bas de page, encadrés ou images du fichier ne sont pas lus.
drafting-found-macros = Le fichier contient des macros. Elles n’ont été ni lues ni exécutées.
drafting-found-nameless = Les noms des auteurs ont été ôtés du fichier. Ce qui était en suspens reste à qui le proposait.
drafting-silence = Procédure de silence
drafting-silence-act = Ce que fait votre partie
drafting-silence-act-start = Ouvrir : le tour est agréé si aucune partie ne rompt le silence à temps
drafting-silence-act-extend = Prolonger le délai
drafting-silence-act-break = Rompre le silence
drafting-silence-act-reserve = Laisser courir, avec une réserve
drafting-silence-do = Enregistrer l’étape
drafting-silence-begin = Ouvrir la procédure de silence
drafting-silence-done = C’est enregistré.
drafting-silence-day = Fin du silence
drafting-silence-day-hint = Pour ouvrir, ou pour prolonger
drafting-silence-time = À quelle heure
drafting-silence-time-hint = Par exemple 18:00
drafting-silence-time-wrong = Indiquez une heure, par exemple 18:00.
drafting-silence-zone = Fuseau horaire
drafting-silence-zone-wrong = Choisissez un fuseau.
drafting-silence-words = Motif ou réserve
drafting-silence-reserve-words = Formulez la réserve.
drafting-silence-lead = { $round }. Aucun silence ne court sur ce tour.
drafting-silence-lead-running = { $round }. Le silence court jusqu’au { $until }.
drafting-silence-past = Ce moment est passé. Indiquez-en un à venir.
drafting-silence-not-later = Ce n’est pas plus tard que le délai qui court.
drafting-silence-not-running = Aucun silence ne court sur ce tour.
drafting-silence-is-running = Le silence court déjà sur ce tour.
drafting-silence-not-yours = Seule la partie qui l’a ouvert prolonge le délai.
drafting-silence-not-party = Votre partie n’est pas partie à ce texte : ce qu’y font les parties leur revient.
drafting-silence-deaf = { $sides } n’en saurait rien : pour cette partie, le silence court toujours. Nommez toutes les parties.
drafting-silence-nobody = Personne n’aurait connaissance de ce silence, qui ne vaudrait pas accord. Nommez les autres parties ({ $sides }), ou cochez la case si c’est voulu.
drafting-silence-alone = Ce silence n’est consigné que chez nous
drafting-silence-running = { $side } a placé ce tour sous silence jusqu’au { $until }.
drafting-silence-broken = Le silence ouvert par { $side } jusqu’au { $until } a été rompu.
drafting-silence-agreed = Personne n’a rompu le silence ouvert par { $side } ; il a pris fin le { $until } : le tour est agréé.
drafting-silence-agreed-open = Personne n’a rompu le silence ouvert par { $side } ; il a pris fin le { $until } : le tour est agréé avec ce qui y reste ouvert.
drafting-silence-open = { $open ->
    [one] { $open } paragraphe sur { $all } reste ouvert. Le silence vaut accord sur le tour tel quel et n’y lève aucun crochet.
   *[other] { $open } paragraphes sur { $all } restent ouverts. Le silence vaut accord sur le tour tel quel et n’y lève aucun crochet.
  }
drafting-session-off = La session pour laquelle il est en préparation est annulée.
drafting-silence-unheard = { $side } a ouvert un silence qui a pris fin le { $until }, avant que toutes les parties aient pu en avoir connaissance. Il ne vaut pas accord. Ouvrez-en un autre, s’il y a toujours lieu.
drafting-silence-unsure = Personne n’a rompu le silence ouvert par { $side } ; il a pris fin le { $until }. Ce nœud ne sait pas si toutes les parties l’ont reçu à temps. Tant que ce n’est pas établi, il ne vaut pas accord ici.
drafting-silence-unsure-broken = Le silence ouvert par { $side } jusqu’au { $until } a été rompu ici avant son terme, mais ce nœud ne sait pas si toutes les parties l’ont appris à temps. Il ne vaut pas accord.
drafting-silence-had = À la connaissance de ce nœud, reçu au plus tard le { $date } ({ $side }).
drafting-silence-not-fetched = Accessible depuis le { $date } ; aucune réception connue ({ $side }).
drafting-silence-elsewhere = Date de réception connue du seul nœud qui a ouvert le silence ({ $by }), pour : { $side }.
drafting-silence-closed = Toutes les parties ne peuvent pas savoir qu’il court : sous ce marquage, il ne vaudra pas accord.
drafting-silence-break-closed = Il a été rompu ici, et toutes les parties ne peuvent pas le voir : pour elles, il court toujours. Rompez-le à l’adresse de toutes.
drafting-silence-by = Rompu par { $side } : { $words }
drafting-silence-reserved = Réserve de { $side } : { $words }
drafting-silence-waits = En attente d’autorisation de diffusion, sans effet d’ici là : { $act }
drafting-silence-early = { $side } : « { $act } », à une heure antérieure au début de ce silence. Cela ne change rien ; si les horloges diffèrent, demandez à cette partie.
drafting-silence-late = Ce qu’a fait { $side } est venu trop tard, ou ne lui revenait pas, et ne change rien.
drafting-become = Établir le texte
drafting-become-lead = Il ne reste pas de crochets. Le texte est lu comme tout autre, avec ce que l’on sait de la session. Une personne le confirme ; d’ici là, rien n’en figure au registre.
drafting-become-open = { $open ->
    [one] { $open } paragraphe est encore en suspens. Un texte n’a pas de crochets.
   *[other] { $open } paragraphes sont encore en suspens. Un texte n’a pas de crochets.
  }
drafting-become-silence = Une procédure de silence court sur ce tour. Il devient un texte lorsque le délai est écoulé sans qu’aucune partie ait rompu le silence.
drafting-become-two = Deux tours figurent côte à côte. Reprenez d’abord l’un et l’autre dans un prochain.
drafting-become-go = Le lire comme texte
drafting-become-done = Le texte est lu. Parcourez ce qui a été trouvé, puis confirmez.
drafting-become-unread = Le texte ne peut être lu : il est trop court, ou n’est ni en anglais ni en français. Le projet reste tel quel.
drafting-became = La lecture qui en est issue
drafting-agenda = Ordre du jour
drafting-agenda-lead = Les points de la session. La session est réécrite avec eux, sous le marquage que vous choisissez.
drafting-agenda-hint = Un point par ligne ; la partie qui l’a proposé entre parenthèses à la fin
drafting-agenda-keep = Enregistrer l’ordre du jour
drafting-agenda-kept = L’ordre du jour est conservé.
dialogues-brief-docx = La fiche en DOCX
