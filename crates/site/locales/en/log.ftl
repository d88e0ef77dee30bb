# The log.
log-title = Log
log-lead = Every version that was accepted is a leaf of this log. Nobody can change or remove one without it showing.
log-empty = The log is empty.
log-entries = Entries in the log
log-head = Head of the log
log-signed = Signed
log-peers-see = Entries at the last checkpoint, which peers see
log-note = Signed note
log-keep = Download the checkpoint, to keep it elsewhere
log-witnesses = Witnesses
log-no-witnesses = A peer signs the head of this log beside us. There is no peer yet.
log-witnessed = Entries that it has signed
log-not-yet = not yet
log-prove = Prove it
log-prove-how = On the machine of this node, or on a copy of its folder, without a network:
