//! The properties of STIX 2.1, as data. Invariant: each line is a type of the standard, in alphabetical order, with every property of it.
//!
//! A property is `name:kind`, with `!` when it is required and `*` when it is a list. Kinds: see `Kind`. A reference names the types
//! that the standard allows, after `ref=`; without them, any.

/// What every SDO and SRO has (STIX 2.1 §3.2).
pub(super) const COMMON: &str = "type:text! spec_version:text! id:id! created_by_ref:ref=identity created:time! modified:time! revoked:bool \
    labels:text* confidence:int lang:text external_references:external* object_marking_refs:ref=marking-definition* \
    granular_markings:dict* extensions:dict";

/// What every cyber-observable has.
pub(super) const OBSERVABLE: &str = "type:text! spec_version:text id:id! object_marking_refs:ref=marking-definition* granular_markings:dict* \
    defanged:bool extensions:dict";

/// What markings and extension definitions have.
pub(super) const MARKING: &str = "type:text! spec_version:text! id:id! created_by_ref:ref=identity created:time! \
    external_references:external* object_marking_refs:ref=marking-definition* granular_markings:dict* extensions:dict";

/// Domain and relationship objects, and `language-content` and `extension-definition`.
pub(super) const OBJECTS: &[(&str, &str)] = &[
    (
        "attack-pattern",
        "name:text! description:text aliases:text* kill_chain_phases:phase*",
    ),
    (
        "campaign",
        "name:text! description:text aliases:text* first_seen:time last_seen:time objective:text",
    ),
    ("course-of-action", "name:text! description:text"),
    (
        "extension-definition",
        "name:text! description:text schema:text! version:text! extension_types:text*! extension_properties:text*",
    ),
    (
        "grouping",
        "name:text description:text context:text! object_refs:ref*!",
    ),
    (
        "identity",
        "name:text! description:text roles:text* identity_class:text sectors:text* contact_information:text",
    ),
    ("incident", "name:text! description:text"),
    (
        "indicator",
        "name:text description:text indicator_types:text* pattern:text! pattern_type:text! pattern_version:text valid_from:time! \
        valid_until:time kill_chain_phases:phase*",
    ),
    (
        "infrastructure",
        "name:text! description:text infrastructure_types:text* aliases:text* kill_chain_phases:phase* first_seen:time last_seen:time",
    ),
    (
        "intrusion-set",
        "name:text! description:text aliases:text* first_seen:time last_seen:time goals:text* resource_level:text \
        primary_motivation:text secondary_motivations:text*",
    ),
    (
        "language-content",
        "object_ref:ref! object_modified:time contents:dict!",
    ),
    (
        "location",
        "name:text description:text latitude:number longitude:number precision:number region:text country:text \
        administrative_area:text city:text street_address:text postal_code:text",
    ),
    (
        "malware",
        "name:text description:text malware_types:text* is_family:bool! aliases:text* kill_chain_phases:phase* first_seen:time \
        last_seen:time operating_system_refs:ref=software* architecture_execution_envs:text* implementation_languages:text* \
        capabilities:text* sample_refs:ref=artifact|file*",
    ),
    (
        "malware-analysis",
        "product:text! version:text host_vm_ref:ref=software operating_system_ref:ref=software installed_software_refs:ref=software* \
        configuration_version:text modules:text* analysis_engine_version:text analysis_definition_version:text submitted:time \
        analysis_started:time analysis_ended:time result_name:text result:text analysis_sco_refs:ref* \
        sample_ref:ref=artifact|file|network-traffic",
    ),
    (
        "note",
        "abstract:text content:text! authors:text* object_refs:ref*!",
    ),
    (
        "observed-data",
        "first_observed:time! last_observed:time! number_observed:int! objects:dict object_refs:ref*",
    ),
    (
        "opinion",
        "explanation:text authors:text* opinion:text! object_refs:ref*!",
    ),
    (
        "relationship",
        "relationship_type:text! description:text source_ref:ref! target_ref:ref! start_time:time stop_time:time",
    ),
    (
        "report",
        "name:text! description:text report_types:text* published:time! object_refs:ref*!",
    ),
    (
        "sighting",
        "description:text first_seen:time last_seen:time count:int sighting_of_ref:ref! observed_data_refs:ref=observed-data* \
        where_sighted_refs:ref=identity|location* summary:bool",
    ),
    (
        "threat-actor",
        "name:text! description:text threat_actor_types:text* aliases:text* first_seen:time last_seen:time roles:text* goals:text* \
        sophistication:text resource_level:text primary_motivation:text secondary_motivations:text* personal_motivations:text*",
    ),
    (
        "tool",
        "name:text! description:text tool_types:text* aliases:text* kill_chain_phases:phase* tool_version:text",
    ),
    ("vulnerability", "name:text! description:text"),
];

