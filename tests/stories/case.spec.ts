import { deflateSync } from 'node:zlib';
import { expect, type APIRequestContext, type Browser, type TestInfo } from '@playwright/test';
import { another, freshPhone, ready, signIn, signInByPhone, test } from '../pages/linli';

/** A picture of one colour (PNG), as a phone might hand it over. */
function picture(side = 900): Buffer {
  const chunk = (name: string, data: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length, 0);
    head.write(name, 4, 'latin1');
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(Buffer.concat([head.subarray(4), data])), 0);
    return Buffer.concat([head, data, crc]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(side, 0);
  size.writeUInt32BE(side, 4);
  size.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.alloc(1 + side * 3, 140);
  row[0] = 0;
  const rows = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)));
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', size), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

function crc32(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Takes a step in a case as staff, through the API. */
async function step(request: APIRequestContext, path: string, body: unknown): Promise<void> {
  const answer = await request.post(`/api/v1/centres${path.replace('/cases/xizhan/', '/xizhan/cases/')}/steps`, {
    data: body,
    headers: { 'idempotency-key': `case-${Date.now()}-${Math.random()}` },
  });
  expect(answer.status(), await answer.text()).toBe(200);
}

const staffOf = async (browser: Browser, info: TestInfo) => another(browser, info, 'staff');

test('a neighbour asks in their own words, and sees what becomes of it', async ({ page, browser }, info) => {
  await signInByPhone(page, freshPhone(info));
  await page.goto('/cases?centre=xizhan');
  await ready(page);
  const words = `想办老年证，要带什么 ${Date.now()}`;
  await page.locator('textarea[name=words]').fill(words);
  await page.locator('.case-form button.primary').click();
  await expect(page.locator('.ticket-state')).toHaveText('已收到');
  await expect(page.locator('.case-ticket')).toContainText(words.slice(0, 12));
  const path = new URL(page.url()).pathname;

  // Staff see it in the queue, take it and answer, in three taps and a sentence.
  const staff = await staffOf(browser, info);
  await staff.goto(`${path}?centre=xizhan`);
  await ready(staff);
  await staff.getByRole('button', { name: '我来办' }).click();
  await expect(staff.locator('.ticket-state')).toHaveText('有人负责');
  await staff.getByRole('button', { name: '办好了' }).click();
  const form = staff.locator('.case-steps form');
  await form.locator('button.primary').click();
  // Without a word nothing is sent: the browser says what is missing.
  await expect(staff.locator('.ticket-state')).toHaveText('有人负责');
  await form.locator('textarea').fill('带身份证来大厅，当天就能拿');
  await form.locator('button.primary').click();
  await expect(staff.locator('.ticket-state')).toHaveText('已办好');
  await expect(form).toHaveCount(0);

  // The open page of the neighbour follows.
  await expect(page.locator('.ticket-state')).toHaveText('已办好');
  await expect(page.locator('.case-story')).toContainText('带身份证来大厅');
  await page.getByRole('button', { name: '还没办好' }).click();
  await page.locator('.case-steps textarea').fill('窗口说系统坏了');
  await page.locator('.case-steps form button.primary').click();
  await expect(page.locator('.ticket-state')).toHaveText('办理中');
  await step(staff.request, path, { step: 'finish', words: '系统好了，证已办' });
  await page.getByRole('button', { name: '确认办好了' }).click();
  await expect(page.locator('.ticket-state')).toHaveText('已确认');
  await page.goto('/cases?centre=xizhan');
  await expect(page.locator('[aria-labelledby=my-cases] .case-row')).toContainText('已确认');
  await page.goto('/messages');
  await expect(page.locator('.letter').first()).toContainText('系统好了，证已办');
  await staff.context().close();
});

test('a report with a picture goes on where the network went, and is public without names', async ({ page, browser }, info) => {
  await signInByPhone(page, freshPhone(info));
  await page.goto('/cases?centre=xizhan');
  await ready(page);
  const mark = `${info.project.name} ${Date.now()}`;
  await page.getByRole('radio', { name: /随手拍/ }).check();
  await page.locator('textarea[name=words]').fill(`李大爷家门口灯坏了 ${mark}`);
  await page.locator('[name=place]').fill('三号楼一单元');
  let cut = true;
  await page.route('**/pictures', (route) => (cut ? route.abort() : route.continue()));
  await page.locator('[name=pictures]').setInputFiles({ name: 'lamp.png', mimeType: 'image/png', buffer: picture() });
  await expect(page.locator('.picture .refusal')).toHaveText('照片没有传完。');
  await page.locator('.case-form button.primary').click();
  await expect(page.locator('.case-form')).toBeVisible();
  cut = false;
  await page.getByRole('button', { name: '接着传' }).click();
  await expect(page.locator('.picture progress')).toHaveCount(0);
  await expect(page.locator('.picture .refusal')).toHaveCount(0);
  await page.locator('.case-form button.primary').click();
  await expect(page.locator('.ticket-state')).toHaveText('已收到');
  const shown = page.locator('.case-page .picture img');
  await expect(shown).toBeVisible();
  await expect.poll(() => shown.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(900);
  const path = new URL(page.url()).pathname;

  const staff = await staffOf(browser, info);
  await step(staff.request, path, { step: 'name', words: `楼道灯不亮 ${mark}` });
  // Somebody else has the same lamp.
  const other = await another(browser, info, 'resident');
  await other.goto('/cases?centre=xizhan');
  await ready(other);
  const report = other.locator('.report', { hasText: mark });
  await expect(report).toContainText('楼道灯不亮');
  await expect(other.locator('[aria-labelledby=reports]')).not.toContainText('李大爷');
  await report.getByRole('button', { name: /我也遇到了/ }).click();
  await expect(report).toContainText('1 人关注');
  await other.reload();
  await expect(report.getByRole('button', { name: /不再关注/ })).toBeVisible();
  await staff.context().close();
  await other.context().close();
});

test('what is sent without a name is answered by its link', async ({ browser }, info) => {
  const page = await another(browser, info);
  await page.goto('/cases?centre=xizhan');
  await ready(page);
  await page.getByRole('radio', { name: /意见/ }).check();
  await page.locator('textarea[name=words]').fill('健身房晚上太吵');
  await page.locator('[name=nameless]').check();
  await page.locator('.case-form button.primary').click();
  await expect(page.locator('.ticket-state')).toHaveText('已收到');
  const link = (await page.getByRole('link', { name: '这是您的链接' }).getAttribute('href'))!;
  expect(link).toMatch(/^\/nameless\?.*#[0-9a-f]{32}$/);
  const number = (await page.locator('.case-ticket').textContent())!.match(/(\d+) 号/)![1];

  const staff = await staffOf(browser, info);
  await staff.goto('/queue?centre=xizhan');
  await ready(staff);
  await staff.locator('[name=queue-number]').fill(number!);
  await staff.getByRole('button', { name: '打开' }).click();
  await expect(staff.locator('.case-ticket')).toContainText('不留名字');
  await step(staff.request, new URL(staff.url()).pathname, { step: 'finish', words: '九点以后关音箱' });

  // On another device, by the link alone.
  const read = await another(browser, info);
  await read.goto(link);
  await expect(read.locator('.case-story')).toContainText('九点以后关音箱');
  await read.getByRole('button', { name: '确认办好了' }).click();
  await expect(read.locator('.ticket-state')).toHaveText('已确认');
  await read.context().close();
  await page.context().close();
  await staff.context().close();
});

test('staff take a case for a caller, plan it, and hand it over @desktop', async ({ page }) => {
  await signIn(page, 'staff');
  const found = await page.request.post('/api/v1/centres/xizhan/people/search', { data: { text: '13800000012' } });
  const [caller] = (await found.json()) as { id: string; name: string }[];
  await page.goto(`/cases?centre=xizhan&whom=${caller!.id}&by=phone`);
  await ready(page);
  await page.getByRole('radio', { name: /上门/ }).check();
  await page.locator('textarea[name=words]').fill('腿不方便，想请人上门办认证');
  await page.locator('[name=place]').fill('五号楼 302');
  // The button names for whom it is; they must agree first.
  const send = page.locator('.case-form button.primary');
  await expect(send).toContainText(caller!.name);
  await send.click();
  await expect(page.locator('.case-form .refusal')).toContainText('同意');
  await page.locator('[name=agreed]').check();
  await send.click();
  await expect(page.locator('.case-ticket')).toContainText(caller!.name);
  await page.getByRole('button', { name: '约时间' }).click();
  const tomorrow = new Date(Date.now() + 8 * 3_600_000 + 86_400_000).toISOString().slice(0, 10);
  await page.locator('[name=step-choice]').fill(`${tomorrow}T10:30`);
  await page.locator('.case-steps form button.primary').click();
  await expect(page.locator('.ticket-time')).toContainText('10:30');
  const number = (await page.locator('.case-ticket').textContent())!.match(/(\d+) 号/)![1];
  // It stands on the route of that day.
  await page.goto('/queue?centre=xizhan');
  await ready(page);
  await page.locator('.piles label', { hasText: '出门的' }).click();
  await page.locator('[name=queue-day]').fill(tomorrow);
  await expect(page.locator('.case-row', { hasText: `${number} 号` })).toContainText('五号楼 302');
});
