//! Width and height of an image, from its header: nothing is decoded (C-IMG-03).

/// Width and height in pixels; `None` for what is no such image, or broken before it says so.
pub(super) fn of(content: &[u8], media_type: &str) -> Option<(u32, u32)> {
    let size = match media_type {
        "image/png" => png(content),
        "image/gif" => gif(content),
        "image/webp" => webp(content),
        "image/jpeg" => jpeg(content),
        _ => None,
    };
    size.filter(|(width, height)| *width > 0 && *height > 0)
}

fn bytes<const N: usize>(content: &[u8], at: usize) -> Option<[u8; N]> {
    content.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn png(content: &[u8]) -> Option<(u32, u32)> {
    content.get(12..16).filter(|name| *name == b"IHDR")?;
    Some((u32::from_be_bytes(bytes(content, 16)?), u32::from_be_bytes(bytes(content, 20)?)))
}

fn gif(content: &[u8]) -> Option<(u32, u32)> {
    let short = |at: usize| bytes(content, at).map(|pair| u32::from(u16::from_le_bytes(pair)));
    Some((short(6)?, short(8)?))
}

fn webp(content: &[u8]) -> Option<(u32, u32)> {
    let three = |at: usize| {
        let [a, b, c] = bytes(content, at)?;
        Some(u32::from_le_bytes([a, b, c, 0]) + 1)
    };
    match &bytes::<4>(content, 12)? {
        b"VP8X" => Some((three(24)?, three(27)?)),
        b"VP8L" => {
            let bits = u32::from_le_bytes(bytes(content, 21)?);
            Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        b"VP8 " => {
            let short = |at: usize| bytes(content, at).map(|pair| u32::from(u16::from_le_bytes(pair)) & 0x3fff);
            Some((short(26)?, short(28)?))
        }
        _ => None,
    }
}

/// Walks the segments up to the one that begins the picture.
fn jpeg(content: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let [mark, kind] = bytes(content, at)?;
        if mark != 0xff {
            return None;
        }
        if kind == 0xff || matches!(kind, 0x01 | 0xd0..=0xd8) {
            at += if kind == 0xff { 1 } else { 2 };
            continue;
        }
        if matches!(kind, 0xc0..=0xcf) && !matches!(kind, 0xc4 | 0xc8 | 0xcc) {
            let short = |at: usize| bytes(content, at).map(|pair| u32::from(u16::from_be_bytes(pair)));
            return Some((short(at + 7)?, short(at + 5)?));
        }
        if matches!(kind, 0xd9 | 0xda) {
            return None;
        }
        at += 2 + usize::from(u16::from_be_bytes(bytes(content, at + 2)?));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c_img_03_the_header_says_how_large_an_image_is() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend([0, 0, 0x3e, 0x81, 0, 0, 0, 2]);
        assert_eq!(of(&png, "image/png"), Some((16_001, 2)));
        assert_eq!(of(b"GIF89a\x02\0\x03\0", "image/gif"), Some((2, 3)));
        let mut webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
        webp.extend([9, 0, 0, 4, 0, 0]);
        assert_eq!(of(&webp, "image/webp"), Some((10, 5)));
        let mut jpeg = b"\xff\xd8\xff\xe1\0\x04ab".to_vec();
        jpeg.extend(b"\xff\xc0\0\x11\x08\0\x07\0\x09\x03");
        assert_eq!(of(&jpeg, "image/jpeg"), Some((9, 7)));
    }

    #[test]
    fn c_img_02_a_broken_header_is_no_image() {
        for (content, kind) in [
            (&b"\x89PNG\r\n\x1a\n"[..], "image/png"),
            (b"GIF89a\0\0\0\0", "image/gif"),
            (b"\xff\xd8\xff\xda\0\x02", "image/jpeg"),
            (b"\xff\xd8\xff\xe1\xff\xff", "image/jpeg"),
            (b"RIFF\0\0\0\0WEBPXXXX", "image/webp"),
            (b"", "image/webp"),
        ] {
            assert_eq!(of(content, kind), None, "{kind}");
        }
    }
}
