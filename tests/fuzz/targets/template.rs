//! Reply templates, and the recipient in a message.

use std::time::{Duration, SystemTime};

use wsctl::reply::{Template, TemplateValues, name_in, path_in, recipient};

use super::Choices;

/// Checks that any template and message give a reply or a reason, and that `|json` gives JSON.
pub fn holds(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let size = choices.size();
    let template = String::from_utf8_lossy(choices.bytes(size)).into_owned();
    let said = choices.rest();
    let text = String::from_utf8_lossy(said);
    let path = path_in(&text);
    let name = name_in(path).unwrap_or_default();
    let facts = TemplateValues {
        text: &text,
        name: &name,
        id: 7,
        path,
        count: u64::MAX,
        moment: SystemTime::UNIX_EPOCH + Duration::from_secs(size as u64),
    };
    match template.parse::<Template>() {
        Ok(template) => drop(template.fill(&facts)),
        Err(reason) => assert!(!reason.to_string().is_empty()),
    }
    for gap in ["text", "name", "id", "path", "count", "time"] {
        let template: Template = format!("{{{gap}|json}}").parse().unwrap();
        let value: serde_json::Value = serde_json::from_str(&template.fill(&facts)).unwrap();
        assert!(gap != "text" || value == *text);
    }
    let fields = ["to".to_owned(), template];
    if let Err(reason) = recipient(said, &fields) {
        assert!(!reason.to_string().is_empty());
    }
}
