import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { another, deskTab, freeSlot, freshPhone, ready, signIn, signInByPhone, test } from '../pages/linli';

/** Names that no other story uses. */
function named(what: string, project: string): string {
  return `${what}${project} ${Date.now() % 100_000}`;
}

test('staff book for a caller whom nobody knew, in few taps, and the log says so', async ({ page, request }, info) => {
  const slot = await freeSlot(request, info, 'legal', 60, 4);
  const name = named('来电人', info.project.name);
  const number = `1390000${String(Date.now() % 10_000).padStart(4, '0')}`;
  await signIn(page, 'staff');
  await page.goto('/desk');
  await deskTab(page, '人');
  await page.getByPlaceholder('手机号、尾号、姓名或拼音').fill(number);
  await expect(page.locator('.find-person .empty')).toContainText('没有找到');
  await page.locator('.find-person summary').click();
  await expect(page.getByLabel('手机号（没有可以不填）')).toHaveValue(number);
  await page.getByLabel('姓名', { exact: true }).fill(name);
  await page.getByRole('button', { name: '登记' }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
  await expect(page.locator('.person-page .empty').first()).toContainText('没有预约');

  await page.getByRole('button', { name: '来电' }).click();
  await page.getByRole('link', { name: '约房间' }).click();
  await expect(page.locator('.acting')).toContainText(`正在为${name}办理（来电）`);
  await page.getByLabel('日期').fill(slot.day);
  await page.getByLabel('开始').selectOption(slot.at);
  await page.getByRole('button', { name: '法律咨询室：选这间' }).click();
  await expect(page.locator('.verdict')).toBeVisible();
  await page.getByRole('button', { name: `为${name}确认预约` }).click();
  await expect(page.locator('.ticket-state')).toHaveText('已确认');
  await expect(page.locator('.ticket')).toContainText(name);
  await expect(page.locator('.ticket')).toContainText('代办（来电）');

  // On the record, in the log, and no longer acting.
  await page.locator('.acting').getByRole('link', { name: /正在为/ }).click();
  await expect(page.locator('.person-page .row')).toContainText('法律咨询室');
  await page.goto('/audit');
  await page.getByPlaceholder('在记录里找').fill(name);
  // Whether there is a namesake was looked up as well.
  await expect(page.locator('.log li')).toHaveCount(4);
  await expect(page.locator('.log li', { hasText: `为${name} · 约了房间` })).toContainText('来电');
  // What was found can be taken along.
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: '下载找到的记录' }).click();
  const file = await readFile(await (await saved).path(), 'utf8');
  expect(file.startsWith('\ufeff')).toBe(true);
  expect(file.trim().split('\r\n')).toHaveLength(5);
  await page.goto('/desk');
  await deskTab(page, '人');
  await page.getByPlaceholder('手机号、尾号、姓名或拼音').fill(number);
  await page.locator('.found a', { hasText: name }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
  await page.locator('.acting').getByRole('link', { name: '办完了' }).click();
  await expect(page.locator('.acting')).toHaveCount(0);
});

test('what is typed for one person is not saved for another', async ({ page }) => {
  await signIn(page, 'staff');
  await page.goto('/desk');
  await deskTab(page, '人');
  await page.getByPlaceholder('手机号、尾号、姓名或拼音').fill('13800000000');
  await page.locator('.found a').click();
  await page.locator('summary', { hasText: '更正资料' }).click();
  // She signs in by herself: her record is corrected by the code that is sent to her.
  const correct = page.locator('details.manage', { hasText: '更正资料' });
  await expect(correct).toContainText('这份资料是本人的');
  await page.locator('input[name=birth]').fill('1988-08-08');
  await correct.getByRole('button', { name: '保存' }).click();
  await expect(page.locator('input[name=record-code]')).toBeFocused();
  const child = page.locator('.person-page .plain a').first();
  const name = (await child.textContent())!;
  await child.click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
  await page.locator('summary', { hasText: '更正资料' }).click();
  await expect(page.locator('input[name=name]')).toHaveValue(name);
  await expect(page.locator('input[name=birth]')).not.toHaveValue('1988-08-08');
});

