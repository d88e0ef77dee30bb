# Installation, connexion, compte personnel, utilisateurs, programmes.

set-up-title = Installer ce nœud
set-up-lead = Vous avez le code affiché sur le terminal de ce nœud. Il fait de vous le premier administrateur : indiquez votre nom, puis choisissez comment vous vous connecterez.
set-up-code = Code d’installation
set-up-code-hint = Douze lettres et chiffres, tels que le terminal les affiche.
set-up-wrong = { $left ->
    [0] Code d’installation erroné. Plus aucun essai.
    [one] Code d’installation erroné. Il reste 1 essai.
   *[other] Code d’installation erroné. Il reste { $left } essais.
  }
set-up-no-tries = Il ne reste aucun essai. Redémarrez le nœud : il affichera un nouveau code.
set-up-name = Votre nom
set-up-name-hint = Tel que les autres le liront à côté de ce que vous faites ici.
set-up-login = Identifiant
set-up-login-hint = Court : lettres, chiffres, points. Par exemple : ada.lind
set-up-login-wrong = Cet identifiant ne convient pas. Prenez de 2 à 64 lettres, chiffres, points ou tirets.
set-up-begin = Commencer
set-up-participant-title = Au nom de qui ce nœud agit
set-up-participant-lead = Ce nœud agit au nom de { $name }.
set-up-own = Son nom
set-up-own-hint = Tel que les autres le liront : le nom de l’État, du ministère, de l’agence ou de l’organisation.
set-up-own-wrong = Un autre participant porte ce nom. Choisissez-en un qui les distingue.
set-up-organs = Autres organes
set-up-organs-hint = Un par ligne : ministères, agences, missions que les pièces nommeront. On peut aussi les ajouter plus tard.
set-up-organs-known = Déjà connus : { $names }.
set-up-organs-wrong = Ligne { $n } : { $why }
set-up-go-on = Continuer
set-up-languages-title = Langues
set-up-languages-lead = Chaque page existe dans chacune de ces langues. Chacun choisit la sienne, à tout moment.
set-up-language = Vos pages
set-up-end = Terminer
set-up-done = L’installation est terminée. Invitez maintenant une deuxième personne : ce qui sort de la maison se décide à deux.

sign-in-verb = Se connecter
sign-in-passkey = Se connecter avec une clé d’accès
sign-in-passkey-failed = Aucune clé d’accès n’a été présentée. Réessayez, ou connectez-vous avec votre mot de passe.
sign-in-passkey-wrong = Cette clé d’accès n’ouvre pas ce nœud. Essayez-en une autre, ou connectez-vous avec votre mot de passe.
sign-in-by-password = Avec un mot de passe
sign-in-login = Identifiant
sign-in-password = Mot de passe
sign-in-code = Code
sign-in-code-hint = Les six chiffres de votre application, ou l’un de vos codes de secours. Avec un code de secours, qui n’a pas de mot de passe laisse vide le champ « Mot de passe ».
sign-in-openid = Se connecter par « { $name } »
sign-in-lost = Vous avez tout perdu ? Un administrateur de ce nœud vous rouvrira l’accès. Si vous êtes le seul, la commande « entente user recover », sur la machine du nœud, le fait.
sign-out-said = Vous êtes déconnecté.

enter-title = Se connecter par ce lien
enter-lead = Le lien a été créé sur la machine du nœud de { $name }. Il ne sert qu’une fois, quand vous appuyez sur le bouton.
enter-verb = Se connecter
invited-title = Bienvenue
invited-lead = Vous êtes invité sur le nœud de { $name }. Continuez pour choisir comment vous vous connecterez. Le lien ne servira plus ensuite.
invited-recovery = Continuez pour choisir à nouveau comment vous vous connecterez. Vos anciens moyens de connexion ne serviront plus, ni ce lien.
invited-verb = Continuer

choose-title = Choisissez comment vous vous connecterez
choose-lead = L’un de ces moyens suffit. Des codes de secours accompagnent la clé d’accès comme le mot de passe.
choose-passkey = Une clé d’accès
choose-passkey-lead = Votre appareil ou votre clé de sécurité la garde. Rien à saisir, rien que l’on puisse copier.
choose-passkey-label = Comment l’appeler
choose-passkey-label-hint = Par exemple : portable du bureau, clé bleue
choose-passkey-verb = Créer une clé d’accès
choose-passkey-failed = Aucune clé d’accès n’a été créée. Réessayez, ou choisissez un mot de passe.
choose-passkey-wrong = La réponse du navigateur ne convient pas. Réessayez, ou choisissez un mot de passe.
choose-passkey-script = Les clés d’accès exigent que le navigateur exécute les scripts. Un mot de passe s’en passe.
choose-passkey-elsewhere = Une clé d’accès ne fonctionne pas à une adresse numérique. Ouvrez { $address } et recommencez là, ou choisissez un mot de passe.
choose-passkey-nowhere = Les clés d’accès fonctionnent à l’adresse que l’exploitant a configurée. Ici, choisissez un mot de passe.
choose-done = C’est ainsi que vous vous connectez désormais.
choose-by-password = Un mot de passe et une application
choose-app = Lisez l’image avec une application d’authentification, ou saisissez-en le texte. L’application affiche alors six chiffres qui changent toutes les trente secondes.
choose-picture = Image pour une application d’authentification. Le texte équivalent figure au-dessous.
choose-secret = En toutes lettres :
choose-password = Mot de passe
choose-password-hint = Au moins 12 caractères. C’est la longueur qui compte : quatre mots conviennent.
choose-again = Le même mot de passe, encore une fois
choose-differs = Les deux diffèrent. Saisissez deux fois le même mot de passe.
choose-code = Code affiché par l’application
choose-code-hint = Six chiffres
choose-code-wrong = L’application devrait afficher un autre code à présent. Saisissez les six chiffres qu’elle affiche.
choose-as = Votre identifiant est { $name }.
choose-verb = Adopter ce mot de passe

codes-title = Codes de secours
codes-lead = Chacun vous ouvre l’accès une fois, quand votre application ou votre clé n’est pas à portée. Ils ne sont affichés que cette fois.
codes-print = Imprimez cette page ou recopiez les codes, et gardez-les là où vous gardez vos clés.
codes-next = Je les ai

account-title = Mon compte
account-sign-out = Se déconnecter
account-means = Mes moyens de connexion
account-passkey = Clé d’accès
account-used = Depuis le { $created }, dernier usage le { $used }.
account-unused = Depuis le { $created }, encore inutilisé.
account-drop = Retirer { $name }
account-drop-password = Retirer le mot de passe et l’application
account-means-dropped = C’est retiré. Les autres appareils devront se reconnecter.
account-add = Ajouter une clé d’accès, ou choisir un mot de passe
account-codes-left = { $n ->
    [0] Il n’y en a aucun.
    [one] Il en reste un.
   *[other] Il en reste { $n }.
  }
account-codes-new = Créer dix nouveaux codes
account-sessions = Où je suis connecté
account-place = { $method }, depuis le { $since }, vu le { $seen }.
account-here = ici
account-end = Déconnecter
account-end-all = Déconnecter partout ailleurs
account-ended = Déconnecté.
account-language = Langue de mes pages
account-language-auto = Celle de mon navigateur
account-language-verb = Enregistrer la langue
account-tokens = Jetons pour des programmes
account-tokens-lead = Un programme qui présente un jeton agit en votre nom, dans les limites de ce jeton. Il n’autorise jamais une diffusion et ne gère personne.
account-token-made = Voici le jeton. Il n’est affiché que cette fois : copiez-le maintenant.
account-token-name = Comment l’appeler
account-token-name-hint = Pour le reconnaître : à quoi il sert, sur quelle machine.
account-token-scope = À quoi il sert
account-token-days = Pour combien de jours
account-token-days-wrong = De 1 à 366.
account-token-verb = Créer un jeton
account-token-told = { $scope }. Jusqu’au { $expires }. { $used }
account-token-revoked = Révoqué le { $date }.
account-revoke = Révoquer { $name }
account-revoked = Il ne fonctionne plus.
account-scope-read = Lecture
account-scope-feed = Fils et calendriers, dont l’adresse le contient
account-scope-decide = Lecture, écriture et décisions sur ce qui arrive
account-scope-audit = La piste d’audit
account-scope-write = Lecture et écriture de pièces

method-passkey = Par clé d’accès
method-password = Par mot de passe et code
method-recovery-code = Par code de secours
method-openid = Par un fournisseur d’identité
method-set-up = Par le code d’installation
method-invitation = Par invitation
method-recovery = Par lien de secours
method-link = Par un lien du terminal

