//! Patterns of the standard, of the field, and broken ones.

use stix::pattern::Pattern;

/// Patterns and how they are written again; an empty second text: the same.
const GOOD: &[(&str, &str)] = &[
    (
        "[file:hashes.'SHA-256' = 'aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f']",
        "",
    ),
    (
        "[email-message:from_ref.value MATCHES '.+\\\\@example\\\\.com$' AND email-message:body_multipart[*].body_raw_ref.name MATCHES '^Final Report.+\\\\.exe$']",
        "",
    ),
    (
        "[file:hashes.MD5 = '79054025255fb1a26e4bc422aef54eb4'] FOLLOWEDBY [windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\foo\\\\bar'] WITHIN 300 SECONDS",
        "",
    ),
    (
        "([file:name = 'foo.dll'] AND [win:x = 1]) WITHIN 5 SECONDS OR [a:b = true] START t'2016-06-01T00:00:00Z' STOP t'2016-07-01T00:00:00.5Z'",
        "([file:name = 'foo.dll'] AND [win:x = 1]) WITHIN 5 SECONDS OR [a:b = true] START t'2016-06-01T00:00:00Z' STOP t'2016-07-01T00:00:00.5Z'",
    ),
    (
        "[a:b='x'] START '2016-06-01T00:00:00Z' STOP '2017-06-01T00:00:00Z'",
        "[a:b = 'x'] START t'2016-06-01T00:00:00Z' STOP t'2017-06-01T00:00:00Z'",
    ),
    (
        "[user-account:user_id = '1001' AND (a:b = 1 OR a:c != 2)]",
        "",
    ),
    (
        "[network-traffic:dst_ref.type == 'ipv4-addr' AND network-traffic:dst_ref.value ISSUBSET '203.0.113.0/24']",
        "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value ISSUBSET '203.0.113.0/24']",
    ),
    (
        "[process:pid <> -1 AND process:x NOT IN (1, 2.50, 'x', b'aGk=', h'0aFF', t'2024-01-01T00:00:00Z', false)]",
        "[process:pid != -1 AND process:x NOT IN (1, 2.5, 'x', b'aGk=', h'0aFF', t'2024-01-01T00:00:00Z', false)]",
    ),
    ("[EXISTS file:name AND NOT EXISTS file:size]", ""),
    ("[a:b IN ()]", ""),
    (
        "[artifact:mime_type = 'application/vnd.tcpdump.pcap' AND artifact:payload_bin MATCHES '\\\\xd4\\\\xc3']",
        "",
    ),
    (
        "[file:extensions.'windows-pebinary-ext'.sections[*].entropy > 7.0]",
        "",
    ),
    (
        "[x-usb-device:values[-1].'a b\\'c' LIKE 'é%_' OR x:y ISSUPERSET '::/0'] REPEATS 5 TIMES WITHIN 1.5 SECONDS",
        "",
    ),
    ("(([a:b = 1]))", "[a:b = 1]"),
    (
        "(([a:b = 1] REPEATS 2 TIMES)) REPEATS 3 TIMES",
        "[a:b = 1] REPEATS 2 TIMES REPEATS 3 TIMES",
    ),
    (
        "[a:b=1]AND[c:d=2]OR[e:f=3]FOLLOWEDBY([g:h=4]FOLLOWEDBY[i:j=5])",
        "[a:b = 1] AND [c:d = 2] OR [e:f = 3] FOLLOWEDBY ([g:h = 4] FOLLOWEDBY [i:j = 5])",
    ),
    ("  [\ta:b\n=\r\n1 ]  ", "[a:b = 1]"),
];

/// Broken patterns and where.
const BAD: &[(&str, usize)] = &[
    ("", 0),
    ("a:b = 1", 0),
    ("[a:b = 1", 8),
    ("[a:b = 1]]", 9),
    ("[a:b]", 4),
    ("[a = 1]", 3),
    ("[a:b = ]", 7),
    ("[a:b = 'x]", 7),
    ("[a:b = '\\x']", 7),
    ("[a:b-c = 1]", 3),
    ("[a:b LIKE 1]", 10),
    ("[a:b > true]", 7),
    ("[NOT a:b = 1]", 5),
    ("[a:b = 1 and a:c = 2]", 9),
    ("[a:b = 1] REPEATS 0 TIMES", 18),
    ("[a:b = 1] REPEATS 1.5 TIMES", 18),
    ("[a:b = 1] WITHIN -5 SECONDS", 17),
    ("[a:b = 1] WITHIN 5", 18),
    ("[a:b = 1] START t'2024-01-01T00:00:00Z'", 39),
    ("[a:b = t'2024-13-01T00:00:00Z']", 7),
    ("[a:b = h'abc']", 7),
    ("[a:b = b'???']", 7),
    ("[a:b = 99999999999999999999]", 7),
    ("[a:b[x] = 1]", 5),
    ("[a:b IN (1,)]", 11),
    ("[a:b = 1] AND", 13),
    ("[]", 1),
    ("[a:b = \u{2018}x\u{2019}]", 7),
];

#[test]
fn patterns_are_read_and_written_again() {
    for (text, written) in GOOD {
        let pattern = Pattern::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let expected = if written.is_empty() { text } else { written };
        assert_eq!(pattern.to_string(), **expected);
        assert_eq!(Pattern::parse(expected).unwrap(), pattern);
    }
}

#[test]
fn broken_patterns_are_refused_with_the_place() {
    for (text, at) in BAD {
        let error = Pattern::parse(text).expect_err(text);
        assert_eq!(error.at, *at, "{text}: {error}");
    }
}

#[test]
fn depth_is_bounded_and_length_is_not() {
    let nested = |levels: usize| format!("{}[a:b = 1]{}", "(".repeat(levels), ")".repeat(levels));
    assert!(Pattern::parse(&nested(64)).is_ok());
    assert!(Pattern::parse(&nested(65)).is_err());
    assert!(Pattern::parse(&"(".repeat(1_000_000)).is_err());
    let long = vec!["[a:b = 1 AND c:d = 2]"; 50_000].join(" OR ");
    assert_eq!(Pattern::parse(&long).unwrap().tests().len(), 100_000);
    assert!(Pattern::parse(&format!("[a:b = 1]{}", " REPEATS 2 TIMES".repeat(100_000))).is_ok());
}

#[test]
fn observables_are_what_is_looked_for() {
    let pattern = Pattern::parse(
        "[file:hashes.'SHA-256' = 'ab' AND file:name NOT = 'x' AND file:size > 5] FOLLOWEDBY [ipv4-addr:value IN ('1.2.3.4', '5.6.7.8')]",
    )
    .unwrap();
    let found: Vec<_> = pattern
        .observables()
        .iter()
        .map(|o| format!("{}:{} {}", o.object_type, o.path, o.value))
        .collect();
    assert_eq!(
        found,
        [
            "file:hashes.'SHA-256' 'ab'",
            "ipv4-addr:value '1.2.3.4'",
            "ipv4-addr:value '5.6.7.8'"
        ]
    );
}
