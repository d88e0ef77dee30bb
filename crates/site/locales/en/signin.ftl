# Set-up, signing in, one's own account, those who sign in, programs.

set-up-title = Set up this node
set-up-lead = You have the code that the terminal of this node shows. With it you become the first administrator: name yourself here, then choose how you will sign in.
set-up-code = Set-up code
set-up-code-hint = Twelve letters and digits, as the terminal shows them.
set-up-wrong = { $left ->
    [one] Wrong set-up code. 1 try left.
   *[other] Wrong set-up code. { $left } tries left.
  }
set-up-no-tries = No tries are left. Start the node again: it shows a new code.
set-up-name = Your name
set-up-name-hint = As others will read it beside what you do here.
set-up-login = Name to sign in with
set-up-login-hint = Short: letters, digits, dots. For example: ada.lind
set-up-login-wrong = This cannot be a name to sign in with. Take 2 to 64 letters, digits, dots or dashes.
set-up-begin = Begin
set-up-participant-title = For whom this node stands
set-up-participant-lead = This node stands for { $name }.
set-up-own = Its name
set-up-own-hint = As others will read it: the name of the State, ministry, agency or organization.
set-up-own-wrong = Another participant has this name. Choose one that tells them apart.
set-up-organs = Other organs
set-up-organs-hint = One on each line: ministries, agencies, missions that records here will name. They can be added later as well.
set-up-organs-known = Known already: { $names }.
set-up-organs-wrong = Line { $n }: { $why }
set-up-go-on = Go on
set-up-languages-title = Languages
set-up-languages-lead = Every page exists in each of these languages. Each person chooses, at any time.
set-up-language = Your pages
set-up-end = Finish
set-up-done = Set-up is done. Invite a second person next: what leaves the house needs two.

sign-in-verb = Sign in
sign-in-passkey = Sign in with a passkey
sign-in-passkey-failed = No passkey was shown. Try again, or sign in with your password.
sign-in-passkey-wrong = This passkey does not open this node. Try another, or sign in with your password.
sign-in-by-password = With a password
sign-in-login = Name to sign in with
sign-in-password = Password
sign-in-code = Code
sign-in-code-hint = Six digits from your app, or one of your recovery codes. With a recovery code, somebody who has no password leaves the password empty.
sign-in-openid = Sign in with { $name }
sign-in-lost = You have lost all of it? An administrator of this node gives you a new way in. Where you are the only administrator, “entente user recover” on the machine of the node does.
sign-out-said = You are signed out.

enter-title = Sign in by this link
enter-lead = The link was made on the machine of the node of { $name }. It signs you in once; the button uses it up.
enter-verb = Sign in
invited-title = Welcome
invited-lead = You are invited to the node of { $name }. Go on to choose how you will sign in. The link is used up by it.
invited-recovery = Go on to choose anew how you will sign in. What you signed in with before will not work any more, and the link is used up.
invited-verb = Go on

choose-title = Choose how you will sign in
choose-lead = One of these is enough. Recovery codes come with a passkey or a password.
choose-passkey = A passkey
choose-passkey-lead = Your device or security key keeps it. Nothing to type, nothing that somebody could copy.
choose-passkey-label = What to call it
choose-passkey-label-hint = For example: office notebook, blue key
choose-passkey-verb = Create a passkey
choose-passkey-failed = No passkey was made. Try again, or choose a password.
choose-passkey-wrong = The browser’s answer did not fit. Try again, or choose a password.
choose-passkey-script = Passkeys need scripts in your browser. A password works without.
choose-passkey-elsewhere = Passkeys do not work at a bare address. Open { $address } and begin again there, or choose a password.
choose-passkey-nowhere = Passkeys work at the address that the operator configured. Here, choose a password.
choose-done = This is how you sign in from now on.
choose-by-password = A password and an app
choose-app = Take the picture with an authenticator app, or type its text. The app then shows six digits that change every half minute.
choose-picture = Picture for an authenticator app. The same stands in letters below.
choose-secret = In letters:
choose-password = Password
choose-password-hint = At least 12 characters. Length counts: four words are good.
choose-again = The same password again
choose-differs = The two differ. Type the same password twice.
choose-code = Code that the app shows
choose-code-hint = Six digits
choose-code-wrong = The app should show another code now. Type the six digits that it shows.
choose-as = You sign in as { $name }.
choose-verb = Use this password

