# Who chaired a session for each side.
chairs-title = Chairs
chairs-lead = Who chaired the session for each side. Everybody else who took part stays as recorded.
chairs-name = { $side }: who chaired
chairs-office = { $side }: office of the chair
chairs-for = Chair ({ $side })
chairs-name-missing = Write whose office it is.
chairs-gone = { $side } is no party to this session any more.
chairs-gone-kept = What you wrote for it stands here: write it for another side, or empty both fields.
chairs-gone-chair = { $side } is no party to this session any more and cannot be in the chair: your tick is left out.
chairs-in = In the chair
chairs-in-hint = Both where the session was chaired together; none where it is not known.
chairs-keep = Keep the chairs
chairs-kept = The chairs are kept.
