//! Where a picture was taken: taken out of its EXIF part and its XMP packets before anybody else may open it (C-IMG-05). Nothing
//! else changes, and the content keeps its length.

use super::xmp;

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
        "image/gif" => xmp::gif(content),
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
        if kind == 0xe1 {
            found |= match part.strip_prefix_mut(b"Exif\0\0") {
                Some(tiff) => positions(tiff),
                None => xmp::jpeg(part),
            };
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
        let is_changed = match named.strip_prefix_mut(b"eXIf") {
            Some(tiff) => positions(tiff),
            None => xmp::png(named),
        };
        if is_changed {
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
        if [a, b, c, d] == *b"XMP " {
            found |= xmp::packet(part);
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

    const PACKET: &[u8] = b"<x:xmpmeta><exif:GPSLatitude>23,33.1S</exif:GPSLatitude></x:xmpmeta>";

    /// Takes the position out of a picture that has one, in its own length and once only.
    fn taken_out(mut content: Vec<u8>, kind: &str) -> Vec<u8> {
        let length = content.len();
        assert!(remove(&mut content, kind), "{kind}");
        assert_eq!(content.len(), length);
        assert!(!content.windows(3).any(|some| some == b"GPS" || some == b"23,"), "{kind}");
        assert!(!remove(&mut content, kind), "{kind}: there is none any more");
        content
    }

    fn chunk(part: &[u8]) -> Vec<u8> {
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        png.extend(u32::try_from(part.len() - 4).unwrap().to_be_bytes());
        png.extend(part);
        png.extend(crc(part).to_be_bytes());
        png
    }

    #[test]
    fn c_img_05_the_position_is_taken_out_of_xmp_packets_too() {
        for head in [
            b"http://ns.adobe.com/xap/1.0/\0".to_vec(),
            [&b"http://ns.adobe.com/xmp/extension/\0"[..], &[b'0'; 40]].concat(),
        ] {
            let part = [head.as_slice(), PACKET].concat();
            let mut jpeg = b"\xff\xd8\xff\xe1".to_vec();
            jpeg.extend(u16::try_from(part.len() + 2).unwrap().to_be_bytes());
            jpeg.extend(&part);
            jpeg.extend(b"\xff\xda\0\x02picture\xff\xd9");
            assert!(taken_out(jpeg, "image/jpeg").ends_with(b"picture\xff\xd9"));
        }
        let texts = [
            [&b"iTXtXML:com.adobe.xmp\0\0\0\0\0"[..], PACKET].concat(),
            [&b"iTXtXML:com.adobe.xmp\0\x01\0\0\0"[..], b"packed 23,"].concat(),
            [&b"tEXtRaw profile type xmp\0"[..], PACKET].concat(),
            [&b"zTXtRaw profile type exif\0\0"[..], b"packed 23,"].concat(),
        ];
        for part in texts {
            let png = taken_out(chunk(&part), "image/png");
            let (body, sum) = png.split_at(png.len() - 4);
            assert_eq!(sum, crc(&body[12..]).to_be_bytes(), "the sum is right");
        }
        let mut webp = b"RIFF\0\0\0\0WEBPXMP ".to_vec();
        webp.extend(u32::try_from(PACKET.len()).unwrap().to_le_bytes());
        webp.extend(PACKET);
        taken_out(webp, "image/webp");
        let gif = [&b"GIF89a\x21\xff\x0bXMP DataXMP"[..], PACKET, b"\x01\xff\xfe\xfd\0;"].concat();
        assert!(taken_out(gif, "image/gif").ends_with(b"\x01\xff\xfe\xfd\0;"));
        // One that says nothing of places stays.
        let mut webp = b"RIFF\0\0\0\0WEBPXMP \x04\0\0\0<x/>".to_vec();
        assert!(!remove(&mut webp, "image/webp"));
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
