//! A run within a picture: in an SVG's metadata, in a text chunk of a PNG. So the picture of a run opens
//! as the run.

/// The id of the metadata element and the keyword of the text chunk.
pub const RUN_ID: &str = "faultline-run";

/// Why a picture gives no run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureError {
    /// It is a picture without a run.
    NoRun,
    /// It breaks off, or was changed.
    Damaged(&'static str),
}

const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];

/// Whether these bytes begin like a PNG.
pub fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(&SIGNATURE)
}

/// The PNG with `text` in an international text chunk (PNG, third edition, §11.3.3.4) right behind its
/// header. Bytes that are no PNG come back as they are.
pub fn into_png(bytes: &[u8], text: &str) -> Vec<u8> {
    // The signature, then the header: length, name, 13 bytes, checksum.
    const BEHIND_HEADER: usize = 8 + 4 + 4 + 13 + 4;
    let Some((head, rest)) = bytes.split_at_checked(BEHIND_HEADER).filter(|_| is_png(bytes)) else {
        return bytes.to_vec();
    };
    // Keyword, not compressed, no language, no translated keyword.
    let mut chunk = b"iTXt".to_vec();
    chunk.extend(RUN_ID.as_bytes());
    chunk.extend([0; 5]);
    chunk.extend(text.as_bytes());
    let length = (chunk.len() - 4) as u32;
    [head, &length.to_be_bytes()[..], &chunk[..], &crc(&chunk).to_be_bytes()[..], rest].concat()
}

/// The text that [`into_png`] put there.
pub fn from_png(bytes: &[u8]) -> Result<String, PictureError> {
    let short = PictureError::Damaged("it breaks off");
    let mut rest = bytes.get(SIGNATURE.len()..).ok_or(short)?;
    while !rest.is_empty() {
        let (length, behind) = rest.split_first_chunk::<4>().ok_or(short)?;
        let length = u32::from_be_bytes(*length) as usize;
        let (chunk, behind) = behind.split_at_checked(length.saturating_add(4)).ok_or(short)?;
        let (sum, behind) = behind.split_first_chunk::<4>().ok_or(short)?;
        if let Some(text) = chunk.strip_prefix(b"iTXt").and_then(own_text) {
            if crc(chunk) != u32::from_be_bytes(*sum) {
                return Err(PictureError::Damaged("the checksum of the run in it does not match"));
            }
            let text = std::str::from_utf8(text);
            return text.map(str::to_owned).map_err(|_| PictureError::Damaged("the run in it is no text"));
        }
        rest = behind;
    }
    Err(PictureError::NoRun)
}

/// The text of a chunk with our keyword, as we write it.
fn own_text(chunk: &[u8]) -> Option<&[u8]> {
    chunk.strip_prefix(RUN_ID.as_bytes())?.strip_prefix(&[0; 5])
}

/// The checksum of PNG chunks (PNG, annex D): CRC-32 with the polynomial of ISO 3309.
fn crc(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
        }
    }
    !sum
}

/// The text of our metadata element in an SVG. It is looked for as text: nothing of the file is taken
/// into the page.
pub fn from_svg(svg: &str) -> Result<String, PictureError> {
    let mut rest = svg;
    while let Some(at) = rest.find("<metadata") {
        let element = &rest[at..];
        let open = element.find('>').ok_or(PictureError::Damaged("it breaks off"))?;
        rest = &element[open + 1..];
        if !element[..open].contains(RUN_ID) {
            continue;
        }
        let end = rest.find("</metadata").ok_or(PictureError::Damaged("it breaks off"))?;
        let text = rest[..end].trim();
        let text = text.strip_prefix("<![CDATA[").and_then(|text| text.strip_suffix("]]>")).unwrap_or(text);
        return Ok(unescape(text));
    }
    Err(PictureError::NoRun)
}

/// The five named entities of XML and numbered ones; what is none stays as it is.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        match end.and_then(|end| entity(&rest[1..end])).zip(end) {
            Some((letter, end)) => {
                plain.push(letter);
                rest = &rest[end + 1..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain + rest
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One black pixel.
    fn pixel() -> Vec<u8> {
        let mut bytes = SIGNATURE.to_vec();
        let chunks: [(&[u8], &[u8]); 3] = [
            (b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]),
            (b"IDAT", &[0x78, 0x9c, 0x63, 0, 0, 0, 2, 0, 1]),
            (b"IEND", &[]),
        ];
        for (name, data) in chunks {
            let chunk = [name, data].concat();
            bytes.extend((data.len() as u32).to_be_bytes());
            bytes.extend(&chunk);
            bytes.extend(crc(&chunk).to_be_bytes());
        }
        bytes
    }

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        // The check value of CRC-32/ISO-HDLC, and the checksum that every PNG ends with.
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc(b"IEND"), 0xae42_6082);
    }

    #[test]
    fn a_png_gives_back_what_was_put_into_it() {
        let text = "{\"who\": \"Ägäis 🌊\"}";
        let with = into_png(&pixel(), text);
        assert_eq!(from_png(&with), Ok(text.to_owned()));
        assert_eq!(from_png(&pixel()), Err(PictureError::NoRun));
        assert_eq!(into_png(b"GIF89a", text), b"GIF89a");
    }

    #[test]
    fn a_damaged_png_is_refused_wherever_it_is_damaged() {
        let whole = into_png(&pixel(), "{}");
        for length in 0..whole.len() {
            let cut = from_png(&whole[..length]);
            assert!(cut.is_err() || cut == Ok("{}".to_owned()), "{length}: {cut:?}");
        }
        let mut changed = whole.clone();
        let place = whole.windows(2).position(|pair| pair == b"{}").unwrap();
        changed[place] = b'[';
        assert!(matches!(from_png(&changed), Err(PictureError::Damaged(_))));
        let mut endless = pixel();
        endless[8..12].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(from_png(&endless), Err(PictureError::Damaged("it breaks off")));
    }

    #[test]
    fn an_svg_gives_back_what_was_put_into_it() {
        let svg = "<svg><metadata>other</metadata><metadata id=\"faultline-run\">{&quot;a&quot;: \
                   &lt;1&gt; &amp;amp; &#228;&#x1F30A; &bogus; &</metadata><rect/></svg>";
        assert_eq!(from_svg(svg).unwrap(), "{\"a\": <1> &amp; ä🌊 &bogus; &");
        let quoted = "<metadata id='faultline-run'><![CDATA[{\"a\": 1}]]></metadata>";
        assert_eq!(from_svg(quoted).unwrap(), "{\"a\": 1}");
        assert_eq!(from_svg("<svg/>"), Err(PictureError::NoRun));
        assert!(matches!(from_svg("<metadata id=\"faultline-run\">{"), Err(PictureError::Damaged(_))));
        assert!(matches!(from_svg("<metadata id=\"faultline-run\""), Err(PictureError::Damaged(_))));
        assert_eq!(from_svg("&ä;🌊<metadata>"), Err(PictureError::NoRun));
    }
}
