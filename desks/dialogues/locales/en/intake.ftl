# Many texts at once: brought, tried, read by the node.
intake-title = Read many texts
dialogues-begin = Bring in the first texts: drop files to be read
intake-lead = Drop files or a folder here, or choose them. The node tries them first and says what it found in each; nothing is kept for the register before you say so, and then each text waits for a person like any other.
intake-files = Files
intake-files-hint = Text, web pages, PDF with a text layer and DOCX, in English or French. Several can be chosen at once.
intake-folder = A folder
intake-folder-hint = With everything in it, where your browser can choose folders.
intake-bring = Try them
intake-none = Choose files or a folder.
intake-portions = Files that have arrived: { $n } of { $all }
intake-one = Files brought
intake-told = { $n ->
    [one] { $n } file, brought on { $date }
   *[other] { $n } files, brought on { $date }
  }
intake-bringing = Files arrive
intake-trying = The node looks at each file
intake-taking = The node reads the texts
intake-stop = Stop for now
intake-go-on = Go on
intake-try = Go on with the files that have arrived
intake-look = Look at what was found
intake-trial = What would become of each
intake-take = { $n ->
    [one] Read this text
   *[other] Read these { $n } texts
  }
intake-say-new = { $n ->
    [one] { $n } text would be read
   *[other] { $n } texts would be read
  }
intake-say-taken = { $n ->
    [one] { $n } text is read and waits for a person
   *[other] { $n } texts are read and wait for a person
  }
intake-say-known = { $n ->
    [one] { $n } text is known already
   *[other] { $n } texts are known already
  }
intake-say-failed = { $n ->
    [one] { $n } file could not be read
   *[other] { $n } files could not be read
  }
intake-waiting = Not looked at yet
intake-new = New
intake-found = { $n ->
    [one] “{ $title }”, { $language }, { $n } clause
   *[other] “{ $title }”, { $language }, { $n } clauses
  }
intake-known = Known already
intake-known-why = The same file, or the same words in another layout, was read before.
intake-twice-why = The same words stand in { $file }.
intake-taken = Read
intake-taken-head = Read, waiting for a person
intake-failed = Could not be read
intake-failed-language = Neither in English nor in French.
intake-failed-empty = There is no text in it. A scan needs its text recognized first.
intake-failed-large = It is longer than a statement can be, or takes too long to unpack.
intake-failed-damaged = The file is damaged, protected, or of a kind that isn’t read.
intake-failed-above = It is marked with a classification that this node may not hold. Nothing of it was kept.
intake-throw-away = Discard these files
intake-throw-hint = The files that the node still keeps are let go of. What was read of them stays.
intake-thrown-away = The files are thrown away.
intake-list = Files that were brought together
intake-line = { $n ->
    [one] { $n } file of { $date }
   *[other] { $n } files of { $date }
  }
intake-phase-bringing = still arriving
intake-phase-trying = being tried
intake-phase-tried = tried; you decide
intake-phase-taking = being read
intake-phase-taken = read
intake-phase-stopped = stopped for now
intake-english = English
intake-french = French
dialogues-phrase-stage = of which: { $value }
intake-macros = It carries macros. They were neither read nor run.
