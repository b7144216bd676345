//! Words to write with: those of the demo tickets, as frequent as words are, and invented rare ones.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::lang::Lang;
use domain::occurrence::BodyFormat;

use crate::demo::random::Random;
use crate::demo::tickets::TicketFile;
use crate::error::ServiceError;
use crate::sanitise;

/// Words of the tickets taken from each language; with the rare ones of four languages about 1 200.
const KNOWN: usize = 225;
/// Invented words of each language.
const RARE: usize = 75;
/// Weight of an invented word, beside about four million of all others: a few in a hundred thousand texts.
const RARE_WEIGHT: u64 = 40;
/// Shortest word worth looking for.
const PROBE_LENGTH: usize = 5;

const SYLLABLES: [&str; 24] = [
    "ba", "cor", "den", "fli", "gor", "hul", "jan", "kri", "lom", "mar", "nep", "ost", "pli", "qua", "rin", "sol",
    "tra", "ulm", "vek", "wis", "xan", "yor", "zel", "bru",
];

/// Words of one language, the most frequent first.
#[derive(Clone, Debug)]
pub(super) struct Words {
    list: Vec<String>,
    /// Weights added up: the n-th is the weight of the first n words.
    sums: Vec<u64>,
}

/// The words of all languages.
#[derive(Debug)]
pub(super) struct Vocabulary(BTreeMap<Lang, Words>);

/// Words that every generated desk has, whatever its seed: what a measurement looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProbeWords {
    /// In very many texts.
    pub common: String,
    /// In many texts.
    pub second: String,
    /// In very few texts.
    pub rare: String,
}

impl Vocabulary {
    /// Reads the words out of the demo tickets.
    ///
    /// # Errors
    /// `Internal` when the file cannot be read, which a test excludes.
    pub(super) fn load() -> Result<Self, ServiceError> {
        let file: TicketFile = serde_json::from_str(crate::demo::TICKETS)?;
        let mut counts: BTreeMap<Lang, BTreeMap<String, u64>> = BTreeMap::new();
        for ticket in &file.tickets {
            let words = counts.entry(ticket.language.parse()?).or_default();
            count(words, &ticket.title);
            let bodies = ticket.occurrences.iter().map(|entry| &entry.body);
            for markup in bodies.chain([&ticket.description]) {
                count(words, &sanitise::rich(markup, BodyFormat::Html).text);
            }
        }
        Ok(Self(counts.into_iter().zip(1..).map(|((lang, counts), seed)| (lang, words(counts, seed))).collect()))
    }

    /// The words of a language, English where there are none.
    pub(super) fn of(&self, lang: Lang) -> Option<&Words> {
        self.0.get(&lang).or_else(|| self.0.get(&Lang::En))
    }

    /// What a measurement looks for, in English.
    pub(super) fn probe(&self) -> ProbeWords {
        let Some(words) = self.of(Lang::En) else { return ProbeWords::default() };
        let mut long = words.list.iter().filter(|word| word.chars().count() >= PROBE_LENGTH);
        ProbeWords {
            common: long.next().cloned().unwrap_or_default(),
            second: long.next().cloned().unwrap_or_default(),
            rare: words.list.last().cloned().unwrap_or_default(),
        }
    }
}

fn count(words: &mut BTreeMap<String, u64>, text: &str) {
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        if word.chars().count() >= 2 && word.chars().all(char::is_alphabetic) {
            *words.entry(word.to_lowercase()).or_default() += 1;
        }
    }
}

fn words(counts: BTreeMap<String, u64>, seed: u64) -> Words {
    let mut ranked: Vec<(String, u64)> = counts.into_iter().collect();
    ranked.sort_by(|one, other| (Reverse(one.1), &one.0).cmp(&(Reverse(other.1), &other.0)));
    let mut list: Vec<String> = ranked.into_iter().take(KNOWN).map(|(word, _)| word).collect();
    let known = list.len();
    let mut random = Random::new(seed);
    // Three syllables of 24 make 13 824 words, so the limit is never met.
    for _try in 0..10_000 {
        if list.len() >= known + RARE {
            break;
        }
        let word: String = (0..3).filter_map(|_| random.pick(&SYLLABLES).copied()).collect();
        if !list.contains(&word) {
            list.push(word);
        }
    }
    let mut sum = 0_u64;
    let mut sums = Vec::with_capacity(list.len());
    for (index, rank) in (0..list.len()).zip(0_u64..) {
        sum += if index < known { 1_000_000 / (rank + 3) } else { RARE_WEIGHT };
        sums.push(sum);
    }
    Words { list, sums }
}

impl Words {
    fn word(&self, random: &mut Random) -> &str {
        let at = random.below(self.sums.last().copied().unwrap_or(0));
        let index = self.sums.partition_point(|sum| *sum <= at);
        self.list.get(index).map_or("", String::as_str)
    }

    /// So many words, the first with a capital letter.
    pub(super) fn phrase(&self, random: &mut Random, words: u64) -> String {
        let mut out = String::new();
        for index in 0..words {
            let word = self.word(random);
            if index > 0 {
                out.push(' ');
                out.push_str(word);
            } else {
                let mut letters = word.chars();
                out.extend(letters.next().into_iter().flat_map(char::to_uppercase));
                out.push_str(letters.as_str());
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_about_1200_words_in_four_languages() {
        let vocabulary = Vocabulary::load().unwrap();
        let total: usize = vocabulary.0.values().map(|words| words.list.len()).sum();
        assert_eq!(vocabulary.0.len(), 4);
        assert!((1_100..=1_200).contains(&total), "{total}");
        for words in vocabulary.0.values() {
            assert!(words.list.len() > RARE);
        }
    }

    #[test]
    fn frequent_words_come_often_and_rare_ones_seldom() {
        let vocabulary = Vocabulary::load().unwrap();
        let words = vocabulary.of(Lang::En).unwrap();
        let probe = vocabulary.probe();
        let mut random = Random::new(3);
        let text = words.phrase(&mut random, 100_000).to_lowercase();
        let times = |wanted: &str| text.split(' ').filter(|word| *word == wanted).count();
        assert!(times(&probe.common) > 500, "{probe:?}");
        assert!(times(&probe.rare) < 20, "{probe:?}");
    }
}
