//! The forms in which `od` and `hexdump` print the bytes of a row, other than bytes in hexadecimal.

/// The form of the rows of a dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Bytes in this radix.
    Bytes(u32),
    /// Bytes from -128 to 127.
    Signed,
    /// Columns of four characters: a character, an escape of C, or three octal digits.
    Characters,
    /// Words of so many bytes in this radix, in the byte order of the machine, which is little-endian.
    Words(usize, u32),
}

impl Numbers {
    /// The form that all rows have. `has_second_form` says that each has a second line, below
    /// numbers of the same width.
    pub(super) fn of(rows: &[&str], has_second_form: bool) -> Option<Self> {
        let words = || rows.iter().flat_map(|row| row.split_whitespace());
        let all = |is: fn(&str) -> bool| words().next().is_some() && words().all(is);
        let any = |is: fn(&str) -> bool| words().any(is);
        if all(|word| word.len() == 3 && value(word, 8).is_some_and(|it| it < 256)) {
            Some(Self::Bytes(8))
        } else if all(|word| word.len() == 2 && is_hexadecimal(word)) {
            let is_wide = rows.iter().all(|row| row.starts_with("  "));
            let is_decimal = is_wide && !any(|word| value(word, 10).is_none_or(|it| it < 10));
            if has_second_form {
                Some(Self::Bytes(16))
            } else {
                is_decimal.then_some(Self::Bytes(10))
            }
        } else if all(is_decimal_byte) && !all(may_be_a_column) {
            Some(Self::Bytes(10))
        } else if all(|word| word.parse::<i8>().is_ok()) && any(|word| word.starts_with('-')) {
            Some(Self::Signed)
        } else if all(|word| word.len() == 4 && is_hexadecimal(word)) {
            Some(Self::Words(2, 16))
        } else if all(|word| word.len() == 8 && is_hexadecimal(word)) {
            Some(Self::Words(4, 16))
        } else if all(|word| word.len() == 6 && value(word, 8).is_some_and(|it| it <= 0xffff)) {
            Some(Self::Words(2, 8))
        } else if all(|word| word.len() == 5 && value(word, 10).is_some_and(|it| it <= 0xffff)) {
            Some(Self::Words(2, 10))
        } else {
            let are_columns = rows.iter().all(|row| characters(row).is_some());
            (are_columns && any(|word| word.len() == 3 || word.starts_with('\\')))
                .then_some(Self::Characters)
        }
    }

    /// How many bytes a word has, if the bytes are in words.
    pub(super) const fn word_size(self) -> Option<usize> {
        match self {
            Self::Words(size, _) => Some(size),
            Self::Bytes(_) | Self::Signed | Self::Characters => None,
        }
    }

    /// The bytes of a row; None if it has another form.
    pub(super) fn read(self, row: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        match self {
            Self::Characters => return characters(row),
            Self::Bytes(radix) => {
                for word in row.split_whitespace() {
                    bytes.push(u8::from_str_radix(word, radix).ok()?);
                }
            }
            Self::Signed => {
                for word in row.split_whitespace() {
                    bytes.push(word.parse::<i8>().ok()?.cast_unsigned());
                }
            }
            Self::Words(size, radix) => {
                for word in row.split_whitespace() {
                    let word = value(word, radix)?.to_le_bytes();
                    bytes.extend_from_slice(word.get(..size)?);
                }
            }
        }
        Some(bytes)
    }
}

fn value(word: &str, radix: u32) -> Option<u32> {
    let is_sign = word.starts_with(['+', '-']);
    u32::from_str_radix(word, radix).ok().filter(|_| !is_sign)
}

fn is_hexadecimal(word: &str) -> bool {
    value(word, 16).is_some()
}

/// A number up to 255 that is not padded with zeros.
fn is_decimal_byte(word: &str) -> bool {
    value(word, 10).is_some_and(|it| it < 256) && (word == "0" || !word.starts_with('0'))
}

/// Whether digits may stand for a byte among columns of characters: one, or three octal ones.
fn may_be_a_column(word: &str) -> bool {
    word.len() == 1 || word.len() == 3 && value(word, 8).is_some()
}

/// The bytes of columns of four characters.
fn characters(row: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let columns: Vec<char> = row.chars().collect();
    for column in columns.chunks(4) {
        let [' ', column @ ..] = column else {
            return None;
        };
        bytes.push(match column {
            [] | [' '] | [' ', ' '] | [' ', ' ', ' '] => b' ',
            [' ', '\\', escaped] => escape(*escaped)?,
            [' ', ' ', char] if char.is_ascii_graphic() => u8::try_from(*char).ok()?,
            [_, _, _] => {
                let digits: String = column.iter().collect();
                u8::from_str_radix(&digits, 8).ok()?
            }
            _ => return None,
        });
    }
    (!bytes.is_empty()).then_some(bytes)
}

const fn escape(escaped: char) -> Option<u8> {
    Some(match escaped {
        '0' => 0,
        'a' => 0x07,
        'b' => 0x08,
        't' => b'\t',
        'n' => b'\n',
        'v' => 0x0b,
        'f' => 0x0c,
        'r' => b'\r',
        _ => return None,
    })
}
