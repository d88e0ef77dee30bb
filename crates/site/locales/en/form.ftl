# Forms.
form-problem = There is something to correct
form-empty = Fill in: { $field }
form-optional = (optional)
form-resumed = You began this on { $date }. What you typed is below.
form-drop = Throw it away
form-dropped = What you had begun was thrown away.
form-kept = What you typed is kept.
sign-in-kept = What you typed is kept: sign in and open the form again.
