# The home page.
home-node = This node
home-organ-of = Organ of { $name }
home-state = State
home-organisation = Organization
home-organ = Organ
home-client = Client
home-address = Address
home-no-address = none: this node only calls out
home-time = Time here
home-trouble = This node is not well: { $why }. What was acknowledged is stored; its administrators read under Health what to do.
home-desk-quiet = Nothing to report.
home-first = What to do first
home-first-peer = Introduce this node to another participant
home-first-person = Invite a second person
home-first-record = Have the first records brought in
home-all-records = All records
home-received = { $n ->
    [0] Nothing was received from others since yesterday.
    [one] { $n } record was received from others since yesterday.
   *[other] { $n } records were received from others since yesterday.
  }
home-withheld = { $n ->
    [one] You withheld { $n } record from { $name }.
   *[other] You withheld { $n } records from { $name }.
  }
home-audit = { $n ->
    [0] Nothing was added to the audit trail since yesterday.
    [one] { $n } line was added to the audit trail since yesterday.
   *[other] { $n } lines were added to the audit trail since yesterday.
  }
home-audit-many = { $n } lines or more were added to the audit trail since yesterday.
home-quarantine = { $n ->
    [one] { $n } malformed object is in quarantine.
   *[other] { $n } malformed objects are in quarantine.
  }
home-clearance = { $n ->
    [one] { $n } case is open: what is to leave awaits its steps.
   *[other] { $n } cases are open: what is to leave awaits its steps.
  }
