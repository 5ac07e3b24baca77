import { expect } from '@playwright/test';
import { another, dayAhead, deskTab, freeSlot, freshPhone, openMap, ready, room, signIn, signInByPhone, test } from '../pages/linli';

test('a resident finds a free room on the map, books it, and takes it back', async ({ page, request }, info) => {
  const { day, at } = await freeSlot(request, info, 'station');
  await openMap(page, `?day=${day}&at=${at}&for=60`);
  await expect(room(page, 'station')).toHaveClass(/s-free/);
  await room(page, 'station').click();
  await expect(page.getByRole('heading', { name: '社警企联络站' })).toBeVisible();
  await page.locator('.detail').getByRole('button', { name: /^预约/ }).click();
  await expect(page.locator('.verdict')).toContainText('马上确认');

  // Signing in on the way loses nothing.
  await page.getByRole('textbox', { name: '备注' }).fill('带投影线');
  await page.getByRole('button', { name: '登录后预约' }).click();
  await page.locator('[data-role=resident]').click();
  await expect(page.getByRole('textbox', { name: '备注' })).toHaveValue('带投影线');
  await page.getByRole('button', { name: '确认预约' }).click();

  await expect(page.locator('.ticket-state')).toHaveText('已确认');
  await expect(page.locator('.ticket')).toContainText(`${at}–`);
  await expect(page.locator('.ticket')).toContainText('带投影线');
  await page.getByRole('button', { name: /撤销/ }).click();
  await expect(page.locator('.ticket-state')).toHaveText('已撤销');
  await openMap(page, `?day=${day}&at=${at}&for=60`);
  await expect(room(page, 'station')).toHaveClass(/s-free/);
});

test('who cancelled a booking can change their mind', async ({ page, request }, info) => {
  const { day, at } = await freeSlot(request, info, 'station', 60, 7);
  await signInByPhone(page, freshPhone(info));
  await page.goto(`/book?room=station&day=${day}&at=${at}&for=60`);
  await page.getByRole('button', { name: '确认预约' }).click();
  await expect(page.locator('.ticket-state')).toHaveText('已确认');
  // As after the ten minutes in which it is taken back without a trace.
  const { pathname } = new URL(page.url());
  const [, , centre, booking] = pathname.split('/');
  const answer = await page.request.post(`/api/v1/centres/${centre}/bookings/${booking}/cancel`, {
    data: { reason: '' }, headers: { 'idempotency-key': `mind-${booking}`.slice(0, 60) },
  });
  expect(answer.status()).toBe(200);
  await expect(page.locator('.ticket-state')).toHaveText('已取消');
  await page.getByRole('button', { name: /^不取消了/ }).click();
  await expect(page.locator('.ticket-state')).toHaveText('已确认');
  await openMap(page, `?day=${day}&at=${at}&for=60`);
  await expect(room(page, 'station')).not.toHaveClass(/s-free/);
});

