//! A date, a time and a zone make one moment, or are asked again.

use stix::Timestamp;

use crate::clearance::{NoMoment, Zone};

#[test]
fn a_date_a_time_and_a_zone() {
    for (zone, date, time, expected) in [
        ("UTC", "2026-11-27", "15:00", Ok("2026-11-27T15:00:00Z")),
        (
            "Europe/Brussels",
            "2026-11-27",
            "15:00",
            Ok("2026-11-27T14:00:00Z"),
        ),
        (
            "Europe/Brussels",
            "2026-07-01",
            "15:00",
            Ok("2026-07-01T13:00:00Z"),
        ),
        (
            "Asia/Tokyo",
            "2026-11-27",
            "15:00:30",
            Ok("2026-11-27T06:00:30Z"),
        ),
        (
            "America/New_York",
            "2026-11-27",
            "23:30",
            Ok("2026-11-28T04:30:00Z"),
        ),
        (
            "Europe/Paris",
            "2027-03-28",
            "02:30",
            Err(NoMoment::Skipped),
        ),
        ("Europe/Paris", "2026-10-25", "02:30", Err(NoMoment::Twice)),
        (
            "Europe/Paris",
            "2026-02-30",
            "12:00",
            Err(NoMoment::Unreadable),
        ),
        (
            "Europe/Paris",
            "2026-02-20",
            "noon",
            Err(NoMoment::Unreadable),
        ),
    ] {
        let moment = Zone::named(zone).unwrap().moment(date, time);
        let expected = expected.map(|text| Timestamp::parse(text).unwrap().micros());
        assert_eq!(moment, expected, "{zone} {date} {time}");
        if let Ok(at) = moment {
            let (shown_date, shown_time) = Zone::named(zone).unwrap().shows(at);
            assert_eq!(
                (shown_date.as_str(), shown_time.as_str()),
                (date, &time[..5])
            );
        }
    }
    assert_eq!(Zone::named("Europe/Nowhere").unwrap_err(), NoMoment::Zone);
    let all = Zone::all();
    assert!(all[0] == "UTC" && all.len() > 300 && all.iter().all(|name| Zone::named(name).is_ok()));
}
