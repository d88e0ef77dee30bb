//! Dates as texts print them, and what they are held as.

use crate::lexicon::{ENGLISH, FRENCH};
use crate::token::tokens;

#[test]
fn examples() {
    let table = [
        ("en", "on 11 June 2019 in", "2019-06-11"),
        ("en", "on 4-5 May 2020", "2020-05-04/2020-05-05"),
        ("en", "on December 15–16, 2022,", "2022-12-15/2022-12-16"),
        ("en", "from 30 June to 2 July 2021", "2021-06-30/2021-07-02"),
        ("en", "on the 3rd of March, 2021", "2021-03-03"),
        ("en", "Sept. 30, 2024", "2024-09-30"),
        ("en", "21.10.2022 / news", "2022-10-21"),
        ("en", "2022-10-21", "2022-10-21"),
        ("en", "they may in March", "XXXX-03"),
        ("fr", "le 1er juin 2020", "2020-06-01"),
        ("fr", "les 29 et 30 septembre 2014", "2014-09-29/2014-09-30"),
        ("fr", "du 4 au 6 mai", "XXXX-05-04/XXXX-05-06"),
        ("fr", "les 4, 5 et 6 mai 2024", "2024-05-04/2024-05-06"),
        ("en", "on May 4, 5 and 6, 2024", "2024-05-04/2024-05-06"),
        ("fr", "Bruxelles, 01/07/2019 - 15:41", "2019-07-01"),
    ];
    for (language, text, expected) in table {
        let lexicon = if language == "en" { &ENGLISH } else { &FRENCH };
        let tokens = tokens(text, 0, text.len());
        let found = lexicon.calendar.dates(&tokens);
        let d = found.first().unwrap_or_else(|| panic!("{text}"));
        let shown = if d.from == d.to {
            d.from.to_string()
        } else {
            format!("{}/{}", d.from, d.to)
        };
        assert_eq!(shown, expected, "{text}");
    }
}
