//! Where a picture was taken: taken out of its EXIF part before anybody else may open it (C-IMG-05). Nothing else changes, and
//! the content keeps its length.

/// Marks of a TIFF directory that points to positions.
const GPS: u16 = 0x8825;
/// Bytes of an entry of a directory.
const ENTRY: usize = 12;

/// Takes the position out; whether there was one.
pub(super) fn remove(content: &mut [u8], media_type: &str) -> bool {
    match media_type {
        "image/jpeg" => jpeg(content),
        "image/png" => png(content),
        "image/webp" => webp(content),
        _ => false,
    }
}

fn jpeg(content: &mut [u8]) -> bool {
    let (mut at, mut found) = (2, false);
    while let Some([0xff, kind]) = content.get(at..at + 2).and_then(|mark| <[u8; 2]>::try_from(mark).ok()) {
        // Marks may be filled up, and some stand alone.
        if kind == 0xff || matches!(kind, 0x01 | 0xd0..=0xd8) {
            at += if kind == 0xff { 1 } else { 2 };
            continue;
        }
        let length = content.get(at + 2..at + 4).and_then(|length| <[u8; 2]>::try_from(length).ok());
        let Some(length) = length.map(|length| usize::from(u16::from_be_bytes(length))) else { break };
        if matches!(kind, 0xd9 | 0xda) {
            break;
        }
        let Some(part) = content.get_mut(at + 4..at + 2 + length) else { break };
        if kind == 0xe1
            && let Some(tiff) = part.strip_prefix_mut(b"Exif\0\0")
        {
            found |= positions(tiff);
        }
        at += 2 + length;
    }
    found
}

fn png(content: &mut [u8]) -> bool {
    let (mut at, mut found) = (8, false);
    while let Some(length) = content.get(at..at + 4).and_then(|four| <[u8; 4]>::try_from(four).ok()) {
        let Ok(length) = usize::try_from(u32::from_be_bytes(length)) else { break };
        let Some(end) = at.checked_add(12).and_then(|end| end.checked_add(length)) else { break };
        let Some(chunk) = content.get_mut(at + 4..end) else { break };
        let Some((named, sum)) = chunk.split_at_mut_checked(4 + length) else { break };
        if let Some(tiff) = named.strip_prefix_mut(b"eXIf")
            && positions(tiff)
        {
            found = true;
            sum.copy_from_slice(&crc(named).to_be_bytes());
        }
        at = end;
    }
    found
}

fn webp(content: &mut [u8]) -> bool {
    let (mut at, mut found) = (12, false);
    while let Some([a, b, c, d, e, f, g, h]) = content.get(at..at + 8).and_then(|head| <[u8; 8]>::try_from(head).ok()) {
        let Ok(length) = usize::try_from(u32::from_le_bytes([e, f, g, h])) else { break };
        let Some(end) = at.checked_add(8).and_then(|start| start.checked_add(length)) else { break };
        let Some(part) = content.get_mut(at + 8..end) else { break };
        if [a, b, c, d] == *b"EXIF" {
            let is_marked = part.starts_with(b"Exif\0\0");
            if let Some(tiff) = part.get_mut(if is_marked { 6 } else { 0 }..) {
                found |= positions(tiff);
            }
        }
        at = end + length % 2;
    }
    found
}

/// Empties the directory of positions of a TIFF part, with what its entries point to.
fn positions(tiff: &mut [u8]) -> bool {
    let is_little = match tiff.get(..2) {
        Some(b"II") => true,
        Some(b"MM") => false,
        _ => return false,
    };
    let short = |tiff: &[u8], at: usize| -> Option<u16> {
        let two = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let long = |tiff: &[u8], at: usize| -> Option<usize> {
        let four = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        usize::try_from(if is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) }).ok()
    };
    let entries = |tiff: &[u8], directory: usize| -> Vec<usize> {
        let n = short(tiff, directory).map_or(0, usize::from);
        (0..n).map(|index| directory + 2 + index * ENTRY).take_while(|at| at + ENTRY <= tiff.len()).collect()
    };
    let Some(first) = long(tiff, 4) else { return false };
    let pointer = entries(tiff, first).into_iter().find(|at| short(tiff, *at) == Some(GPS));
    let Some(directory) = pointer.and_then(|at| long(tiff, at + 8)) else { return false };
    let places = entries(tiff, directory);
    if places.is_empty() {
        return false;
    }
    for at in places {
        let size = match short(tiff, at + 2) {
            Some(3 | 8) => 2,
            Some(4 | 9 | 11) => 4,
            Some(5 | 10 | 12) => 8,
            _ => 1,
        };
        let length = long(tiff, at + 4).unwrap_or(0).saturating_mul(size);
        let outside = long(tiff, at + 8).filter(|_| length > 4);
        if let Some(value) = outside.and_then(|start| tiff.get_mut(start..start.saturating_add(length))) {
            value.fill(0);
        }
        if let Some(entry) = tiff.get_mut(at..at + ENTRY) {
            entry.fill(0);
        }
    }
    // A directory without entries says nothing.
    if let Some(count) = tiff.get_mut(directory..directory + 2) {
        count.fill(0);
    }
    true
}

