# Bundles: made, brought, refused.
bundles-title = Bundles
bundles-lead = For peers that no network reaches: what a peer may have, sealed, encrypted to its node and numbered, to be carried by hand.
bundles-make = Create a bundle
bundles-make-how = It holds all that the peer may have and has not confirmed yet, and the receipts for what came from it. Only its node opens it.
bundles-for = For
bundles-seal = Seal the bundle
bundles-bring = Bring a bundle in
bundles-bring-how = It is tried first: you see what would come of it before anything is taken.
bundles-file = File
bundles-file-hint = As it came on its medium, up to 30 MB. A larger one is opened on the terminal: entente bundle open.
bundles-gap = Open it although bundles before it are missing
bundles-gap-hint = It repeats everything that was not confirmed. Ask the sender first where the others are.
bundles-no-file = Choose the file.
bundles-no-peers = Bundles go to peers whose words were confirmed. There is none yet.
bundles-to-peers = Go to the peers
bundles-ours = From this node
bundles-theirs = To this node
bundles-none-yet = None yet.
bundles-number = Up to number { $n }.
bundles-on-the-way = No. { $n }, sealed on { $date }, { $records ->
    [one] { $records } record
   *[other] { $records } records
  }: no receipt yet
bundles-receipt = No. { $n }: { $taken ->
    [one] { $taken } record taken
   *[other] { $taken } records taken
  }{ $beside ->
    [0] {""}
    [one] {" "}with { $beside } seal or label
   *[other] {" "}with { $beside } seals and labels
  }, { $awaiting } awaiting a decision, { $refused } refused
bundles-refused = Refused
bundles-none-refused = No bundle was refused here.
bundles-by = Brought by
bundles-brought = A bundle that was brought
bundles-brought-lead = Nothing of it is taken yet. It is whole, from a confirmed peer, to this node, and new.
bundles-brought-since = A bundle that you brought on { $date } is not decided yet.
bundles-look = Look at it
bundles-from = Sealed by
bundles-sealed-on = Sealed on
bundles-receipts = Receipts
bundles-brings-receipts = { $n ->
    [0] none for bundles of ours
    [one] { $n } for a bundle of ours
   *[other] { $n } for bundles of ours
  }
bundles-all-taken = Everything in it would be taken.
bundles-some-not = What would not simply be taken:
bundles-would-take = taken
bundles-would-wait = awaits a decision
bundles-would-refuse = refused
bundles-take = Import the bundle
bundles-discard = Discard the bundle
bundles-discarded = The bundle is thrown away; nothing of it was taken.
bundles-not-sealed-title = Nothing was sealed
bundles-not-sealed-text = The words of this peer are not confirmed, or the exchange with it is suspended.
bundle-refused-none = This is no bundle, or its beginning is damaged. Ask for it anew.
bundle-refused-other-node = It is encrypted to another node, or to a key that this one no longer has.
bundle-refused-other-addressee = It is addressed to { $name }, not to this node’s participant.
bundle-refused-unknown-sender = Its sender, { $name }, is no peer of this node. Introduce and confirm it first.
bundle-refused-not-exchanging = The exchange with { $name } is suspended or not confirmed; its bundles are not opened.
bundle-refused-forged = Its signature is not that of the sender’s key. Tell the sender.
bundle-refused-replayed = Number { $number } was opened before; the last one was { $last }.
bundle-refused-gap = Numbers { $first } to { $last } are missing before it. Bring them first, or tick “although bundles before it are missing”.
bundle-refused-other-line = It does not follow the one that was opened before it: the sender may have gone back to an older state. Ask, and open it over the gap if that is so.
bundle-refused-damaged = It was changed or cut off on its way. Ask for it anew.
bundle-refused-too-large = It is larger than it says, or than what is opened here.
