//! What is said of slots that are held or waited for.

use crate::text::catalogue;

catalogue! { KEYS:
    held_for_you(until: &str) "为您留到 {until}，别人现在约不了。" "Kept for you until {until}; nobody else can book it."
    held_no_longer "没有再为您留着，不过还可以约。" "It is kept for you no longer, but it can still be booked."
    wait_for_slot "排队等这个时间" "Wait for this time"
    wait_for_slot_of(name: &str) "替{name}排队等这个时间" "Wait for this time for {name}"
    wait_how "有人取消就为您留两小时，并发消息告诉您。" "If somebody cancels, it is kept for you for two hours, and you get a message."
    wait_stands "已经在排队了：一空出来就留给您，并发消息告诉您。" "You are in line: once it frees, it is kept for you and you get a message."
    wait_first "您是第一位" "You are first in line"
    wait_ahead(ahead: u16) "前面还有 {ahead} 位" "{ahead} before you" / "1 before you"
    wait_offered(until: &str) "轮到您了！为您留到 {until}" "It is your turn! Kept for you until {until}"
    waits_title "在等的时间" "Waiting for"
    leave_slot "不等了" "Stop waiting"
    leave_offer "不要了，让给下一位" "Leave it to the next"
    left_slot "不再等这个时间了" "You no longer wait for it"
    book_offered "去预约" "Book it"

    ask_when "什么时候、多久、几个人、做什么" "When, how long, how many, what for"
    rooms_that_fit "可以约的房间" "Rooms to choose from"
    choose_room "选这间" "Choose"
    of_room(room: &str, what: &str) "{room}：{what}" "{room}: {what}"
    other_room "换一个房间" "Another room"
    other_centres "也看看别的中心" "Look at other centres as well"
    looking "正在看……" "Looking …"
    rooms_elsewhere(count: usize) "别的中心有 {count} 间合适的" "{count} rooms at other centres would do" / "1 room at another centre would do"

    letter_slot_offered(room: &str, at: &str, until: &str) "您在等的 {at} {room}空出来了，为您留到 {until}。到“我的”里点“去预约”。" "{room}, {at}, which you wait for, is free: it is kept for you until {until}. Book it under “Mine”."
    letter_slot_passed(room: &str, at: &str) "{at} 的{room}为您留的时间过了，已经让给下一位。" "{room}, {at}, is no longer kept for you: it went to the next in line."
    letter_slot_gone(room: &str, at: &str) "您在等的 {at} {room}没有空出来。" "{room}, {at}, which you waited for, did not become free."
    refused_waits(most: u16) "同时最多等 {most} 个时间。" "You can wait for {most} times at once."
    refused_yours "这个时间您自己已经约了。" "You have this time yourself."
    refused_offered_before "这个时间已经为您留过一次，不能再排了。" "This time was kept for you once; you cannot wait for it again."
    refused_not_taken "这个时间没有人约，可以直接预约。" "Nobody has this time: you can book it."
}
