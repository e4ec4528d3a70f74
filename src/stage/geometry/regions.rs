//! A map of regions: boxes with their nodes, placed as on a map.

use faultline_lessons::Region;
use faultline_model::sort_by_key;

use super::area::{Area, Filled, grid};
use super::{Decor, RADIUS};

/// Room for a region's name.
const HEAD: f64 = 22.0;
/// Between regions, and around the map.
const GAP: f64 = 12.0;

/// The regions of a layout that names none: the servers dealt to three, as near to equal as can be.
pub fn dealt(servers: &[String]) -> Vec<Region> {
    let each = servers.len().div_ceil(3).max(1);
    let deal = |(number, nodes): (usize, &[String])| Region {
        name: format!("Region {}", number + 1),
        nodes: nodes.to_vec(),
        at: None,
    };
    servers.chunks(each).enumerate().map(deal).collect()
}

/// Which regions share a row, top to bottom, each row from left to right.
fn rows(regions: &[Region], count: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..regions.len()).collect();
    let at = |region: usize| regions[region].at.unwrap_or([50, 50]);
    sort_by_key(&mut order, |&region| at(region)[1]);
    let each = regions.len().div_ceil(count);
    let mut rows: Vec<Vec<usize>> = order.chunks(each).map(<[usize]>::to_vec).collect();
    for row in &mut rows {
        sort_by_key(row, |&region| at(region)[0]);
    }
    rows
}

/// The boxes, by region, when the map has so many rows. Width goes by the number of nodes.
fn boxes(area: Area, regions: &[Region], count: usize) -> Vec<Area> {
    let rows = rows(regions, count);
    let mut boxes = vec![Area::default(); regions.len()];
    let height = area.height / rows.len() as f64;
    for (number, row) in rows.iter().enumerate() {
        let weight = |region: usize| (regions[region].nodes.len() as f64).sqrt().max(1.0);
        let whole: f64 = row.iter().map(|&region| weight(region)).sum();
        let mut left = area.left;
        for &region in row {
            let width = area.width * weight(region) / whole;
            let cell = Area { left, top: area.top + height * number as f64, width, height };
            boxes[region] = cell.inset(GAP / 2.0);
            left += width;
        }
    }
    boxes
}

/// Nodes in their regions: in the order of the regions and of the names within them.
pub fn regions(area: Area, regions: &[Region]) -> (Filled, Vec<Decor>) {
    let fill = |boxes: &[Area]| -> Vec<Filled> {
        let inner =
            |area: &Area| Area { top: area.top + HEAD, height: (area.height - HEAD).max(1.0), ..*area };
        boxes
            .iter()
            .zip(regions)
            .map(|(area, region)| grid(inner(area).inset(4.0), region.nodes.len()))
            .collect()
    };
    let smallest = |filled: &[Filled]| filled.iter().map(|one| one.radius).fold(RADIUS, f64::min);
    let Some((boxes, filled)) = (1..=regions.len())
        .map(|count| boxes(area, regions, count))
        .map(|boxes| (fill(&boxes), boxes))
        .map(|(filled, boxes)| (boxes, filled))
        .max_by(|a, b| smallest(&a.1).total_cmp(&smallest(&b.1)))
    else {
        return (Filled { radius: RADIUS, places: vec![] }, vec![]);
    };
    let radius = smallest(&filled);
    let decor = boxes.iter().zip(regions);
    let decor = decor.map(|(&area, region)| Decor::Region { area, name: region.name.clone() }).collect();
    (Filled { radius, places: filled.into_iter().flat_map(|one| one.places).collect() }, decor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(name: &str, count: usize, at: [u8; 2]) -> Region {
        Region { name: name.into(), nodes: vec!["S".into(); count], at: Some(at) }
    }

    #[test]
    fn west_is_left_and_north_is_up() {
        let map = [region("Asia", 3, [90, 30]), region("Africa", 2, [40, 90]), region("Europe", 3, [30, 20])];
        let area = Area { left: 0.0, top: 0.0, width: 800.0, height: 600.0 };
        let boxes = boxes(area, &map, 2);
        assert!(boxes[2].left < boxes[0].left, "Europe is west of Asia");
        assert!(boxes[1].top > boxes[2].top, "Africa is south of Europe");
    }
}