codes-title = Recovery codes
codes-lead = Each lets you in once when your app or key is not at hand. They are shown this once.
codes-print = Print this page, or write the codes down, and keep them where you keep keys.
codes-next = I have them

account-title = My account
account-sign-out = Sign out
account-means = How I sign in
account-passkey = Passkey
account-used = Made { $created }, last used { $used }.
account-unused = Made { $created }, not used yet.
account-drop = Remove { $name }
account-drop-password = Remove password and app
account-means-dropped = It is removed. Other places where you were signed in have to sign in again.
account-add = Add a passkey, or choose a password
account-codes-left = { $n ->
    [0] There is none.
    [one] One is left.
   *[other] { $n } are left.
  }
account-codes-new = Create ten new codes
account-sessions = Where I am signed in
account-place = { $method }, since { $since }, last seen { $seen }.
account-here = here
account-end = Sign out there
account-end-all = Sign out everywhere else
account-ended = Signed out there.
account-language = Language of my pages
account-language-auto = As my browser says
account-language-verb = Save the language
account-tokens = Tokens for programs
account-tokens-lead = A program that shows a token acts for you, within what the token is for. It cannot release records or manage users.
account-token-made = This is the token. It is shown this once: copy it now.
account-token-name = What to call it
account-token-name-hint = So that you know it again: what it is for, on which machine.
account-token-scope = What it is for
account-token-days = For how many days
account-token-days-wrong = From 1 to 366.
account-token-verb = Create a token
account-token-told = { $scope }. Until { $expires }. { $used }
account-token-revoked = Revoked { $date }.
account-revoke = Revoke { $name }
account-revoked = It does not work any more.
account-scope-read = Reading
account-scope-feed = Feeds and calendars; it stands in their address
account-scope-decide = Reading, writing, and deciding about what comes in
account-scope-audit = The audit trail
account-scope-write = Reading and writing records

method-passkey = With a passkey
method-password = With password and code
method-recovery-code = With a recovery code
method-openid = Through a provider of identities
method-set-up = By the set-up code
method-invitation = By an invitation
method-recovery = By a recovery link
method-link = By a link from the terminal

users-title = Users
users-lead = Who signs in here, and what they may do. A role never shows anybody more records.
users-count = { $n ->
    [one] { $n } person
   *[other] { $n } people
  }
user-name = Name
user-login = Signs in as
user-login-hint = If you leave it empty, it is formed from the name.
user-function = Function
user-email = Mail
user-email-hint = A sign-in provider may recognize the person by this address.
user-email-wrong = This is no address for mail.
user-roles = Roles
user-no-role = Choose at least one role.
user-state = State
user-means = Signs in with
user-active = may come in
user-invited = invited
user-suspended = suspended
user-passkeys = { $n ->
    [one] a passkey
   *[other] { $n } passkeys
  }
user-password = password and app
user-nothing = nothing yet
user-invite = Invite somebody
user-new-title = Invite somebody
user-new-lead = They get a link from you, and choose themselves how they will sign in.
user-taken = Somebody has this name already, or it cannot be one. Choose another.
user-link-title = A link to hand over
user-link-lead = Give this to { $name } by a way that you trust. It is shown this once and works once.
user-link-until = It works until { $date }.
user-link-done = Done
user-save = Save the account
user-saved = It is saved. Where roles changed, they sign in again.
user-no-session = Nowhere.
user-sessions = Where they are signed in
user-end-all = Sign them out everywhere
user-ended = Signed out there.
user-way = A way back in
user-way-lead = For somebody who has lost everything: a link by which they choose anew. What they signed in with before will not work any more.
user-way-verb = Create a link
user-suspend-title = Suspend
user-suspend-lead = Somebody suspended is out at once: everywhere, with all their tokens. What they did stays.
user-suspend = Suspend
user-let-in = Let in again
user-suspended-said = Suspended. Everything of theirs is signed out.
user-let-in-said = They may come in again.

role-means-reader = Reads what is released to them.
role-means-editor = Writes records, and decides about what comes in.
role-means-releaser = Agrees, as the second person, to what leaves.
role-means-administrator = Manages users, programs and the register. Sees no more records for it.
role-means-auditor = Reads the audit trail. Changes nothing.

programs-title = Programs
programs-lead = Which programs come in, for whom, and what they read and write.
programs-count = { $n ->
    [one] { $n } program
   *[other] { $n } programs
  }
