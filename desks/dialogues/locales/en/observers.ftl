# Who observes a session, and what the role lets them have.
observers-lead = The role decides what an observer gets of the session, whoever shares it: that it takes place, and the tabled papers, the outcome, or all that the parties share.
observers-sees = What { $who } sees
observers-side = On whose side { $who } sits
observers-on-side = on the side of { $side }
observers-none = is no observer any more
observers-gone = { $who } is no observer of this session any more: what you chose for it is left out. Name it again below if it is to be one.
observers-who = Another observer
observers-role = What it sees
observers-its-side = On whose side it sits
observers-role-missing = Choose what it sees.
observers-twice = It is a party or an observer already.
observers-keep = Keep the observers
observers-kept = The observers are kept. What is shared from now on goes by their roles.
observers-tabled = Papers that were tabled
observers-get = Observers get what their role lets them see, even where you name them: { $observers }. Without a mark here a text is no tabled paper.
observers-circle = An observer whose role does not let it have this belongs to a circle that you name. Name participants instead.
observers-left-out = Not to { $names }: the role of an observer does not let it have this.
