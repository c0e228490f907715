//! Finds the ids that a misspelt id is near to.

use crate::diagnosis::catalogue;

/// The ids of rules that are nearest to this one, if any is near: at most one letter in five
/// is wrong, and three at most.
pub fn similar_ids(id: &str) -> Vec<&'static str> {
    let id = id.to_lowercase();
    let most = (id.chars().count() / 5).min(3);
    let distances = catalogue::all().map(|rule| distance(&id, rule.id));
    let nearest = distances.min().filter(|nearest| *nearest <= most);
    catalogue::all()
        .map(|rule| rule.id)
        .filter(|other| Some(distance(&id, other)) == nearest)
        .collect()
}

/// The number of letters to insert, remove or replace to turn one word into the other.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (at, letter) in from.chars().enumerate() {
        let mut diagonal = at;
        let mut left = at + 1;
        for (other, cell) in to.chars().zip(row.iter_mut().skip(1)) {
            let changed = diagonal + usize::from(letter != other);
            diagonal = *cell;
            *cell = changed.min(*cell + 1).min(left + 1);
            left = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_ids_find_the_nearest() {
        assert_eq!(similar_ids("len64-not-minmal"), ["len64-not-minimal"]);
        assert_eq!(similar_ids("Server-Mask"), ["server-masks"]);
        assert_eq!(
            similar_ids("len32-not-minimal"),
            ["len16-not-minimal", "len64-not-minimal"]
        );
        assert_eq!(similar_ids("permessage-deflate"), [""; 0]);
    }

    #[test]
    fn distances_count_changed_letters() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!((distance("", "abc"), distance("abc", "")), (3, 3));
    }
}
