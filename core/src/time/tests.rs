//! Tests of the formats of times.

use super::*;

#[test]
fn claims_are_in_us_order_and_utc() {
    let time = Timestamp::parse_claim("06/25/26 18:56:45 -0000").unwrap();
    assert_eq!(time.to_string(), "2026-06-25T18:56:45Z");
    assert!(Timestamp::parse_claim("02/29/28 00:00:00 -0000").is_some());
    for text in [
        "",
        "06/25/2026 18:56:45 -0000",
        "13/25/26 18:56:45 -0000",
        "00/25/26 18:56:45 -0000",
        "06/31/26 18:56:45 -0000",
        "02/29/26 18:56:45 -0000",
        "06/25/26 24:00:00 -0000",
        "06/25/26 18:60:45 -0000",
        "06/25/26 18:56:60 -0000",
        "06/25/26 18:56:45 +0000",
        "06/25/26 18:56:45 -0100",
        "06/25/26 18:56:45 Z",
        "06/25/26 18:56:45",
        "06/25/26  18:56:45 -0000",
        "06/25/26 18:56:45 -0000 ",
        "6/25/26 18:56:45 -0000",
        "06/25/26/1 18:56:45 -0000",
        "+6/25/26 18:56:45 -0000",
        "06/25/26 18:56:4: -0000",
        "06/25/26 18:56:4# -0000",
        "06-25-26 18:56:45 -0000",
        "٠٦/25/26 18:56:45 -0000",
    ] {
        assert_eq!(Timestamp::parse_claim(text), None, "{text}");
    }
}

#[test]
fn rfc3339_with_offsets_and_fractions() {
    let expected = Timestamp::from_unix(1_782_413_865);
    for text in [
        "2026-06-25T18:57:45Z",
        "2026-06-25t18:57:45z",
        "2026-06-25 18:57:45.999Z",
        "2026-06-25T20:57:45+02:00",
        "2026-06-25T13:27:45-05:30",
        "2026-06-26T18:56:45+23:59",
        "2026-06-24T18:58:45-23:59",
    ] {
        assert_eq!(Timestamp::parse_rfc3339(text), Ok(expected), "{text}");
    }
    for text in [
        "",
        "2026-06-25",
        "2026-06-25T18:57:45",
        "2026-06-25T18:57:45.Z",
        "2026-06-25T18:57:45+2:00",
        "2026-06-25T18:57:45+24:00",
        "2026-06-25T18:57:45+00:60",
        "2026-06-25T18:57:45-23:60",
        "2026-06-25T18:57:45+02:00:00",
        "2026-06-25T18:57:45*02:00",
        "2026-06-25T18:57:45Z ",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:01",
        "2026-06-31T00:00:00Z",
        "2026-06-25T18:57:é",
        "9999-12-31T23:59:59-00:01",
    ] {
        assert_eq!(Timestamp::parse_rfc3339(text).unwrap_err().code(), "time_malformed", "{text}");
    }
}

#[test]
fn rfc1123_both_ways() {
    for (text, seconds) in [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Mon, 19 Sep 2016 18:29:47 GMT", 1_474_309_787),
        ("Sun, 29 Feb 2032 23:59:59 GMT", 1_961_711_999),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
    ] {
        assert_eq!(Timestamp::parse_rfc1123(text), Some(Timestamp::from_unix(seconds)), "{text}");
        assert_eq!(Timestamp::from_unix(seconds).to_rfc1123(), text);
    }
    assert_eq!(
        Timestamp::parse_rfc1123("Tue, 5 Apr 2022 01:02:03 GMT"),
        Timestamp::parse_rfc1123("Tue, 05 Apr 2022 01:02:03 GMT")
    );
    for text in [
        "",
        "Mon, 19 Sep 2016 18:29:47",
        "Mon, 19 Sep 2016 18:29:47 EST",
        "Mon, 19 Sep 2016 18:29:47 +0100",
        "Mon, 19 Sep 2016 18:29:47 gmt",
        "Mon, 19 Sep 2016 18:29:47 GMT ",
        "Mon 19 Sep 2016 18:29:47 GMT",
        "mon, 19 Sep 2016 18:29:47 GMT",
        "Mon, 19 sep 2016 18:29:47 GMT",
        "Mon, 31 Sep 2016 18:29:47 GMT",
        "Mon, 019 Sep 2016 18:29:47 GMT",
        "Mon, 19 Sep 16 18:29:47 GMT",
        "Mon, 19 Sep 2016 24:29:47 GMT",
        "Mon, 19 Sep 2016 18:29 GMT",
        "Mon, 19 Sep 1969 18:29:47 GMT",
        "2016-09-19T18:29:47Z",
    ] {
        assert_eq!(Timestamp::parse_rfc1123(text), None, "{text}");
    }
}

#[test]
fn an_event_begins_at_a_date_in_either_form() {
    for form in ["Mon, 19 Sep 2016 18:29:47 ", "2016-09-19T18:29:47", "2016-09-19 18:29:47.25 "] {
        for zone in ["GMT", "UTC", "Z", "+0000"] {
            let text = alloc::format!("{form}{zone}");
            assert_eq!(Timestamp::parse_event(&text), Some(Timestamp::from_unix(1_474_309_787)), "{text}");
        }
    }
    for text in ["2016-09-19T18:29:47", "2016-09-19T20:29:47+02:00"] {
        assert_eq!(Timestamp::parse_event(text), Some(Timestamp::from_unix(1_474_309_787)), "{text}");
    }
    for text in
        ["", "Z", "UTC", "2016-09-19", "2016-09-19T18:29:47ZUTC", "2016-09-19T18:29:47 EST", "2016-09-19T25:29:47Z"]
    {
        assert_eq!(Timestamp::parse_event(text), None, "{text}");
    }
}

#[test]
fn us_dates_in_both_clocks() {
    let midnight = Timestamp::parse_rfc3339("2017-09-14T00:00:00Z").unwrap();
    for (text, hours) in [
        ("09/14/2017 00:00:00 +00:00", 0),
        ("9/14/2017 12:00:00 AM +00:00", 0),
        ("9/14/2017 1:00:00 AM +00:00", 1),
        ("9/14/2017 12:00:00 PM +00:00", 12),
        ("9/14/2017 11:00:00 PM +00:00", 23),
        ("09/14/2017 23:00:00 +00:00", 23),
    ] {
        assert_eq!(Timestamp::parse_us_date(text), Some(midnight + Duration::from_secs(hours * 3600)), "{text}");
    }
    for text in [
        "",
        "09/14/2017 00:00:00",
        "09/14/2017 00:00:00 +01:00",
        "14/09/2017 00:00:00 +00:00",
        "09/14/17 00:00:00 +00:00",
        "9/14/2017 0:00:00 AM +00:00",
        "9/14/2017 13:00:00 PM +00:00",
        "9/14/2017 1:00:00 am +00:00",
        "9/14/2017 1:00:00:00 AM +00:00",
        "9/14/2017 1:00:00 AM x +00:00",
    ] {
        assert_eq!(Timestamp::parse_us_date(text), None, "{text}");
    }
}

#[test]
fn ends_with_the_year_9999() {
    assert_eq!(Timestamp::from_unix(u64::MAX).to_string(), "9999-12-31T23:59:59Z");
    assert_eq!(Timestamp::from_unix(0).to_string(), "1970-01-01T00:00:00Z");
    assert_eq!(Timestamp::MAX + Duration::MAX, Timestamp::MAX);
    assert_eq!(Timestamp::from_unix(5) - Duration::from_secs(9), Timestamp::from_unix(0));
}