/// The checksum of a part of a PNG.
fn crc(content: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in content {
        sum ^= u32::from(*byte);
        for _bit in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
        }
    }
    !sum
}

/// `strip_prefix` of slices that may be written.
trait StripPrefix {
    fn strip_prefix_mut(&mut self, prefix: &[u8]) -> Option<&mut [u8]>;
}

impl StripPrefix for [u8] {
    fn strip_prefix_mut(&mut self, prefix: &[u8]) -> Option<&mut [u8]> {
        if self.starts_with(prefix) { self.get_mut(prefix.len()..) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A TIFF part with one entry that points to a directory with a latitude outside of it.
    fn tiff() -> Vec<u8> {
        let mut out = b"II*\0\x08\0\0\0".to_vec();
        out.extend([1, 0]); // one entry at 10
        out.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0]);
        out.extend([0, 0, 0, 0]); // no further directory; 26 begins here
        out.extend([1, 0]);
        out.extend([2, 0, 5, 0, 1, 0, 0, 0, 44, 0, 0, 0]);
        out.extend([0, 0, 0, 0]); // up to 44
        out.extend([0xaa; 8]);
        out
    }

    #[test]
    fn c_img_05_the_position_is_taken_out_and_nothing_else() {
        let exif = tiff();
        // A comment with a filled mark, and a mark without a part, before it.
        let mut jpeg = b"\xff\xd8\xff\xff\xfe\0\x04hi\xff\x01\xff\xe1".to_vec();
        let length = u16::try_from(exif.len() + 8).unwrap();
        jpeg.extend(length.to_be_bytes());
        jpeg.extend(b"Exif\0\0");
        jpeg.extend(&exif);
        jpeg.extend(b"\xff\xda\0\x02picture\xff\xd9");
        let before = jpeg.clone();
        assert!(remove(&mut jpeg, "image/jpeg"));
        assert_eq!(jpeg.len(), before.len());
        assert!(!jpeg.windows(4).any(|four| four == [0xaa; 4]), "the latitude is gone");
        assert!(jpeg.ends_with(b"picture\xff\xd9"));
        assert!(!remove(&mut jpeg, "image/jpeg"), "there is none any more");
    }

    #[test]
    fn c_img_05_the_sum_of_a_png_stays_right() {
        let exif = tiff();
        let mut part = b"eXIf".to_vec();
        part.extend(&exif);
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        png.extend(u32::try_from(exif.len()).unwrap().to_be_bytes());
        png.extend(&part);
        png.extend(crc(&part).to_be_bytes());
        assert!(remove(&mut png, "image/png"));
        let (body, sum) = png.split_at(png.len() - 4);
        assert_eq!(sum, crc(&body[12..]).to_be_bytes());
        assert_eq!(crc(b"IEND"), 0xae42_6082);
    }

    #[test]
    fn c_img_05_what_is_broken_is_left_alone() {
        for kind in ["image/jpeg", "image/png", "image/webp", "image/gif"] {
            for content in [
                &b""[..],
                b"\xff\xd8\xff\xe1\xff\xff",
                b"\x89PNG\r\n\x1a\n\xff\xff\xff\xff",
                b"RIFF\0\0\0\0WEBPEXIF\xff\xff\xff\xff",
            ] {
                let mut copy = content.to_vec();
                assert!(!remove(&mut copy, kind));
                assert_eq!(copy, content);
            }
        }
    }
}
