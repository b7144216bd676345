//! XMP packets that say where a picture was taken: emptied, with their length kept (C-IMG-05). A packet of blanks is none to
//! those who read it.

/// Before the packet of a JPEG.
const JPEG: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// Before what did not fit into that packet: a checksum of 32 letters, length and offset follow.
const JPEG_MORE: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
/// Bytes between [`JPEG_MORE`] and the text.
const JPEG_MORE_HEAD: usize = 40;
/// Name of the text of a PNG that is a packet.
const PNG: &[u8] = b"XML:com.adobe.xmp\0";
/// What programs that do not know EXIF and XMP of PNGs write there: the part as text.
const PNG_RAW: [&[u8]; 3] = [b"Raw profile type exif\0", b"Raw profile type APP1\0", b"Raw profile type xmp\0"];
/// Before the packet of a GIF.
const GIF: &[u8] = b"\x21\xff\x0bXMP DataXMP";
/// Behind the packet of a GIF: numbers that count down, so that whoever reads it as blocks comes out at its end.
const GIF_END: &[u8] = b"\x01\xff\xfe\xfd";

/// Empties a packet that names a position; whether it did.
pub(super) fn packet(text: &mut [u8]) -> bool {
    let is_told = has(text, b"GPS") || has(text, b"G\0P\0S");
    if is_told {
        text.fill(b' ');
    }
    is_told
}

/// A part of a JPEG that holds a packet, or more of one.
pub(super) fn jpeg(part: &mut [u8]) -> bool {
    let start = if part.starts_with(JPEG) {
        JPEG.len()
    } else if part.starts_with(JPEG_MORE) {
        JPEG_MORE.len() + JPEG_MORE_HEAD
    } else {
        return false;
    };
    part.get_mut(start..).is_some_and(packet)
}

/// A chunk of a PNG from its type on, without its sum. What is packed cannot be looked into and goes as a whole.
pub(super) fn png(named: &mut [u8]) -> bool {
    let Some((kind, content)) = named.split_at_mut_checked(4) else { return false };
    let is_packet = content.starts_with(PNG);
    let is_raw = PNG_RAW.into_iter().any(|name| content.starts_with(name));
    match &*kind {
        b"iTXt" if is_packet => {
            let Some([is_packed, _how, rest @ ..]) = content.get_mut(PNG.len()..) else { return false };
            if *is_packed == 0 {
                return packet(rest);
            }
            // Said in no language, under no other name, and in plain blanks from here on.
            *is_packed = 0;
            rest.fill(b' ');
            for end in rest.iter_mut().take(2) {
                *end = 0;
            }
            true
        }
        b"tEXt" | b"zTXt" if is_raw => {
            let text = content.iter().position(|byte| *byte == 0).and_then(|end| content.get_mut(end + 1..));
            let Some(text) = text.filter(|text| text.iter().any(|byte| *byte != b' ')) else { return false };
            text.fill(b' ');
            kind.copy_from_slice(b"tEXt");
            true
        }
        _ => false,
    }
}

/// The packets of a GIF.
pub(super) fn gif(content: &mut [u8]) -> bool {
    let (mut at, mut found) = (0, false);
    while let Some(start) = content.get(at..).and_then(|rest| find(rest, GIF)).map(|start| at + start + GIF.len()) {
        let Some(length) = content.get(start..).and_then(|rest| find(rest, GIF_END)) else { break };
        found |= content.get_mut(start..start + length).is_some_and(packet);
        at = start + length;
    }
    found
}

fn find(content: &[u8], wanted: &[u8]) -> Option<usize> {
    content.windows(wanted.len()).position(|some| some == wanted)
}

fn has(content: &[u8], wanted: &[u8]) -> bool {
    find(content, wanted).is_some()
}