users-title = Utilisateurs
users-lead = Qui se connecte ici, et avec quels droits. Un rôle ne donne jamais accès à davantage de pièces.
users-count = { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
  }
user-name = Nom
user-login = Identifiant
user-login-hint = Laissé vide, il est tiré du nom.
user-function = Fonction
user-email = Courriel
user-email-hint = Un fournisseur d’identité peut reconnaître la personne à cette adresse.
user-email-wrong = Ce n’est pas une adresse de courriel.
user-roles = Rôles
user-no-role = Choisissez au moins un rôle.
user-state = État
user-means = Moyens de connexion
user-active = accès ouvert
user-invited = invitation envoyée
user-suspended = accès suspendu
user-passkeys = { $n ->
    [one] une clé d’accès
   *[other] { $n } clés d’accès
  }
user-password = mot de passe et application
user-nothing = aucun pour l’instant
user-invite = Inviter quelqu’un
user-new-title = Inviter quelqu’un
user-new-lead = La personne reçoit de vous un lien et choisit elle-même comment elle se connectera.
user-taken = Ce nom est déjà pris, ou ne convient pas. Choisissez-en un autre.
user-link-title = Un lien à remettre
user-link-lead = Remettez-le à { $name } par une voie sûre. Il n’est affiché que cette fois et ne sert qu’une fois.
user-link-until = Il est valable jusqu’au { $date }.
user-link-done = C’est fait
user-save = Enregistrer le compte
user-saved = C’est enregistré. Si les rôles ont changé, la personne devra se reconnecter.
user-no-session = Nulle part.
user-sessions = Connexions ouvertes
user-end-all = Déconnecter partout
user-ended = Déconnecté.
user-way = Rouvrir l’accès
user-way-lead = Pour qui a tout perdu : un lien pour choisir à nouveau. Les anciens moyens de connexion ne serviront plus.
user-way-verb = Créer un lien
user-suspend-title = Suspension
user-suspend-lead = Une personne suspendue est dehors aussitôt : partout, avec tous ses jetons. Ce qu’elle a fait demeure.
user-suspend = Suspendre
user-let-in = Rétablir l’accès
user-suspended-said = Accès suspendu. Toutes ses connexions sont fermées.
user-let-in-said = L’accès est rétabli.

role-means-reader = Lit ce dont la diffusion lui est autorisée.
role-means-editor = Rédige des pièces et décide de ce qui entre.
role-means-releaser = Donne, en second, son accord à ce qui sort.
role-means-administrator = Gère les personnes, les programmes et le registre. Ne lit aucune pièce à ce titre.
role-means-auditor = Lit la piste d’audit. Ne modifie rien.

programs-title = Programmes
programs-lead = Quels programmes entrent, au nom de qui, ce qu’ils lisent et écrivent.
programs-count = { $n ->
    [one] { $n } programme
   *[other] { $n } programmes
  }
programs-empty = Aucun programme n’entre encore. Ouvrez un accès pour relier un flux, un capteur ou un MISP.
programs-let-in = Ouvrir un accès
programs-new-title = Ouvrir un accès à un programme
programs-new-lead = Il reçoit ce à quoi son participant a droit, dans les collections que vous nommez. Son secret n’est affiché qu’une fois.
programs-made = { $name } peut entrer. Voici son secret, affiché cette seule fois : copiez-le maintenant.
programs-name = Programme
programs-name-hint = C’est aussi son nom d’utilisateur. Sans deux-points.
programs-name-wrong = Un programme porte déjà ce nom, ou le nom ne convient pas. Choisissez-en un autre.
programs-participant = Agit au nom de
programs-reads = Lit
programs-writes = Écrit
programs-nothing = Il ne pourrait rien lire ni écrire. Choisissez une collection.
programs-used = Dernier passage
programs-never = jamais
programs-works = accès ouvert
programs-revoke = Fermer l’accès à { $name }
programs-revoked = accès fermé le { $date }
programs-revoked-said = L’accès est fermé, dès la prochaine requête.

refused-title = Ce n’est pas possible
refused-signed-out = Vous n’êtes plus connecté. Reconnectez-vous et recommencez.
refused-wrong = L’identifiant, le mot de passe ou le code est erroné. Les trois vont ensemble ; un code ne sert qu’une fois.
refused-slow = { $seconds ->
    [one] Trop d’essais erronés depuis ce poste. Attendez une seconde.
   *[other] Trop d’essais erronés depuis ce poste. Attendez { $seconds } secondes.
  }
