//! A small picture of a large one: decoded within limits, upright, the first frame of an animation, and nothing of it but its
//! colours (C-IMG-05).
//!
//! Always a JPEG, on white where the picture is transparent: a lossless picture of this size is several times as large, a second
//! format would need a second encoder, and every program shows this one.

use std::io::Cursor;

use domain::customer::{IMAGE_PIXELS_MAX, IMAGE_SIDE_MAX};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

/// Longest side of a thumbnail, in pixels.
const SIDE: u32 = 320;
/// How much of a JPEG is kept, of 100.
const QUALITY: u8 = 80;
/// Bytes a decoder may ask for: the largest picture with four of them for each pixel, and what it works with.
const MEMORY_MAX: u64 = IMAGE_PIXELS_MAX * 4 + 32 * 1024 * 1024;

/// Why there is no thumbnail. Holds nothing of what the file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// More pixels, or more memory, than a picture may have.
    TooLarge,
    /// What cannot be decoded.
    Broken,
    /// No type that is decoded here.
    Unknown,
    /// The file is not there any more.
    Gone,
    /// Whoever tried did not live to tell.
    Deadly,
}

impl From<ImageError> for Why {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooLarge,
            ImageError::Unsupported(_) => Self::Unknown,
            _ => Self::Broken,
        }
    }
}

/// The JPEG of at most 320 pixels a side, never larger than the picture. Takes its time and its memory: at most `MEMORY_MAX`
/// bytes and as much again where the pixels of a rare kind are converted.
pub(super) fn small(content: &[u8], media_type: &str) -> Result<Vec<u8>, Why> {
    let format = ImageFormat::from_mime_type(media_type).ok_or(Why::Unknown)?;
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(IMAGE_SIDE_MAX);
    limits.max_image_height = Some(IMAGE_SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(content), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width).saturating_mul(u64::from(height)) > IMAGE_PIXELS_MAX {
        return Err(Why::TooLarge);
    }
    // What the picture itself takes is not there for the decoder to work with.
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let whole = on_white(DynamicImage::from_decoder(decoder)?);
    let mut small = if whole.width().max(whole.height()) > SIDE { whole.thumbnail(SIDE, SIDE) } else { whole };
    // A square holds it either way, so that only the small one has to be turned.
    small.apply_orientation(orientation);
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&small.into_rgb8())?;
    Ok(out)
}

/// A transparent picture on white, before it is made small: a mean would mix in the colour of what nobody sees.
fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.has_alpha() {
        return picture;
    }
    let mut pixels = picture.into_rgba8();
    for pixel in pixels.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        pixel.0 = [over(red, alpha), over(green, alpha), over(blue, alpha), u8::MAX];
    }
    DynamicImage::ImageRgba8(pixels)
}

/// A colour over white.
fn over(colour: u8, alpha: u8) -> u8 {
    let (colour, alpha) = (u32::from(colour), u32::from(alpha));
    u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use image::{ImageBuffer, Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    fn decoded(content: &[u8]) -> RgbImage {
        image::load_from_memory_with_format(content, ImageFormat::Jpeg).unwrap().into_rgb8()
    }

    #[test]
    fn c_img_05_a_thumbnail_fits_320_pixels_and_is_never_larger_than_its_picture() {
        let sizes = [
            ((1_000, 500), (320, 160)),
            ((300, 900), (107, 320)),
            ((321, 321), (320, 320)),
            ((320, 20), (320, 20)),
            ((2_000, 1), (320, 1)),
            ((1, 1), (1, 1)),
        ];
        for ((width, height), expected) in sizes {
            let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(width, height, Rgb([200, 30, 30])));
            for (format, media_type) in
                [(ImageFormat::Png, "image/png"), (ImageFormat::Jpeg, "image/jpeg"), (ImageFormat::WebP, "image/webp")]
            {
                let made = decoded(&small(&encoded(&picture, format), media_type).unwrap());
                assert_eq!(made.dimensions(), expected, "{width} x {height} as {media_type}");
                let Rgb([red, green, _]) = *made.get_pixel(0, 0);
                assert!(red > 150 && green < 80, "{red} {green} as {media_type}");
            }
        }
    }

    #[test]
    fn c_img_05_what_is_transparent_becomes_white() {
        // Unseen black beside half of a red.
        let pixels =
            RgbaImage::from_fn(640, 64, |x, _| if x < 320 { Rgba([0, 0, 0, 0]) } else { Rgba([255, 0, 0, 128]) });
        let content = encoded(&DynamicImage::ImageRgba8(pixels), ImageFormat::Png);
        let made = decoded(&small(&content, "image/png").unwrap());
        let Rgb(left) = *made.get_pixel(20, 10);
        assert!(left.iter().all(|colour| *colour > 245), "{left:?}");
        let Rgb([red, green, blue]) = *made.get_pixel(300, 10);
        assert!(red > 245 && (110..145).contains(&green) && (110..145).contains(&blue), "{red} {green} {blue}");
        // Sixteen bits for each colour are eight of them in the end.
        let deep: ImageBuffer<Rgba<u16>, Vec<u16>> = ImageBuffer::from_pixel(4, 4, Rgba([0, 65_535, 0, 65_535]));
        let content = encoded(&DynamicImage::ImageRgba16(deep), ImageFormat::Png);
        let Rgb([red, green, _]) = *decoded(&small(&content, "image/png").unwrap()).get_pixel(1, 1);
        assert!(red < 20 && green > 235, "{red} {green}");
    }

    #[test]
    fn c_img_05_the_limits_hold_before_anything_is_decoded() {
        let content = encoded(&DynamicImage::ImageRgb8(RgbImage::new(1, 1)), ImageFormat::Png);
        // Width, height and bits of the header, with the sum that fits them.
        let said = |width: u32, height: u32, depth: u8, kind: u8| {
            let mut header = b"IHDR".to_vec();
            header.extend(width.to_be_bytes());
            header.extend(height.to_be_bytes());
            header.extend([depth, kind, 0, 0, 0]);
            let mut out = content[..12].to_vec();
            out.extend(&header);
            out.extend(crc(&header).to_be_bytes());
            out.extend(&content[33..]);
            out
        };
        assert_eq!(small(&said(1, 1, 8, 2), "image/png").map(|_| ()), Ok(()));
        for (width, height, depth, kind, what) in [
            (16_001, 1, 8, 2, "a side"),
            (8_000, 8_000, 1, 0, "pixels"),
            (6_000, 6_000, 16, 6, "memory, of 36 megapixels with eight bytes each"),
        ] {
            assert_eq!(small(&said(width, height, depth, kind), "image/png"), Err(Why::TooLarge), "{what}");
        }
        assert_eq!(small(b"%PDF-1.7", "application/pdf"), Err(Why::Unknown));
        assert_eq!(small(&content[..40], "image/png"), Err(Why::Broken));
        assert_eq!(small(b"", "image/jpeg"), Err(Why::Broken));
    }

    /// The sum of a chunk of a PNG.
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 })
        })
    }
}
