//! Things that stand twice among thousands, found without comparing each with each.

use alloc::vec::Vec;

/// The first, in their order, of those that stand there more than once.
pub(crate) fn repeated<'a>(items: impl Iterator<Item = &'a [u8]>) -> Option<&'a [u8]> {
    let mut items: Vec<&[u8]> = items.collect();
    items.sort_unstable();
    items.windows(2).find_map(|pair| match pair {
        [one, other] if one == other => Some(*one),
        _ => None,
    })
}
