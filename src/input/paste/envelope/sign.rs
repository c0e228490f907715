//! Prompts, comment marks, quotes, and signs of a list item.

/// The length of a prompt of a shell or an interpreter.
pub(super) fn prompt(text: &str) -> Option<usize> {
    let fixed = [">>> ", "... ", "$ ", "% ", "# ", "PS> ", "=> "];
    if let Some(prompt) = fixed.iter().find(|prompt| text.starts_with(**prompt)) {
        return Some(prompt.len());
    }
    let inside = text
        .strip_prefix("In [")
        .or_else(|| text.strip_prefix("Out["))?;
    let digits = inside.bytes().take_while(u8::is_ascii_digit).count();
    inside
        .get(digits..)?
        .starts_with("]: ")
        .then_some(4 + digits + 3)
}

/// The length of a sign that opens a comment, a quotation or a list item.
pub(super) fn sign(text: &str) -> Option<usize> {
    let comments = ["//", "/*", "--", "\"\"\"", "'''", "```", "|", "•", "…"];
    if let Some(sign) = comments.iter().find(|sign| text.starts_with(**sign)) {
        return Some(sign.len());
    }
    let (first, after) = (text.chars().next()?, text.get(1..)?);
    let is_list_sign = matches!(first, '#' | '*' | '-' | '+' | ';' | '%' | '=' | ':' | ',');
    (is_list_sign && (after.is_empty() || after.starts_with([' ', '\t']))).then_some(1)
}
