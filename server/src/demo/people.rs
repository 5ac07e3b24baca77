//! Invented people. Their numbers start at 13800000000, a block that is plainly not anybody's.

/// How many there are.
pub(super) const COUNT: usize = 64;

/// The last so many are old and have no phone: they come to the desk, and staff act for them.
pub(super) const WITHOUT_PHONE: usize = 6;

const FAMILY: [&str; 16] = [
    "李", "王", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "林",
];

const GIVEN: [&str; 16] = [
    "桂兰", "建国", "秀英", "志强", "玉梅", "小满", "春生", "雪晴", "文博", "海燕", "立冬", "云帆",
    "佳禾", "明月", "远山", "若溪",
];

const CHILDREN: [&str; 12] = [
    "安安", "乐乐", "朵朵", "童童", "豆豆", "可可", "一诺", "子墨", "思远", "果果", "米粒", "星辰",
];

/// The given name of a child of the person of that number.
pub(super) fn child(parent: usize, number: usize) -> String {
    let family = FAMILY[(parent * 7) % FAMILY.len()];
    format!(
        "{family}{}",
        CHILDREN[(parent * 5 + number * 7) % CHILDREN.len()]
    )
}

/// The name of the person of that number.
pub(super) fn name(number: usize) -> String {
    // 16 × 16 names; steps that share no factor with 16 keep neighbours apart.
    let given = GIVEN[(number * 5 + number / FAMILY.len()) % GIVEN.len()];
    format!("{}{given}", FAMILY[(number * 7) % FAMILY.len()])
}
