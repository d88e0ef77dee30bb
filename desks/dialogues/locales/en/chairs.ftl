# Who chaired a session for each side.
chairs-title = Chairs
chairs-lead = Who chaired the session for each side. Everybody else who took part stays as recorded.
chairs-name = { $side }: who chaired
chairs-office = { $side }: in which office
chairs-for = Chair ({ $side })
chairs-name-missing = Write whose office it is.
chairs-gone = { $side } is no party to this session any more.
chairs-gone-kept = What you wrote for it stands here: write it for another side, or empty both fields.
chairs-gone-chair = { $side } is no party to this session any more and cannot be in the chair: your tick is left out.
chairs-in = Which side presided over the session?
chairs-in-hint = Both where they presided together; none where it is not known.
chairs-keep = Save the chairs
chairs-kept = The chairs are kept.
