//! Geometry of a floor's plan, in metres: x to the right, y down, from the plan's top left corner.

use std::fmt;

use crate::{
    decimal::{self, Decimal},
    time::serde_as_text,
};

/// How far apart two points may be and still count as the same place on a wall, in metres.
pub const TOLERANCE: f64 = 0.05;

/// A place on a floor, in metres.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Point {
    /// Reads `12.5,3`.
    pub fn parse(text: &str) -> Option<Self> {
        let (x, y) = text.split_once(',')?;
        let metres = |text: &str| decimal::read(text).filter(|m| (0.0..=1000.0).contains(m));
        Some(Self {
            x: metres(x)?,
            y: metres(y)?,
        })
    }

    /// Distance in metres.
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point `share` (0 to 1) of the way to `other`.
    #[must_use]
    pub fn towards(self, other: Self, share: f64) -> Self {
        Self {
            x: self.x + (other.x - self.x) * share,
            y: self.y + (other.y - self.y) * share,
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", Decimal(self.x, 6), Decimal(self.y, 6))
    }
}

/// A list of places, written `6,8 12.5,3`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points(pub Vec<Point>);

impl Points {
    /// Reads the written form; the empty text is no point.
    pub fn parse(text: &str) -> Option<Self> {
        text.split_whitespace()
            .map(Point::parse)
            .collect::<Option<_>>()
            .map(Self)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, point) in self.0.iter().enumerate() {
            write!(f, "{}{point}", if i > 0 { " " } else { "" })?;
        }
        Ok(())
    }
}

/// A straight piece of wall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// One end.
    pub a: Point,
    /// The other end.
    pub b: Point,
}

impl Edge {
    /// Length in metres.
    pub fn length(self) -> f64 {
        self.a.distance(self.b)
    }

    /// Distance of a point to the nearest point of this piece, in metres.
    pub fn distance(self, p: Point) -> f64 {
        let (dx, dy) = (self.b.x - self.a.x, self.b.y - self.a.y);
        let square = dx * dx + dy * dy;
        if square == 0.0 {
            return self.a.distance(p);
        }
        let share = ((p.x - self.a.x) * dx + (p.y - self.a.y) * dy) / square;
        self.a.towards(self.b, share.clamp(0.0, 1.0)).distance(p)
    }

    /// The piece where both run along each other, if it is longer than a centimetre or so.
    pub fn shared_with(self, other: Self) -> Option<Self> {
        let length = self.length();
        let (dx, dy) = (
            (self.b.x - self.a.x) / length,
            (self.b.y - self.a.y) / length,
        );
        let along = |p: Point| (p.x - self.a.x) * dx + (p.y - self.a.y) * dy;
        let off = |p: Point| ((p.x - self.a.x) * dy - (p.y - self.a.y) * dx).abs();
        if off(other.a) > TOLERANCE || off(other.b) > TOLERANCE {
            return None;
        }
        let (from, to) = (
            along(other.a).min(along(other.b)),
            along(other.a).max(along(other.b)),
        );
        let (from, to) = (from.max(0.0), to.min(length));
        let at = |d: f64| Point {
            x: self.a.x + dx * d,
            y: self.a.y + dy * d,
        };
        (to - from > TOLERANCE).then(|| Self {
            a: at(from),
            b: at(to),
        })
    }

    fn crosses(self, other: Self) -> bool {
        let side = |e: Self, p: Point| {
            let area = (e.b.x - e.a.x) * (p.y - e.a.y) - (e.b.y - e.a.y) * (p.x - e.a.x);
            let off = area / e.length().max(TOLERANCE);
            if off.abs() <= TOLERANCE {
                0
            } else {
                off.signum() as i32
            }
        };
        side(self, other.a) * side(self, other.b) < 0
            && side(other, self.a) * side(other, self.b) < 0
    }
}

/// A simple polygon. Written as its corners `0,0 6,0 6,4 0,4`, or `0,0 6x4` for a rectangle (corner, width × depth).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline(Vec<Point>);

impl Outline {
    /// Reads the written form; needs three corners and some area.
    pub fn parse(text: &str) -> Option<Self> {
        let rectangle = text.split_once(' ').and_then(|(corner, size)| {
            let (width, depth) = size.split_once('x')?;
            let (width, depth) = (decimal::read(width)?, decimal::read(depth)?);
            Some((Point::parse(corner)?, Point { x: width, y: depth }))
        });
        let corners = match rectangle {
            Some((Point { x, y }, Point { x: w, y: d })) => {
                [(x, y), (x + w, y), (x + w, y + d), (x, y + d)]
                    .map(|(x, y)| Point { x, y })
                    .to_vec()
            }
            None => Points::parse(text)?.0,
        };
        let outline = Self(corners);
        let sound =
            (3..=40).contains(&outline.0.len()) && outline.area() > 0.1 && outline.area() < 1e6;
        sound.then_some(outline)
    }