refused-same-person = La demande vient de vous. L’accord doit venir d’une autre personne.
refused-last-administrator = C’est le dernier administrateur qui puisse se connecter. Nommez-en un autre d’abord.
refused-stale = Votre connexion est trop ancienne pour cette modification. Reconnectez-vous.
refused-stale-title = Reconnectez-vous
refused-stale-text = Pour modifier vos moyens de connexion, il faut s’être connecté dans le dernier quart d’heure. Déconnectez-vous, reconnectez-vous, puis revenez ici. Rien n’a été modifié.
refused-last-means = C’est votre dernier moyen de connexion. Ajoutez-en un autre d’abord.
refused-code = Ce lien ne fonctionne pas : il a servi, il est périmé ou il a été mal recopié.
refused-not-allowed = Vos rôles ne le permettent pas. Un administrateur attribue les rôles.
refused-short = Au moins 12 caractères.
refused-long = Au plus 1024 octets.
refused-guessable = C’est l’un des premiers que l’on essaierait. Prenez des mots sans rapport avec vous ni avec votre organe.

openid-title = Connexion non établie
openid-going-title = Vers { $name }
openid-going-link = Continuer
openid-down = { $name } ne répond pas. Votre compte n’est pas en cause : réessayez dans un instant, ou connectez-vous ici autrement.
openid-useless = La réponse de { $name } est inutilisable pour ce nœud. Un administrateur du nœud doit s’en occuper : le journal en donne la raison. D’ici là, connectez-vous ici autrement.
openid-code = { $name } ne confirme plus cette connexion : elle a trop duré, ou a déjà servi. Recommencez.
openid-token = L’envoi de { $name } n’est pas valable ; il n’en a pas été tenu compte. Recommencez. Si cela se reproduit, prévenez un administrateur du nœud : le journal en donne la raison.
openid-clock = À l’heure de ce nœud, l’envoi de { $name } est périmé ou n’est pas encore valable. Recommencez. Si cela se reproduit, prévenez un administrateur : les deux horloges diffèrent.
openid-lost = Cette connexion avec { $name } a été engagée dans un autre navigateur ou il y a plus de dix minutes, ou elle a déjà abouti. Recommencez.
openid-denied = { $name } ne vous a pas laissé entrer, ou vous n’êtes pas allé au bout. Recommencez, ou connectez-vous ici autrement.
openid-unbound = { $name } vous connaît, mais personne sur ce nœud n’est encore rattaché à votre compte. Communiquez cet identifiant à un administrateur du nœud :
openid-taken = Ce compte de { $name } est déjà rattaché à une personne de ce nœud. Un administrateur peut supprimer ce rattachement.
choose-openid-lead = Vous vous connectez auprès de { $name }, et ce nœud s’y fie. Ce que vous pouvez faire ici reste décidé ici.
choose-openid-verb = Se connecter désormais avec { $name }
user-openid-title = Fournisseur d’identité
user-openid-subject = Son identifiant chez { $name }
user-openid-hint = L’identifiant durable que le fournisseur lui attribue, tel que le montre la page affichée à qui n’est pas encore rattaché.
user-openid-verb = Rattacher
user-openid-bound = Cette personne se connecte désormais par le fournisseur d’identité.
user-openid-dropped = C’est supprimé. Partout où cette personne était connectée, elle devra se reconnecter.
user-openid-taken = Cet identifiant est déjà rattaché à une personne de ce nœud.

api-no-token-title = Aucun jeton
api-no-token = Présentez un jeton dans l’en-tête Authorization (Bearer). Il se crée sur la page du compte ; celui-ci n’en est pas un, n’est plus valable ou sert à autre chose.
api-not-allowed = Le jeton ne le permet pas, ou son titulaire n’en a pas le droit.
api-unreadable = L’envoi est illisible.

feed-atom = Suivre (Atom)
feed-needs = Ce qui m’attend
feed-awaiting = À décider : { $kind }
feed-search = Recherche : { $words }
feed-history = Versions de { $title }
feed-version = Version du { $date }
account-feeds = Fils et calendriers
account-feeds-lead = Un lecteur de fils ou un calendrier qui ne peut pas se connecter prend l’une de ces adresses, suivie du paramètre token et d’un jeton pour les fils. Qui la détient y lit ce que vous pouvez lire. Si elle s’est égarée, révoquez le jeton ci-dessus.
