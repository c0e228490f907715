//! Compares lines of the log although times and ports differ from run to run.

/// A line of the log with its times, durations and ports replaced by constants.
pub(crate) fn normalized(line: &str) -> String {
    let is_time = |text: &str| {
        text.len() == 12
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b":.".contains(&byte))
    };
    let words = line
        .split(' ')
        .map(|word| match word.split_once("127.0.0.1:") {
            _ if is_time(word) => "10:02:12.003".to_owned(),
            Some((before, _)) => format!("{before}127.0.0.1:51034"),
            None => word.to_owned(),
        });
    let line = words.collect::<Vec<_>>().join(" ");
    match line.split_once(" after ") {
        Some((before, after)) if after.contains(" s; ") => {
            format!(
                "{before} after 3.6 s; {}",
                after.split_once(" s; ").unwrap().1
            )
        }
        _ => line,
    }
}