    /// The corners in drawing order.
    pub fn corners(&self) -> &[Point] {
        &self.0
    }

    /// The walls around it.
    pub fn edges(&self) -> impl Iterator<Item = Edge> + '_ {
        let next = self.0.iter().cycle().skip(1);
        self.0.iter().zip(next).map(|(a, b)| Edge { a: *a, b: *b })
    }

    /// Floor area in m² (shoelace formula).
    pub fn area(&self) -> f64 {
        (self
            .edges()
            .map(|e| e.a.x * e.b.y - e.b.x * e.a.y)
            .sum::<f64>()
            / 2.0)
            .abs()
    }

    /// Smallest and largest coordinates.
    pub fn bounds(&self) -> (Point, Point) {
        let mut low = Point {
            x: f64::MAX,
            y: f64::MAX,
        };
        let mut high = Point {
            x: f64::MIN,
            y: f64::MIN,
        };
        for p in &self.0 {
            low = Point {
                x: low.x.min(p.x),
                y: low.y.min(p.y),
            };
            high = Point {
                x: high.x.max(p.x),
                y: high.y.max(p.y),
            };
        }
        (low, high)
    }

    /// True when `p` lies on one of the walls.
    pub fn on_wall(&self, p: Point) -> bool {
        self.edges().any(|edge| edge.distance(p) <= TOLERANCE)
    }

    /// True when `p` lies inside, walls excluded.
    pub fn contains(&self, p: Point) -> bool {
        if self.on_wall(p) {
            return false;
        }
        let crossings = self.edges().filter(|Edge { a, b }| {
            (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x
        });
        crossings.count() % 2 == 1
    }

    /// The widest upright rectangle of free floor around a good place for a label: its centre, width and height.
    pub fn label_box(&self) -> (Point, f64, f64) {
        let (mut best, mut score) = ((Point::default(), 0.0, 0.0), -1.0);
        let cuts = |pick: fn(&Point) -> f64| {
            let mut all: Vec<f64> = Vec::with_capacity(self.0.len());
            for cut in self.0.iter().map(pick) {
                let at = all.partition_point(|one| *one < cut);
                if all.get(at) != Some(&cut) {
                    all.insert(at, cut);
                }
            }
            all
        };
        let (xs, ys) = (cuts(|p| p.x), cuts(|p| p.y));
        for (i, x0) in xs.iter().enumerate() {
            for x1 in &xs[i + 1..] {
                for (j, y0) in ys.iter().enumerate() {
                    for y1 in &ys[j + 1..] {
                        let (w, h) = (x1 - x0, y1 - y0);
                        let middle = Point {
                            x: x0 + w / 2.0,
                            y: y0 + h / 2.0,
                        };
                        // A little inside, so that the walls themselves do not count.
                        let (l, r) = (x0 + 2.0 * TOLERANCE, x1 - 2.0 * TOLERANCE);
                        let (t, b) = (y0 + 2.0 * TOLERANCE, y1 - 2.0 * TOLERANCE);
                        let inner =
                            [(l, t), (r, t), (r, b), (l, b), (l, t)].map(|(x, y)| Point { x, y });
                        let value = w.min(h * 2.0) * w.min(h);
                        let crossed = inner.windows(2).any(|pair| {
                            self.edges().any(|e| {
                                e.crosses(Edge {
                                    a: pair[0],
                                    b: pair[1],
                                })
                            })
                        });
                        if value > score && !crossed && inner.iter().all(|p| self.contains(*p)) {
                            (best, score) = ((middle, w, h), value);
                        }
                    }
                }
            }
        }
        if score < 0.0 {
            let (low, high) = self.bounds();
            let middle = low.towards(high, 0.5);
            return (middle, (high.x - low.x) / 2.0, (high.y - low.y) / 2.0);
        }
        best
    }

    /// True when the walls of this polygon cross each other or run back over themselves.
    pub fn is_tangled(&self) -> bool {
        let edges: Vec<_> = self.edges().collect();
        let too_short = edges.iter().any(|e| e.length() <= TOLERANCE);
        too_short
            || edges.iter().enumerate().any(|(i, a)| {
                edges[i + 1..]
                    .iter()
                    .any(|b| a.crosses(*b) || a.shared_with(*b).is_some())
            })
    }

    /// True when the two share floor, not just a wall.
    pub fn overlaps(&self, other: &Self) -> bool {
        let crossing = self.edges().any(|a| other.edges().any(|b| a.crosses(b)));
        crossing || self.reaches_into(other) || other.reaches_into(self)
    }

    /// True when all of `other` lies inside or on the walls.
    pub fn covers(&self, other: &Self) -> bool {
        let crossing = self.edges().any(|a| other.edges().any(|b| a.crosses(b)));
        !crossing
            && other
                .samples()
                .iter()
                .all(|p| self.contains(*p) || self.on_wall(*p))
    }

    fn reaches_into(&self, other: &Self) -> bool {
        self.samples().iter().any(|p| other.contains(*p))
    }

    /// Corners, points along the walls, and points just inside.
    fn samples(&self) -> Vec<Point> {
        let (middle, ..) = self.label_box();
        let mut all = vec![middle];
        for Edge { a, b } in self.edges() {
            all.extend([0.0, 0.1, 0.25, 0.5, 0.75, 0.9].map(|share| a.towards(b, share)));
        }
        all
    }
}

