# Choosing a label.
label-how-far = How far it may go
label-how-far-hint = TLP says how far, not how secret. Only its author loosens a label.
label-clear = everyone, without signing in; a second person has to agree, then a delay passes
label-green = the community that you name, and no further; if you name none, nobody outside your own organ
label-green-community = the community that you name, else { $name }; and no further
label-green-nobody = No community is named: nobody outside your own organ will see it. Under “To whom”, name a community: a circle, or its members.
label-amber = those named, and their own clients who need to know
label-amber-strict = those named, and nobody else
label-red = the persons named, and nobody in their place
label-whom = To whom
label-whom-hint = Nobody chosen means nobody beyond your own organ.
label-circle = Circle: { $name }
label-person = Person: { $name }
label-who = Who will see it
label-names = The names, and why not
label-check = Check who will see it
label-none = Choose how far it may go.
