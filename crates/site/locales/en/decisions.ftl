# What awaits a decision, the quarantine.
awaiting-title = Awaiting a decision
awaiting-lead = These arrived intact, but this node cannot tell by itself whether to take them. Their content stays hidden until somebody who may decide has done so. Admit: the record is taken, and nobody sees it whom its label does not let in. Discard: it is not kept. Either decision is in the log.
awaiting-none = Nothing awaits a decision.
awaiting-object = Record
awaiting-by = Said to be by
awaiting-by-nobody = It names no author.
awaiting-decision = Decision
awaiting-admit = Admit
awaiting-discard = Discard
awaiting-discard-sure = It is not kept here. Its author is not told; whoever posted it can see that it was discarded.
awaiting-admit-one = Admit number { $n }
awaiting-discard-one = Discard number { $n }
awaiting-admitted = Admitted. The decision is in the log.
awaiting-discarded = Discarded. The decision is in the log.
awaiting-gone-title = This can no longer be decided
awaiting-gone-text = Somebody else has decided already, or it cannot be taken even by decision. Nothing was changed.
awaits-future-version = its version is dated more than 24 hours ahead
awaits-seal-missing = its author seals its records, and this copy has no seal
awaits-seal-broken = the seal does not fit the content
awaits-seal-former = it is sealed by a key that its author has replaced or revoked, and was made after that, or comes too long after it
awaits-seal-late = it was sealed by a key that its author has replaced since, and comes long after that
awaits-in-our-name = it speaks in the name of this node and does not come from it
awaits-authors-object = the object is another author’s, who alone may revise it
awaits-other-channel = earlier versions came by another way, and no key tells who may revise them
awaits-label-loosened = whoever passed it on gives it a looser label than its author sealed
awaits-seal-unvouched = its author’s key was revoked, and words have not been compared since
awaits-other-content = another content is held under the same id and version; a change needs a new version
awaits-above = it is marked with a classification that this node may not hold; nothing of it was kept
awaits-quota = the peer has brought more than it may bring in a day
quarantine-title = Quarantine
quarantine-lead = What arrived malformed is not taken. Here stand the reason and the hash of each. Its first 4 KiB are kept, for those to read who decide; what label it had is not known, so treat it as TLP:RED.
quarantine-head = How no. { $n } begins
quarantine-rule-json = this is no JSON
quarantine-rule-encoding = this is not UTF-8
quarantine-rule-duplicate-key = the same key is there twice
quarantine-rule-depth = it is nested too deeply
quarantine-rule-size = it is too large
quarantine-rule-count = there are too many objects
quarantine-rule-references = there are too many references
quarantine-rule-number = no program can hold this number
quarantine-rule-container = this is neither an envelope, nor a bundle, nor an object
quarantine-rule-required = a required property is missing
quarantine-rule-type = the property is of another type
quarantine-rule-identifier = this is no identifier
quarantine-rule-timestamp = this is no timestamp
quarantine-rule-type-mismatch = identifier and type differ
quarantine-rule-value = this value is not allowed here
quarantine-rule-unknown-property = this property is not known here
quarantine-rule-reference-type = this type of object is not allowed here
quarantine-rule-pattern = this is no STIX pattern
quarantine-none = The quarantine is empty.
quarantine-size = Bytes
quarantine-hash = SHA-256
quarantine-discarded = Discarded.
awaiting-count = { $n ->
    [0] Nothing awaits a decision.
    [one] { $n } record awaits your decision.
   *[other] { $n } records await your decision.
  }
awaiting-count-others = { $n ->
    [0] Nothing awaits a decision.
    [one] { $n } record awaits the decision of an editor or releaser.
   *[other] { $n } records await the decision of an editor or releaser.
  }
