import { expect } from '@playwright/test';
import { another, dayAhead, ready, signIn, test } from '../pages/linli';

// Houses of their own: the other stories book at another, and each of these changes its house.
const CENTRES = { phone: ['lijingjie', 'binhu'], desktop: ['zhangqian', 'liuyi'] } as Record<string, [string, string]>;

test('a manager closes a day from a holiday file, sees whom it hits, and undoes it', async ({ page, request }, info) => {
  const [centre] = CENTRES[info.project.name]!;
  // A day on which somebody has booked.
  let day = '';
  for (let ahead = 2; ahead < 20 && !day; ahead += 1) {
    const { taken } = (await (await request.get(`/api/v1/centres/${centre}/occupancy/${dayAhead(ahead)}/1`)).json()) as { taken: { by: string; start: string }[] };
    if (taken.some((one) => one.by === 'booked' && one.start.startsWith(dayAhead(ahead)))) day = dayAhead(ahead);
  }
  await signIn(page, 'manager');
  await page.goto(`/settings?centre=${centre}`);
  await ready(page);
  await page.getByText('开放时间', { exact: true }).click();
  const file = (name: string, text: string) => ({ name, mimeType: 'text/calendar', buffer: Buffer.from(text) });
  const hours = page.locator('details', { hasText: '特殊日子' });
  await hours.getByLabel('从文件加节假日').setInputFiles(file('x.ics', '<html>'));
  await expect(hours.getByRole('alert').first()).toContainText('认不出');
  const calendar = `BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:${day.replaceAll('-', '')}\nSUMMARY:停电检修 休\nEND:VEVENT\nEND:VCALENDAR`;
  await hours.getByLabel('从文件加节假日').setInputFiles(file('x.ics', calendar));
  await expect(hours).toContainText('加了 1 天');
  await hours.getByRole('button', { name: '保存', exact: true }).click();
  await expect(hours.locator('.hit').first()).toBeVisible();
  await expect(hours.locator('.verdict').last()).toContainText('影响');
  await hours.getByRole('button', { name: /^保存：/ }).click();
  const undo = page.getByRole('button', { name: /撤销/ });
  await expect(undo).toBeVisible();
  const open = async () => (await (await request.get(`/api/v1/centres/${centre}`)).json()).centre.hours.special as { date: string }[];
  const isSpecial = async () => (await open()).some((one) => one.date === day);
  await expect.poll(isSpecial).toBe(true);
  await undo.click();
  await expect(undo).toHaveCount(0);
  await expect.poll(isSpecial).toBe(false);
});

test('a room and the rules are changed, the history leads back', async ({ page, request }, info) => {
  const [, centre] = CENTRES[info.project.name]!;
  const read = async () => (await (await request.get(`/api/v1/centres/${centre}`)).json()).centre as { room: { id: string; name: { zh: string }; aliases?: unknown[] }[]; rules: { notice: number } };
  const before = await read();
  await signIn(page, 'manager');
  await page.goto(`/settings?centre=${centre}`);
  await ready(page);
  await page.getByText('房间', { exact: true }).click();
  const rooms = page.locator('details.setting', { hasText: '请选择' });
  await rooms.getByLabel('功能室').selectOption(before.room[0]!.id);
  await rooms.getByLabel(/^别的叫法/).fill('大棚 / Big tent');
  await rooms.getByLabel('最多几人').fill('99');
  await rooms.getByRole('button', { name: '保存' }).click();
  await expect(page.getByRole('button', { name: /撤销/ })).toBeVisible();
  expect((await read()).room[0]).toMatchObject({ aliases: [{ zh: '大棚', en: 'Big tent' }], people: { most: 99 } });

  await page.getByText('改动记录', { exact: true }).click();
  await expect(page.locator('.revision').first()).toContainText(before.room[0]!.name.zh);
  // Looked at first: it says what does not come back.
  await page.locator('.revision').nth(1).getByRole('button', { name: /回到第/ }).click();
  await expect(page.locator('.going-back')).toContainText('不会跟着变回来');
  await page.locator('.going-back').getByRole('button', { name: /^回到这一版/ }).click();
  await expect(page.locator('.revision').first()).toContainText('现在');
  await expect.poll(async () => (await read()).room[0]!.aliases).toEqual(before.room[0]!.aliases);
});

test('what a manager types stays while the clock ticks, others save, and another part is saved', async ({ page, browser }, info) => {
  const [, centre] = CENTRES[info.project.name]!;
  await signIn(page, 'manager');
  await page.clock.install();
  await page.goto(`/settings?centre=${centre}`);
  await ready(page);
  await page.getByText('开放时间', { exact: true }).click();
  await page.getByText('名称和地址', { exact: true }).click();
  const sunday = page.getByLabel('周日').first();
  await sunday.fill('10点到下午4点半');
  const directions = page.getByLabel('怎么来（中文）');
  await directions.fill('过桥左转');
  // The clock of the page ticks every ten seconds.
  await page.clock.runFor(25_000);
  await expect(sunday).toHaveValue('10点到下午4点半');
  // What another manager saves leaves what is typed as it is.
  const other = await another(browser, info, 'manager');
  await other.goto(`/settings?centre=${centre}`);
  await ready(other);
  await other.getByText('预约规则', { exact: true }).click();
  const rules = other.locator('details.setting', { hasText: '提前多久' }).first();
  const before = Number(await rules.getByLabel(/^至少提前多久/).inputValue());
  await rules.getByLabel(/^至少提前多久/).fill(String(before + 1));
  await rules.getByRole('button', { name: '保存', exact: true }).click();
  await expect(other.getByRole('button', { name: /撤销/ })).toBeVisible();
  await page.clock.runFor(5_000);
  await expect(sunday).toHaveValue('10点到下午4点半');
  // Saving one part leaves the other.
  await page.locator('details', { hasText: '特殊日子' }).getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.locator('details.setting[open]').filter({ hasText: '特殊日子' }).getByRole('button', { name: /撤销|^保存：/ })).toBeVisible();
  await expect(directions).toHaveValue('过桥左转');
  await other.context().close();
});
