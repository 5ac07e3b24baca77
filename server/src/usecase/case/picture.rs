//! Pictures of cases: received in pieces, encoded anew, attached, and shown to those who may see the case.

use domain::{
    api::{MOST_PICTURE, MOST_PIECE, PicturePiece},
    case::{MOST_PICTURES, step::CaseRefusal},
    id::{CaseId, CentreId, PersonId, PictureId},
    problem::{Problem, TextFault},
};
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    metadata::Orientation,
};

use crate::{
    clock,
    db::{Fail, Tx},
    usecase::{
        call::Call,
        case::{
            is_public,
            rows::{Standing, find},
        },
    },
};

/// The longest side of a picture as it is kept, in pixels.
const LONGEST: u32 = 1_600;

/// The longest side of what is decoded at all.
const WIDEST: u32 = 12_000;

/// The most bytes that decoding may take: 40 million points.
const MOST_DECODED: u64 = 160 * 1024 * 1024;

/// The quality of the JPEG, of 100.
const QUALITY: u8 = 82;

/// How long what nobody attached is kept, in seconds.
const LOOSE: i64 = 86_400;

/// How many bytes of pictures somebody may have on their way.
const MOST_LOOSE: i64 = 60 * 1024 * 1024;

/// A picture as it was encoded anew: nothing of what came is in it but its points.
#[derive(Clone, Debug)]
pub struct Encoded {
    /// JPEG.
    pub bytes: Vec<u8>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Decodes a picture within bounds, turns it as its camera was held, makes it small, and encodes it anew.
///
/// # Errors
/// [`TextFault::NoPicture`] for whatever is none, or is too large.
pub fn encode(bytes: &[u8]) -> Result<Encoded, Problem> {
    read(bytes).map_err(|_| Problem::field("picture", TextFault::NoPicture))
}

fn read(bytes: &[u8]) -> image::ImageResult<Encoded> {
    let format = image::guess_format(bytes)?;
    let mut reader = ImageReader::with_format(std::io::Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(WIDEST);
    limits.max_image_height = Some(WIDEST);
    limits.max_alloc = Some(MOST_DECODED);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    decoder.set_limits(limits.clone())?;
    // What it would take is known before it is taken.
    limits.reserve(decoder.total_bytes())?;
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder)?;
    if picture.width().max(picture.height()) > LONGEST {
        picture = picture.thumbnail(LONGEST, LONGEST);
    }
    picture.apply_orientation(turned);
    // What can be seen through becomes white, as paper.
    let mut paper = image::RgbImage::from_pixel(
        picture.width(),
        picture.height(),
        image::Rgb([255, 255, 255]),
    );
    let picture = picture.to_rgba8();
    for (to, from) in paper.pixels_mut().zip(picture.pixels()) {
        let alpha = u16::from(from[3]);
        for (to, from) in to.0.iter_mut().zip(from.0) {
            let mixed = (u16::from(from) * alpha + 255 * (255 - alpha)) / 255;
            *to = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }
    let mut encoded = Vec::new();
    paper.write_with_encoder(JpegEncoder::new_with_quality(&mut encoded, QUALITY))?;
    debug_assert!(image::guess_format(&encoded)? == ImageFormat::Jpeg);
    Ok(Encoded {
        bytes: encoded,
        width: paper.width(),
        height: paper.height(),
    })
}

/// What has arrived of an upload.
#[derive(Clone, Debug)]
pub enum Arrived {
    /// So many bytes.
    Part(u32),
    /// All of them, not yet looked at.
    All(Vec<u8>),
    /// It is a picture already.
    Picture(PictureId),
}

/// Takes a piece of a picture.
///
/// # Errors
/// For a visitor, where the piece does not fit, and where too much is on its way.
pub fn receive(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    (piece, bytes): (&PicturePiece, &[u8]),
) -> Result<Arrived, Fail> {
    let me = call.person()?.clone();
    call.centres.get(tx, centre)?;
    let bad = || Problem::field("picture", TextFault::OutOfRange);
    let name = piece.upload.as_str();
    let sound = (16..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric());
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    if !sound || length > MOST_PIECE || piece.size == 0 || piece.size > MOST_PICTURE {
        return Err(bad().into());
    }
    // One after the other.
    tx.lock(
        "select 1 from person where id = $1 for no key update",
        &[(&me).into()],
    )?;
    let path = [(&me).into(), name.into()];
    let known = tx.opt(
        "select size, picture_id from upload where person_id = $1 and id = $2",
        &path,
    )?;
    match known {
        Some(row) => {
            if let Some(picture) = row.get("picture_id")? {
                return Ok(Arrived::Picture(picture));
            }
            if row.get::<u32>("size")? != piece.size {
                return Err(bad().into());
            }
        }
        None => {
            // Cast: the database adds whole numbers up in a type of its own.
            let row = tx.one(
                "select cast(coalesce(sum(size), 0) as bigint) as size from upload where person_id = $1 and made_at > $2",
                &[(&me).into(), (call.now() - LOOSE).into()],
            )?;
            if row.get::<i64>("size")? + i64::from(piece.size) > MOST_LOOSE {
                return Err(Problem::TooMany { wait: 3_600 }.into());
            }
            tx.exec(
                "insert into upload (person_id, id, size, made_at) values ($1, $2, $3, $4)",
                &[
                    (&me).into(),
                    name.into(),
                    piece.size.into(),
                    call.now().into(),
                ],
            )?;
        }
    }
    let row = tx.one(
        "select coalesce(max(until_byte), 0) as have from upload_piece where person_id = $1 and upload_id = $2",
        &path,
    )?;
    let mut have: u32 = row.get("have")?;
    // What arrived before is not written again; what lies beyond is asked for later.
    if !bytes.is_empty() && piece.from == have {
        let until = have.saturating_add(length);
        if until > piece.size {
            return Err(bad().into());
        }
        tx.exec(
            "insert into upload_piece (person_id, upload_id, from_byte, until_byte, bytes) values ($1, $2, $3, $4, $5)",
            &[
                (&me).into(),
                name.into(),
                have.into(),
                until.into(),
                bytes.to_vec().into(),
            ],
        )?;
        have = until;
    }
    if have < piece.size {
        return Ok(Arrived::Part(have));
    }
    let rows = tx.all(
        "select bytes from upload_piece where person_id = $1 and upload_id = $2 order by from_byte",
        &path,
    )?;
    let mut whole = Vec::with_capacity(piece.size as usize);
    for row in &rows {
        whole.extend(row.get::<Vec<u8>>("bytes")?);
    }
    Ok(Arrived::All(whole))
}

/// Forgets an upload that was no picture.
///
/// # Errors
/// When the database fails.
pub fn drop_upload(tx: &mut Tx<'_>, call: &Call, upload: &str) -> Result<(), Fail> {
    let path = [call.person()?.into(), upload.into()];
    tx.exec(
        "delete from upload_piece where person_id = $1 and upload_id = $2",
        &path,
    )?;
    tx.exec("delete from upload where person_id = $1 and id = $2", &path)?;
    Ok(())
}

/// Keeps a picture that was encoded anew; what came is gone.
///
/// # Errors
/// For a visitor, and when there is no such upload.
pub fn keep(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    (upload, encoded): (&str, &Encoded),
) -> Result<PictureId, Fail> {
    let me = call.person()?.clone();
    tx.lock(
        "select 1 from person where id = $1 for no key update",
        &[(&me).into()],
    )?;
    let path = [(&me).into(), upload.into()];
    let row = tx.opt(
        "select picture_id from upload where person_id = $1 and id = $2",
        &path,
    )?;
    if let Some(picture) = row.ok_or(Problem::NotFound)?.get("picture_id")? {
        return Ok(picture);
    }
    let id = PictureId::new(clock::new_id(call.now_ms));
    insert(tx, call, (centre, &id, &me), encoded)?;
    tx.exec(
        "delete from upload_piece where person_id = $1 and upload_id = $2",
        &path,
    )?;
    tx.exec(
        "update upload set picture_id = $3 where person_id = $1 and id = $2",
        &[(&me).into(), upload.into(), (&id).into()],
    )?;
    Ok(id)
}

/// Stores a picture that somebody sent.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id, sender): (&CentreId, &PictureId, &PersonId),
    encoded: &Encoded,
) -> Result<(), Fail> {
    tx.exec(
        "insert into picture (centre_id, id, person_id, by_house, shown, width, height, bytes, made_at)
        values ($1, $2, $3, 0, 1, $4, $5, $6, $7)",
        &[
            centre.into(),
            id.into(),
            sender.into(),
            encoded.width.into(),
            encoded.height.into(),
            encoded.bytes.clone().into(),
            call.now().into(),
        ],
    )?;
    Ok(())
}

/// Attaches pictures that the caller sent to a case.
pub(crate) fn attach(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, case): (&CentreId, &CaseId),
    (pictures, by_house, shown): (&[PictureId], bool, bool),
) -> Result<(), Fail> {
    if pictures.is_empty() {
        return Ok(());
    }
    let me = call.person()?;
    let row = tx.one(
        "select count(*) as have from picture where centre_id = $1 and case_id = $2",
        &[centre.into(), case.into()],
    )?;
    if row.get::<u32>("have")? as usize + pictures.len() > MOST_PICTURES {
        return Err(CaseRefusal::TooManyPictures {
            most: u16::try_from(MOST_PICTURES).unwrap_or(u16::MAX),
        }
        .into());
    }
    for picture in pictures {
        let changed = tx.exec(
            "update picture set case_id = $4, by_house = $5, shown = $6 where centre_id = $1 and id = $2 and person_id = $3 and case_id is null",
            &[
                centre.into(),
                picture.into(),
                me.into(),
                case.into(),
                i64::from(by_house).into(),
                i64::from(shown).into(),
            ],
        )?;
        if changed == 0 {
            return Err(Problem::NotFound.into());
        }
    }
    Ok(())
}

