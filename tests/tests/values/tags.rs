//! Tags made at random, in both forms.

use azure_imds::Instance;
use azure_imds::metadata::{Document, Tags, TagsSource, Value};

use crate::documents::INSTANCES;
use crate::random::Random;

fn pairs(tags: &Tags) -> Vec<(String, String)> {
    tags.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn random_tags(random: &mut Random) -> Vec<(String, String)> {
    (0..random.below(8)).map(|_| (random.text(10), random.text(20))).collect()
}

#[test]
fn the_list_loses_nothing() {
    let mut random = Random::new("tags list");
    for _ in 0..2_000 {
        let expected = random_tags(&mut random);
        let tags: Tags = expected.clone().into_iter().collect();
        assert_eq!(pairs(&tags), expected);
        let compute = Value::object([("tags", Value::text(&tags.to_text())), ("tagsList", tags.to_list())]);
        let read = Tags::from_compute(Document::parse(&compute.to_json()).unwrap().root());
        assert_eq!((pairs(&read), read.source()), (expected, TagsSource::TagsList));
        assert_eq!(read.to_list(), tags.to_list());
    }
}

#[test]
fn the_text_loses_only_what_the_rule_says() {
    let mut random = Random::new("tags text");
    let mut lossless = 0;
    for _ in 0..5_000 {
        let tags: Tags = random_tags(&mut random).into_iter().collect();
        let read = Tags::from_text(&tags.to_text());
        let plain = tags.iter().all(|(name, value)| !name.contains([':', ';']) && !value.contains(';'));
        if plain {
            lossless += 1;
            assert_eq!(pairs(&read), pairs(&tags));
        }
        assert_eq!(read.source(), TagsSource::Tags);
    }
    assert!((500..4_500).contains(&lossless), "{lossless} lossless");
}

#[test]
fn any_text_is_read_by_the_rule() {
    let mut random = Random::new("tags rule");
    for _ in 0..5_000 {
        let text = random.text(40);
        assert_eq!(pairs(&Tags::from_text(&text)), by_the_rule(&text), "{text:?}");
    }
}

/// The rule again, character by character.
fn by_the_rule(text: &str) -> Vec<(String, String)> {
    let mut tags = Vec::new();
    let (mut name, mut value, mut in_value) = (String::new(), String::new(), false);
    for character in text.chars().chain([';']) {
        match character {
            ';' => {
                if in_value || !name.is_empty() {
                    tags.push((std::mem::take(&mut name), std::mem::take(&mut value)));
                }
                in_value = false;
            }
            ':' if !in_value => in_value = true,
            _ if in_value => value.push(character),
            _ => name.push(character),
        }
    }
    tags
}

#[test]
fn the_samples_say_the_same_in_both_forms() {
    let expected = [("ends", "2026-10-08T13:52:29Z"), ("größe", "klein"), ("role", "")];
    for (version, text) in INSTANCES {
        let tags = Instance::parse(text, Some(version)).unwrap().tags;
        match version.to_string().as_str() {
            "2017-04-02" => assert_eq!(tags.source(), TagsSource::Absent),
            "2017-08-01" | "2019-03-11" => assert_eq!(tags.source(), TagsSource::Tags),
            _ => assert_eq!(tags.source(), TagsSource::TagsList),
        }
        if tags.source() != TagsSource::Absent {
            assert_eq!(tags.iter().collect::<Vec<_>>(), expected, "{version}");
            assert_eq!(tags.value_of("GRÖSSE"), None);
            assert_eq!(tags.value_of("GRÖßE"), Some("klein"));
        }
    }
}