/// Cyber-observables.
pub(super) const OBSERVABLES: &[(&str, &str)] = &[
    (
        "artifact",
        "mime_type:text payload_bin:text url:text hashes:hashes encryption_algorithm:text decryption_key:text",
    ),
    ("autonomous-system", "number:int! name:text rir:text"),
    (
        "directory",
        "path:text! path_enc:text ctime:time mtime:time atime:time contains_refs:ref=file|directory*",
    ),
    (
        "domain-name",
        "value:text! resolves_to_refs:ref=ipv4-addr|ipv6-addr|domain-name*",
    ),
    (
        "email-addr",
        "value:text! display_name:text belongs_to_ref:ref=user-account",
    ),
    (
        "email-message",
        "is_multipart:bool! date:time content_type:text from_ref:ref=email-addr sender_ref:ref=email-addr to_refs:ref=email-addr* \
        cc_refs:ref=email-addr* bcc_refs:ref=email-addr* message_id:text subject:text received_lines:text* \
        additional_header_fields:dict body:text body_multipart:dict* raw_email_ref:ref=artifact",
    ),
    (
        "file",
        "hashes:hashes size:int name:text name_enc:text magic_number_hex:text mime_type:text ctime:time mtime:time atime:time \
        parent_directory_ref:ref=directory contains_refs:ref* content_ref:ref=artifact",
    ),
    (
        "ipv4-addr",
        "value:text! resolves_to_refs:ref=mac-addr* belongs_to_refs:ref=autonomous-system*",
    ),
    (
        "ipv6-addr",
        "value:text! resolves_to_refs:ref=mac-addr* belongs_to_refs:ref=autonomous-system*",
    ),
    ("mac-addr", "value:text!"),
    ("mutex", "name:text!"),
    (
        "network-traffic",
        "start:time end:time is_active:bool src_ref:ref=ipv4-addr|ipv6-addr|mac-addr|domain-name \
        dst_ref:ref=ipv4-addr|ipv6-addr|mac-addr|domain-name src_port:int dst_port:int protocols:text*! src_byte_count:int \
        dst_byte_count:int src_packets:int dst_packets:int ipfix:dict src_payload_ref:ref=artifact dst_payload_ref:ref=artifact \
        encapsulates_refs:ref=network-traffic* encapsulated_by_ref:ref=network-traffic",
    ),
    (
        "process",
        "is_hidden:bool pid:int created_time:time cwd:text command_line:text environment_variables:dict \
        opened_connection_refs:ref=network-traffic* creator_user_ref:ref=user-account image_ref:ref=file parent_ref:ref=process \
        child_refs:ref=process*",
    ),
    (
        "software",
        "name:text! cpe:text swid:text languages:text* vendor:text version:text",
    ),
    ("url", "value:text!"),
    (
        "user-account",
        "user_id:text credential:text account_login:text account_type:text display_name:text is_service_account:bool \
        is_privileged:bool can_escalate_privs:bool is_disabled:bool account_created:time account_expires:time \
        credential_last_changed:time account_first_login:time account_last_login:time",
    ),
    (
        "windows-registry-key",
        "key:text values:dict* modified_time:time creator_user_ref:ref=user-account number_of_subkeys:int",
    ),
    (
        "x509-certificate",
        "is_self_signed:bool hashes:hashes version:text serial_number:text signature_algorithm:text issuer:text \
        validity_not_before:time validity_not_after:time subject:text subject_public_key_algorithm:text \
        subject_public_key_modulus:text subject_public_key_exponent:int x509_v3_extensions:dict",
    ),
];

/// `marking-definition`, whose `name` STIX 2.1 added.
pub(super) const MARKINGS: &[(&str, &str)] = &[(
    "marking-definition",
    "name:text definition_type:text definition:dict",
)];

/// Two times of one object of which the first must not be later than the second.
pub(super) const ORDERED: &[(&str, &str)] = &[
    ("created", "modified"),
    ("first_seen", "last_seen"),
    ("first_observed", "last_observed"),
    ("valid_from", "valid_until"),
    ("start_time", "stop_time"),
    ("analysis_started", "analysis_ended"),
    ("start", "end"),
    ("validity_not_before", "validity_not_after"),
];
