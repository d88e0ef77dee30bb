# Forms.
form-problem = There is something to correct
form-empty = Fill in: { $field }
form-name-none = This is no name: there is nothing in it.
form-name-long = A name has at most { $most } characters; this one has { $n }. Shorten it.
form-name-unseen = A name stands on one line and has no characters that are not seen. Type it anew.
form-stands = What stands there now: { $value }
form-stands-empty = Nothing stands there now.
form-stands-ticked = It is ticked now.
form-stands-unticked = It is not ticked now.
form-optional = (optional)
form-resumed = You began this on { $date }. What you typed is below.
form-drop = Throw it away
form-dropped = What you had begun was thrown away.
form-kept = What you typed is kept.
sign-in-kept = What you typed is kept: sign in and open the form again.