test('a refusal says why with its figures, and one tap mends it', async ({ page, request }, info) => {
  const { day, at } = await freeSlot(request, info, 'legal', 60, 1);
  await signIn(page, 'resident');
  await page.goto(`/book?day=${day}&at=${at}&for=240&room=legal&people=9`);
  await expect(page.locator('.refusal')).toContainText('最长可约 2 小时，您选了 4 小时');
  // Where it is too long is seen on the day.
  const [hour, minute] = at.split(':').map(Number);
  const clock = (more: number) => `${String(hour + more).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  await expect(page.locator('.strip-breach')).toHaveText(`不行的是 ${clock(2)}–${clock(4)} 这一段`.replaceAll(/\b0(\d:)/g, '$1'));
  await expect(page.getByRole('button', { name: '确认预约' })).toBeDisabled();
  // What mends it is done at once, and the refusal is about the next thing.
  await page.getByRole('button', { name: /^缩短|^短一点/ }).first().click();
  await expect(page.locator('.refusal')).toContainText('您选了 3 小时 30 分钟');
  await page.goto(`/book?day=${day}&at=${at}&for=60&room=legal&people=9`);
  await expect(page.locator('.refusal')).toContainText('最多容纳 5 人，您填了 9 人');
  await page.locator('.offers').getByRole('button', { name: /改约/ }).first().click();
  await expect(page.locator('.verdict')).toBeVisible();
  await expect(page).toHaveURL(/room=(?!legal)/);
});

test('a taken time offers another time, a shorter one and another room', async ({ page, request, browser }, info) => {
  const { day, at } = await freeSlot(request, info, 'deputies', 120, 2);
  const hour = Number(at.slice(0, 2));
  const other = await another(browser, info, 'staff');
  await other.goto(`/book?day=${day}&at=${hour + 1}:00&for=60&room=deputies`);
  await other.getByRole('button', { name: '确认预约' }).click();
  await expect(other.locator('.ticket-state')).toHaveText('已确认');

  await signIn(page, 'resident');
  await page.goto(`/book?day=${day}&at=${at}&for=120&room=deputies`);
  await expect(page.locator('.refusal')).toContainText('已经有人约了');
  for (const offer of [/改到/, /缩短为/, /改约/]) {
    await expect(page.locator('.offers').getByRole('button', { name: offer }).first()).toBeVisible();
  }
  await page.locator('.offers').getByRole('button', { name: /缩短为/ }).click();
  await expect(page.locator('.verdict')).toBeVisible();
  await other.getByRole('button', { name: /撤销/ }).click();
  await expect(other.locator('.ticket-state')).toHaveText('已撤销');
});

test('a double press decides one request, the card stays, and the decision can be taken back', async ({ page, request, browser }, info) => {
  const { day, at } = await freeSlot(request, info, 'mediation', 60, 4);
  const name = (who: string) => `两次 ${who} ${info.project.name} ${Date.now() % 100_000}`;
  const notes = [name('甲'), name('乙')];
  await signIn(page, 'resident');
  for (const note of notes) {
    await page.goto(`/book?centre=xizhan&day=${day}&at=${at}&for=60&room=mediation`);
    await page.getByRole('textbox', { name: '备注' }).fill(note);
    await page.getByRole('button', { name: '提交申请' }).click();
    await expect(page.locator('.ticket-state')).toHaveText('等待审批');
  }
  const staff = await another(browser, info, 'staff');
  await staff.goto('/desk?centre=xizhan');
  await deskTab(staff, '待办');
  // Two who want the same floor are one card with two rows.
  const card = staff.locator('.request', { hasText: notes[0] });
  await expect(card.locator('.applicant')).toHaveCount(2);
  const rows = notes.map((note) => card.locator('.applicant', { hasText: note }));
  const kept = await card.elementHandle();
  const cards = staff.locator('.request');
  const others = await cards.evaluateAll((all) => all.map((one) => one.setAttribute('data-seen', '')).length);
  const button = rows[0].getByRole('button', { name: /^批准/ });
  await button.dblclick({ delay: 20 });
  await expect(rows[0].getByRole('button', { name: '已批准' })).toBeVisible();
  // Requests of others may come in meanwhile; each card that was there still is, and is the same.
  expect(await staff.locator('.request[data-seen]').count()).toBe(others);
  await expect(rows[1].getByRole('button', { name: /^批准/ })).toBeVisible();
  expect(await kept!.evaluate((node) => node.isConnected)).toBe(true);
  // What somebody types survives what others do meanwhile.
  await rows[1].getByRole('button', { name: '不批' }).click();
  await rows[1].getByRole('textbox', { name: '原因' }).fill('正在写');
  await rows[0].getByRole('button', { name: /^撤销/ }).click();
  await expect(rows[0].getByRole('button', { name: /^批准/ })).toBeVisible();
  await expect(rows[1].getByRole('textbox', { name: '原因' })).toHaveValue('正在写');
  expect(await kept!.evaluate((node) => node.isConnected)).toBe(true);
  await page.goto('/messages');
  await ready(page);
  await expect(page.locator('.letter', { hasText: `${at.slice(0, 5)}` }).filter({ hasText: '调解' }).filter({ hasText: '已批准' })).toHaveCount(0);
});

test('staff approve a request, and the resident sees it without reloading', async ({ page, request, browser }, info) => {
  const { day, at } = await freeSlot(request, info, 'mediation', 60, 3);
  await signIn(page, 'resident');
  await page.goto(`/book?day=${day}&at=${at}&for=60&room=mediation`);
  await expect(page.locator('.verdict')).toContainText('由工作人员审批');
  await page.getByRole('textbox', { name: '备注' }).fill(`请批准 ${info.project.name}`);
  await page.getByRole('button', { name: '提交申请' }).click();
  await expect(page.locator('.ticket-state')).toHaveText('等待审批');

  const staff = await another(browser, info, 'staff');
  await staff.goto('/desk');
  await deskTab(staff, '待办');
  const card = staff.locator('.card', { hasText: `请批准 ${info.project.name}` });
  await card.getByRole('button', { name: '不批' }).click();
  await expect(card.getByRole('textbox', { name: '原因' })).toBeVisible();
  await card.getByRole('button', { name: '返回' }).click();
  await card.getByRole('button', { name: /^批准/ }).click();
  await expect(card.getByRole('button', { name: '已批准' })).toBeVisible();
  await expect(page.locator('.ticket-state')).toHaveText('已确认');

  await page.getByRole('button', { name: /撤销/ }).click();
  await expect(page.locator('.ticket-state')).toHaveText('已撤销');
});

test('what another person books shows on an open map, also after a lost connection', async ({ page, request, browser }, info) => {
  const { day, at } = await freeSlot(request, info, 'half-past-six', 60, 4);
  const url = `/book?day=${day}&at=${at}&for=60&room=half-past-six`;
  await openMap(page, `?day=${day}&at=${at}&for=60`);
  await expect(room(page, 'half-past-six')).toHaveClass(/s-free/);
  const other = await another(browser, info, 'staff');
  await other.goto(url);
  await other.getByRole('button', { name: '确认预约' }).click();
  await expect(room(page, 'half-past-six')).toHaveClass(/s-busy/);

  await page.context().setOffline(true);
  await other.getByRole('button', { name: /撤销/ }).click();
  await expect(other.locator('.ticket-state')).toHaveText('已撤销');
  await expect(room(page, 'half-past-six')).toHaveClass(/s-busy/);
  await page.context().setOffline(false);
  await expect(room(page, 'half-past-six')).toHaveClass(/s-free/);
});

test('without a network the form keeps what was typed and sends it once', async ({ page, request }, info) => {
  const { day, at } = await freeSlot(request, info, 'seniors', 60, 5);
  await signIn(page, 'organiser');
  await page.goto(`/book?day=${day}&at=${at}&for=60&room=seniors`);
  await expect(page.locator('.verdict')).toBeVisible();
  await page.getByRole('textbox', { name: '备注' }).fill('下棋');
  await page.context().setOffline(true);
  await page.getByRole('button', { name: '确认预约' }).click();
  await expect(page.locator('.refusal')).toContainText('没有网络');
  await expect(page.getByRole('textbox', { name: '备注' })).toHaveValue('下棋');
  // What was confirmed is sent again, once, when the server is heard of.
  await page.context().setOffline(false);
  await expect(page.locator('.ticket-state')).toHaveText('已确认', { timeout: 20_000 });
  await page.getByRole('button', { name: /撤销/ }).click();
  await expect(page.locator('.ticket-state')).toHaveText('已撤销');
});

test('a range is chosen on the calendar by tap and by drag', async ({ page, request }, info) => {
  const { day, at } = await freeSlot(request, info, 'deputies', 120, 6);
  await page.goto(`/calendar?day=${day}&room=deputies`);
  await ready(page);
  const column = page.locator('.column').filter({ has: page.locator('.column-head', { hasText: '人大代表接待室' }) }).locator('.column-body');
  await column.scrollIntoViewIfNeeded();
  const bounds = (await column.boundingBox())!;
  const minutes = (Number(at.slice(0, 2)) - 10) * 60;
  const height = 13 * 60;
  const place = (minute: number) => ({ x: bounds.width / 2, y: ((minute + 3) / height) * bounds.height });
  if (info.project.name === 'phone') {
    await column.tap({ position: place(minutes) });
    await column.tap({ position: place(minutes + 90) });
  } else {
    // The calendar scrolls in its own frame, under heads that stay.
    await page.locator('.calendar').evaluate((frame, top) => { frame.scrollTop = top; }, place(minutes).y - 60);
    await column.hover({ position: place(minutes) });
    await page.mouse.down();
    await column.hover({ position: place(minutes + 90) });
    await page.mouse.up();
  }
  await expect(page.locator('.choice-bar')).toContainText('2 小时');
  await page.getByRole('button', { name: '短一点' }).click();
  await expect(page.locator('.choice-bar')).toContainText('1 小时 30 分钟');
  await page.locator('.choice-bar').getByRole('button', { name: new RegExp(`预约 ${at}`) }).click();
  await expect(page).toHaveURL(new RegExp(`/book.*at=${at}&for=90&room=deputies`));
});

test('what is chosen grows and shrinks by the step of the room @phone', async ({ page }) => {
  // The court is booked by the hour, the house by the half hour.
  await page.goto(`/calendar?centre=zhangqian&room=badminton&week&day=${dayAhead(16)}`);
  await ready(page);
  const gap = page.locator('button.block.b-free').first();
  await gap.focus();
  await page.keyboard.press('Enter');
  const bar = page.locator('.choice-bar');
  await expect(bar).toContainText('1 小时');
  await bar.getByRole('button', { name: '长一点' }).click();
  await expect(bar.locator('.length')).toContainText('2 小时');
  await bar.getByRole('button', { name: '短一点' }).click();
  await bar.getByRole('button', { name: '短一点' }).click();
  await expect(bar.locator('.length')).toHaveText('1 小时');
  // By keys alone a gap is entered anywhere, and what is pressed keeps the focus.
  const start = bar.getByRole('group', { name: '开始' });
  const before = Number((await start.locator('span').textContent())!.slice(0, 2));
  await bar.getByRole('button', { name: '晚一点' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(start.locator('span')).toHaveText(`${String(before + 2).padStart(2, '0')}:00`);
  await expect(bar.getByRole('button', { name: '晚一点' })).toBeFocused();
  await expect(bar.locator('.length')).toHaveText('1 小时');
});

test('a booking is made with the keyboard alone @desktop', async ({ page, request }, info) => {
  const { day, at } = await freeSlot(request, info, 'legal', 60, 7);
  await signIn(page, 'resident');
  await openMap(page, `?day=${day}&at=${at}&for=60`);
  await room(page, 'legal').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '法律咨询室' })).toBeFocused();
  const tabTo = async (name: RegExp) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
      if (name.test(focused)) return;
    }
    throw new Error(`nothing called ${name} can be reached`);
  };
  await tabTo(/^预约 /);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '预约功能室' })).toBeFocused();
  await expect(page.locator('.verdict')).toBeVisible();
  await tabTo(/^确认预约$/);
  await page.keyboard.press('Enter');
  await expect(page.locator('.ticket-state')).toHaveText('已确认');
  await expect(page.getByRole('heading', { name: '预约详情' })).toBeFocused();
  await tabTo(/^撤销/);
  await page.keyboard.press('Enter');
  await expect(page.locator('.ticket-state')).toHaveText('已撤销');
});

test('what is chosen is dragged along the day @desktop', async ({ page, request }, info) => {
  const { day, at } = await freeSlot(request, info, 'seniors', 60, 3);
  await page.goto(`/book?day=${day}&at=${at}&for=60&room=seniors`);
  await ready(page);
  const mark = (await page.locator('.strip i').boundingBox())!;
  const y = mark.y + mark.height / 2;
  await page.mouse.move(mark.x + mark.width / 2, y);
  await page.mouse.down();
  // Held in its middle it goes as far as the pointer: an hour.
  await page.mouse.move(mark.x + mark.width * 1.5, y, { steps: 6 });
  await page.mouse.up();
  const later = `${Number(at.slice(0, 2)) + 1}:${at.slice(3)}`;
  await expect(page).toHaveURL(new RegExp(`at=${later}`));
  await expect(page.locator('[name=at]')).toHaveValue(later);
});
