# Saying anew what a confirmed commitment is.
edit-title = Say it anew
edit-keep = Keep as a new version
edit-withdraw = Take it back
edit-stand-again = Let it stand again
edit-restore = Let this version hold again
edit-not-ours = Another participant wrote this; only its author can say it anew. What your side holds of it, say as follow-up.
edit-reason = Why
edit-reason-hint = It stands beside the new version, for everybody who sees that.
edit-words-hint = Longer or shorter, but as they stand in the text.
edit-words-wrong = These words do not stand in the text.
edit-meanwhile = Somebody changed it meanwhile. Look at it again; what you typed is kept here.
edit-kept = The new version holds; the earlier ones stay.
edit-because = { $who }: { $reason }
edit-machine = As the machine read it
edit-history = Versions