programs-empty = No program comes in yet. Let one in to connect a feed, a sensor or a MISP.
programs-let-in = Add a program
programs-new-title = Add a program
programs-new-lead = It gets what its participant may have, from the collections that you name. Its secret is shown once.
programs-made = { $name } may come in. This is its secret, shown this once: copy it now.
programs-name = Program
programs-name-hint = It is also its user name: no colon in it.
programs-name-wrong = A program has this name already, or it cannot be one. Choose another.
programs-participant = Acts for
programs-reads = Reads
programs-writes = Writes
programs-nothing = It could read and write nothing. Choose a collection to read or to write.
programs-used = Last came
programs-never = never
programs-works = may come in
programs-revoke = Block { $name }
programs-revoked = shut out { $date }
programs-revoked-said = It is shut out, from its next request on.

refused-title = This cannot be done
refused-signed-out = You are not signed in any more. Sign in and try again.
refused-wrong = Name, password or code is wrong. All three belong together; a code works once.
refused-slow = { $seconds ->
    [one] Too many wrong tries from here. Wait one second.
   *[other] Too many wrong tries from here. Wait { $seconds } seconds.
  }
refused-same-person = You asked for this yourself. Somebody else has to agree.
refused-last-administrator = This is the last administrator who can sign in. Make another first.
refused-stale = You signed in too long ago to change this. Sign in again.
refused-stale-title = Sign in again
refused-stale-text = To change how you sign in, you must have signed in within the last quarter of an hour. Sign out and in again, then come back here. Nothing was changed.
refused-last-means = This is your last way to sign in. Add another first.
refused-code = This link does not work: it was used, is over, or was mistyped.
refused-not-allowed = Your roles do not allow this. An administrator gives roles.
refused-short = At least 12 characters.
refused-long = At most 1024 bytes.
refused-guessable = This is among the first that somebody would try. Take words that have nothing to do with you or this house.

openid-title = Not signed in
openid-going-title = On to { $name }
openid-going-link = Go on
openid-down = { $name } does not answer. Nothing is wrong with your account: try again in a moment, or sign in here in another way.
openid-useless = What { $name } answers is of no use to this node. An administrator of this node has to look at it: its journal says why. Until then, sign in here in another way.
openid-code = { $name } does not stand by this sign-in any more: it took too long, or was used already. Begin again.
openid-token = What { $name } sent does not hold, and was not believed. Begin again. If it happens twice, tell an administrator of this node: its journal says why.
openid-clock = By the clock of this node, what { $name } sent is over already, or not valid yet. Begin again. If it happens twice, tell an administrator: the two clocks differ.
openid-lost = This sign-in with { $name } was begun in another browser or more than ten minutes ago, or it has come back already. Begin again.
openid-denied = { $name } did not let you in, or you did not go through with it. Begin again, or sign in here in another way.
openid-unbound = { $name } knows you, but nobody at this node is bound to you there yet. Give an administrator of this node this name of yours:
openid-taken = This account at { $name } is bound to somebody at this node already. An administrator can take that away.
choose-openid-lead = You sign in at { $name }, and this node believes it. What you may do here is still decided here.
choose-openid-verb = Sign in with { $name } from now on
user-openid-title = Provider of identities
user-openid-subject = Who they are at { $name }
user-openid-hint = The name by which the provider knows them for good, as it stands on the page that they see when they are not bound yet.
user-openid-verb = Bind
user-openid-bound = They sign in through the provider from now on.
user-openid-dropped = It is removed. Wherever they were signed in, they have to sign in again.
user-openid-taken = This is bound to somebody here already.

api-no-token-title = No token
api-no-token = Show a token as Authorization: Bearer. It is made on the account page; this one is none, is over, or is for something else.
api-not-allowed = This is not within the token, or not a right of its owner.
api-unreadable = What was sent cannot be read.

feed-atom = Follow (Atom)
feed-needs = What awaits me
feed-awaiting = To be decided: { $kind }
feed-search = Search: { $words }
feed-history = Versions of { $title }
feed-version = Version of { $date }
account-feeds = Feeds and calendars
account-feeds-lead = A feed reader or calendar that cannot sign in takes one of these addresses, with ?token= and a token for feeds at its end. Whoever has it reads there what you may read. When it has gone astray, revoke it above.