test('a grandmother without a phone comes to the desk with her grandchild', async ({ page, request }, info) => {
  test.setTimeout(90_000);
  const name = named('奶奶', info.project.name);
  const answer = await request.get('/api/v1/centres/liuyi/activities');
  const all = (await answer.json()) as { id: string; title: { zh: string }; pick_up: boolean }[];
  const children = all.find((one) => one.pick_up)!;
  // She works at this house and at no other.
  await signInByPhone(page, '13800000004');
  await page.goto('/desk?centre=liuyi');
  await deskTab(page, '人');
  await page.locator('.find-person summary').click();
  await page.getByLabel('姓名', { exact: true }).fill(name);
  await page.getByRole('button', { name: '登记' }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
  await page.locator('summary', { hasText: '添加家人' }).click();
  const relative = page.locator('details', { hasText: '添加家人' });
  await relative.getByLabel('姓名').fill('小石头');
  await relative.getByLabel('出生日期').fill('2018-03-01');
  await relative.getByRole('button', { name: '添加家人' }).click();
  await expect(page.locator('.person-page .plain')).toContainText('小石头');

  await page.getByRole('button', { name: '到服务台' }).click();
  await page.getByRole('link', { name: '报活动' }).click();
  await page.getByRole('searchbox').fill(children.title.zh);
  await page.locator(`a.activity[href*="${children.id}"]`).click();
  await expect(page.locator('.acting')).toContainText('到服务台');
  await page.getByRole('checkbox', { name: /小石头/ }).check();
  const button = page.getByRole('button', { name: /确认报名|加入候补/ });
  await expect(button).toBeDisabled();
  await page.getByRole('checkbox', { name: '已向监护人念过以上内容，监护人同意' }).check();
  await button.click();
  await expect(page.locator('.sign-up')).toContainText('小石头');
  await page.locator('.acting').getByRole('link', { name: '办完了' }).click();
  await expect(page).toHaveURL(/\/desk\?centre=liuyi/);
  await page.goto('/audit?centre=liuyi');
  await page.getByPlaceholder('在记录里找').fill('小石头');
  await expect(page.locator('.log')).toContainText('监护人同意');
});

test('staff tell somebody without a device what was decided', async ({ page, request, browser }, info) => {
  const slot = await freeSlot(request, info, 'mediation', 60, 6);
  const phone = info.project.name === 'phone' ? '13800009301' : '13800009302';
  const resident = await another(browser, info);
  await signInByPhone(resident, phone);
  await resident.goto(`/book?room=mediation&day=${slot.day}&at=${slot.at}&for=60&people=4`);
  await resident.getByRole('button', { name: '提交申请' }).click();
  await expect(resident.locator('.ticket-state')).toHaveText('等待审批');
  const booking = new URL(resident.url()).pathname.split('/').pop()!;
  await resident.goto('/me');
  await resident.getByRole('button', { name: '退出登录', exact: true }).click();

  await signIn(page, 'staff');
  // Another story may approve the same time's other request; this one is decided by its number.
  await page.request.post(`/api/v1/centres/xizhan/bookings/${booking}/decision`, {
    data: { approve: true, reason: '' }, headers: { 'idempotency-key': `desk-${booking}`.slice(0, 60) },
  });
  await page.goto('/desk');
  await deskTab(page, '待办');
  const card = page.locator('section', { hasText: '要转告的' }).locator('.card', { hasText: phone }).filter({ hasText: slot.at });
  // A decision can be taken back for ten seconds; only then there is something to tell.
  await expect(card).toContainText('已批准', { timeout: 25_000 });
  // A told card stays where it is, and can be taken back: the next one does not slide under a finger.
  await card.getByRole('button', { name: /^已转告/ }).click();
  await expect(card.getByRole('button', { name: /^已转告/ })).toHaveAttribute('aria-disabled', 'true');
  await card.getByRole('button', { name: '撤回' }).click();
  await expect(card.getByRole('button', { name: /^已转告/ })).toHaveAttribute('aria-disabled', 'false');
  await card.getByRole('button', { name: /^已转告/ }).click();
  await expect(card.getByRole('button', { name: '撤回' })).toBeVisible();
  await page.reload();
  await deskTab(page, '待办');
  await expect(card).toHaveCount(0);
});

test('a manager reads the figures as plots, as tables and as a file', async ({ page }) => {
  await signIn(page, 'manager');
  await page.goto('/desk');
  await deskTab(page, '人');
  await page.getByRole('link', { name: '统计' }).click();
  await expect(page.locator('.sentence')).toContainText('人次');
  await page.getByRole('button', { name: '月', exact: true }).click();
  await expect(page).toHaveURL(/period=\d{4}-\d{2}$/);
  await page.getByRole('button', { name: '前一段' }).click();
  await expect(page.locator('.sentence')).toContainText(/\d{4}年\d+月：[\d,]+ 场，[\d,]+ 人次/);
  await expect(page.locator('.totals tbody tr')).toHaveCount(10);
  await expect(page.locator('svg.plot').nth(3)).toBeVisible();
  const book = page.waitForEvent('download');
  await page.getByRole('link', { name: '全部下载（XLSX）' }).click();
  expect((await readFile((await (await book).path())!)).subarray(0, 2).toString()).toBe('PK');
  const rooms = page.locator('section', { hasText: '哪些房间约得多' });
  await rooms.getByText('看表格').click();
  await expect(rooms.locator('tbody tr')).not.toHaveCount(0);
  const download = page.waitForEvent('download');
  await rooms.getByRole('link', { name: '下载 CSV' }).click();
  const text = await readFile((await (await download).path())!, 'utf8');
  expect(text.split('\r\n')[0]).toBe('\ufeff功能室,预约,场次,时长（分钟）,使用分钟,开放分钟,使用率（%）,中心,从,到');
  const first = (await rooms.locator('tbody tr').first().locator('th').textContent())!;
  expect(text).toContain(first);
  // What people wanted and could not have; how much each room is used, on the plan; all centres side by side.
  const wanted = page.locator('section', { hasText: '什么时候、哪个房间没办成' });
  await wanted.getByText('看表格').click();
  await expect(wanted.locator('tbody tr').first()).toContainText(/周.\s*\d\d:00/);
  await expect(page.locator('.shaded .room', { hasText: '%' })).not.toHaveCount(0);
  await expect(page.locator('.shaded [role=button]')).toHaveCount(0);
  await page.getByRole('button', { name: '看这段时间的总数' }).click();
  const centres = page.locator('.district tbody tr');
  await expect(centres.filter({ hasText: '六一社区' })).toHaveCount(1);
  expect(await centres.count()).toBeGreaterThan(3);
});

test('staff who do not manage see no figures', async ({ page }) => {
  await signIn(page, 'staff');
  await page.goto('/desk');
  await deskTab(page, '人');
  await expect(page.getByRole('link', { name: '操作记录' })).toBeVisible();
  await expect(page.getByRole('link', { name: '统计' })).toHaveCount(0);
  await page.goto('/figures');
  await expect(page.locator('.empty')).toContainText('由负责人查看');
});

test('a poster fits on one page of A4, and its code is there @desktop', async ({ page, request }, info) => {
  test.setTimeout(120_000);
  // The longest that anybody can publish.
  await signIn(page, 'staff');
  const slot = await freeSlot(request, info, 'seniors', 60, 11);
  const published = await page.request.post('/api/v1/centres/xizhan/activities', {
    data: {
      title: '长'.repeat(60), about: '很长的介绍。'.repeat(160), kind: 'class', room: 'seniors', start: `${slot.day}T${slot.at}`,
      end: `${slot.day}T${Number(slot.at.slice(0, 2)) + 1}:00`, places: 5, pick_up: true,
    },
    headers: { 'idempotency-key': `poster-${slot.day}-${slot.at}-${Date.now()}` },
  });
  expect(published.status()).toBe(200);
  const answer = await request.get('/api/v1/centres/xizhan/activities');
  const all = (await answer.json()) as { id: string; title: { zh: string } }[];
  for (const activity of all) {
    await page.goto(`/api/v1/centres/xizhan/activities/${activity.id}/poster`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(activity.title.zh);
    await expect(page.locator('figure svg')).toBeVisible();
    await page.emulateMedia({ media: 'print' });
    const cut = await page.locator('main').evaluate((main) => main.scrollHeight - main.clientHeight);
    expect(cut, activity.title.zh).toBeLessThanOrEqual(0);
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    // Each page of a PDF is an object of this type; the tree of pages is of another.
    const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
    expect(sheets, activity.title.zh).toHaveLength(1);
    expect(pdf.toString('latin1')).toMatch(/\/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]/);
  }
});

test('the day, a sheet, a slip and a door sign are pages of their size @desktop', async ({ page }) => {
  await signIn(page, 'staff');
  await page.goto('/desk?centre=xizhan');
  await ready(page);
  const day = (await page.getByRole('link', { name: '打印今日单' }).getAttribute('href'))!;
  const activities = (await (await page.request.get('/api/v1/centres/xizhan/activities')).json()) as { sessions: { id: string }[] }[];
  const found = await page.request.post('/api/v1/centres/xizhan/people/search', { data: { text: '13800000000' } });
  const [person] = (await found.json()) as { id: string }[];
  // Width and height in points, of landscape A4, A4, A6 and A5; the report is the manager's.
  const papers: [string, number, number][] = [
    [day, 842, 595],
    [`/api/v1/centres/xizhan/paper/attendance/${activities[0]!.sessions[0]!.id}`, 595, 842],
    [`/api/v1/centres/xizhan/paper/people/${person!.id}`, 298, 420],
    ['/api/v1/centres/xizhan/paper/rooms/legal', 420, 595],
  ];
  for (const [path, width, height] of papers) {
    const reply = await page.goto(path);
    expect(reply?.status(), path).toBe(200);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const box = pdf.match(/\/MediaBox\s*\[0 0 ([.\d]+) ([.\d]+)\]/)!;
    expect(Math.abs(Number(box[1]) - width), path).toBeLessThan(2);
    expect(Math.abs(Number(box[2]) - height), path).toBeLessThan(2);
  }
});

test('a booking tells its story, and the log is searched over all time', async ({ page }) => {
  await signIn(page, 'manager');
  await page.goto('/audit?centre=xizhan');
  await ready(page);
  await page.getByRole('searchbox').fill('矛盾纠纷调解室');
  await expect(page).toHaveURL(/q=/);
  await expect(page.getByText('所有时间里找到的')).toBeVisible();
  const booking = page.locator('.log a[href*="/bookings/"]').first();
  await booking.click();
  await ready(page);
  await page.getByText('经过', { exact: true }).click();
  await expect(page.locator('.story li').first()).toBeVisible();
});

test('two records of one person are made one, and two again', async ({ page }, info) => {
  const name = named('双份', info.project.name).replace(/\s/g, '');
  const phone = freshPhone(info);
  await signIn(page, 'staff');
  const make = async (number: string) => {
    await page.goto('/desk?centre=liuyi');
    await deskTab(page, '人');
    await page.locator('.find-person summary').click();
    await page.getByLabel('姓名', { exact: true }).fill(name);
    if (number) await page.locator('.find-person').getByLabel(/手机号|号码/).last().fill(number);
    await page.getByRole('button', { name: '登记', exact: true }).click();
    // The second time the first is named.
    if (number) await page.getByRole('button', { name: '不是同一个人，仍然登记' }).click();
    await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
  };
  await make('');
  await page.locator('summary', { hasText: '添加家人' }).click();
  const relative = page.locator('details', { hasText: '添加家人' });
  await relative.getByLabel('姓名').fill('小双');
  await relative.getByLabel('出生日期').fill('2018-03-01');
  await relative.getByRole('button', { name: '添加家人' }).click();
  await expect(page.locator('.person-page .plain')).toContainText('小双');
  await make(phone);
  await page.locator('summary', { hasText: '合并重复的登记' }).click();
  const merge = page.locator('details.merge');
  await merge.getByLabel('另一份登记').fill('双');
  await merge.getByRole('button', { name: '找' }).click();
  await expect(merge).toContainText(/没有找到|双份|再输一位/);
  await merge.getByLabel('另一份登记').fill(name);
  await merge.getByRole('button', { name: '找' }).click();
  await merge.getByRole('button', { name }).first().click();
  await expect(merge).toContainText('1 位家人');
  await merge.getByRole('button', { name: '合并成一份' }).click();
  await expect(page.locator('.person-page .plain').first()).toContainText('小双');
  // Whoever comes back a minute later still can.
  await page.reload();
  await merge.getByRole('button', { name: /撤销/ }).click();
  await expect(page.locator('.person-page').getByText('小双')).toHaveCount(0);
});