/// [`domain::api::GetCasePicture`]: its JPEG. Whoever sent it sees it; with its case those who see that; of a report that everybody sees
/// what the house took.
///
/// # Errors
/// For everybody else: for them there is none.
pub fn get(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, PictureId),
) -> Result<Vec<u8>, Fail> {
    let known = call.centres.get(tx, &centre)?;
    let row = tx.opt(
        "select person_id, case_id, by_house, shown, bytes from picture where centre_id = $1 and id = $2",
        &[(&centre).into(), (&id).into()],
    )?;
    let row = row.ok_or(Problem::NotFound)?;
    let (sender, case): (PersonId, Option<CaseId>) = (row.get("person_id")?, row.get("case_id")?);
    let is_seen = match case {
        None => call.actor.person.as_ref() == Some(&sender),
        Some(case) => {
            let found = find(tx, &known, &case)?;
            let standing = Standing::of(call, &found);
            let of_house: bool = row.get("by_house")?;
            let shown: bool = row.get("shown")?;
            standing.works || shown && (standing.asked || of_house && is_public(&found))
        }
    };
    match (is_seen, &call.actor.person) {
        (true, _) => Ok(row.get("bytes")?),
        (false, None) => Err(Problem::NotSignedIn.into()),
        (false, Some(_)) => Err(Problem::NotFound.into()),
    }
}

/// Forgets pictures and uploads that nobody attached within a day.
pub(crate) fn forget_loose(tx: &mut Tx<'_>, now: i64) -> Result<(), Fail> {
    let before = [(now - LOOSE).into()];
    for sql in [
        "delete from picture where case_id is null and made_at < $1",
        "delete from upload_piece where exists (select 1 from upload u where u.person_id = upload_piece.person_id
            and u.id = upload_piece.upload_id and u.made_at < $1)",
        "delete from upload where made_at < $1",
    ] {
        tx.exec(sql, &before)?;
    }
    Ok(())
}