impl fmt::Display for Outline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [a, b, c, d] = self.0.as_slice()
            && (a.y, b.x, c.y, d.x) == (b.y, c.x, d.y, a.x)
            && b.x > a.x
            && c.y > a.y
        {
            let (width, depth) = (Decimal(b.x - a.x, 3), Decimal(c.y - a.y, 3));
            return write!(f, "{a} {width}x{depth}");
        }
        write!(f, "{}", Points(self.0.clone()))
    }
}

serde_as_text! {
    Points "points like 6,8 12.5,3"
    Outline "an outline like 0,0 6x4 or 0,0 6,0 6,4 0,4"
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn outline(text: &str) -> Outline {
        Outline::parse(text).unwrap()
    }

    #[test]
    fn rooms_that_share_a_wall_do_not_overlap() {
        let room = outline("0,0 6x4");
        assert!(!room.overlaps(&outline("6,0 3x4")));
        assert!(!room.overlaps(&outline("6,1 3x2")));
        assert!(room.overlaps(&room));
        assert!(room.overlaps(&outline("5,1 3x2")));
        assert!(room.overlaps(&outline("1,1 2x2")), "a room within a room");
        assert!(room.overlaps(&outline("2,0 2x4")), "a slice of the room");
        let corner = outline("0,0 9,0 9,3 3,3 3,9 0,9");
        assert!(!corner.overlaps(&outline("3,3 6x6")));
        assert!(corner.covers(&outline("0,3 3x6")) && !corner.covers(&outline("2,2 4x4")));
    }

    #[test]
    fn labels_stand_where_the_room_is_wide() {
        let (at, width, height) = outline("0,0 9,0 9,3 3,3 3,9 0,9").label_box();
        assert_eq!((at, width, height), (Point { x: 4.5, y: 1.5 }, 9.0, 3.0));
    }

    #[test]
    fn tangled_outlines_are_seen() {
        assert!(!outline("0,0 6x4").is_tangled());
        assert!(outline("0,0 6,4 6,0 0,5").is_tangled());
        assert!(outline("0,0 6,0 6,4 6,0 6,0 0,3").is_tangled());
    }

    proptest! {
        #[test]
        fn rectangles_survive_their_text(x in 0u32..500, y in 0u32..500, w in 1u32..400, h in 1u32..400) {
            let text = format!("{},{} {}x{}", f64::from(x) / 4.0, f64::from(y) / 4.0, f64::from(w) / 4.0, f64::from(h) / 4.0);
            if let Some(outline) = Outline::parse(&text) {
                prop_assert_eq!(outline.to_string(), text);
                prop_assert!((outline.area() - f64::from(w * h) / 16.0).abs() < 1e-6);
                prop_assert!(!outline.is_tangled());
            }
        }

        #[test]
        fn overlap_of_rectangles_is_the_textbook_one(a in (0i32..20, 0i32..20, 1i32..9, 1i32..9), b in (0i32..20, 0i32..20, 1i32..9, 1i32..9)) {
            let rect = |(x, y, w, h): (i32, i32, i32, i32)| outline(&format!("{x},{y} {w}x{h}"));
            let apart = a.0 + a.2 <= b.0 || b.0 + b.2 <= a.0 || a.1 + a.3 <= b.1 || b.1 + b.3 <= a.1;
            prop_assert_eq!(rect(a).overlaps(&rect(b)), !apart);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9x., -]{0,30}") {
            let _ = (Outline::parse(&text), Points::parse(&text));
        }
    }
}
