import { expect } from '@playwright/test';
import { another, askCode, dayAhead, freeSlot, ready, signIn, signInByPhone, test } from '../pages/linli';

/** Names that no other story uses. */
function named(what: string, project: string): string {
  return `${what} ${project} ${Date.now() % 100_000}`;
}

async function publish(page: import('@playwright/test').Page, title: string, slot: { day: string; at: string }, places: number): Promise<void> {
  await page.goto('/publish');
  await ready(page);
  await page.getByLabel('活动名称').fill(title);
  await page.getByLabel('介绍').fill('零基础也能来');
  await page.getByLabel('功能室').selectOption('seniors');
  await page.getByLabel('第一场').fill(slot.day);
  await page.getByLabel('开始', { exact: true }).fill(slot.at);
  await page.getByLabel('结束', { exact: true }).fill(`${Number(slot.at.slice(0, 2)) + 1}:00`);
  await page.getByLabel('名额').fill(String(places));
  await page.getByLabel('名额').blur();
  await expect(page.locator('.row.activity')).toContainText(title);
  await expect(page.locator('.refusal')).toHaveCount(0);
  await page.getByRole('button', { name: '发布' }).click();
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
}

test('an organiser publishes, neighbours sign up, the place moves on, and the session is called off', async ({ page, request, browser }, info) => {
  test.setTimeout(120_000);
  const title = named('插花', info.project.name);
  const slot = await freeSlot(request, info, 'seniors', 60, 8);
  await signIn(page, 'organiser');
  await publish(page, title, slot, 1);
  const url = new URL(page.url()).pathname;
  await expect(page.locator('.dates')).toContainText('还剩 1 个名额');

  // Somebody finds it, signs in on the way, and has the place.
  const phone = info.project.name === 'phone' ? 0 : 10;
  const first = await another(browser, info);
  await first.goto('/activities');
  await first.getByRole('searchbox').fill(title);
  await first.locator('.row.activity').click();
  await first.getByRole('link', { name: '登录后报名' }).click();
  const code = await askCode(first, `1380000920${phone ? 1 : 2}`);
  await first.getByLabel('验证码').fill(code);
  await expect(first).toHaveURL(new RegExp(url));
  await first.getByRole('button', { name: '确认报名' }).click();
  await expect(first.locator('.sign-up .tag')).toHaveText('已报名');
  // The organiser sees it without reloading.
  await expect(page.locator('.dates')).toContainText('名额已满');

  const second = await another(browser, info);
  await signInByPhone(second, `1380000920${phone ? 3 : 4}`);
  await second.goto(url);
  await second.getByRole('button', { name: '加入候补' }).click();
  await expect(second.locator('.sign-up .tag')).toHaveText('候补第 1 位');

  await first.getByRole('button', { name: /撤销/ }).click();
  await expect(first.locator('.sign-up')).toHaveCount(0);
  await expect(second.locator('.sign-up .tag')).toHaveText('请确认名额');
  await second.goto('/messages');
  await expect(second.locator('.letter')).toContainText(`“${title}”`);
  await second.locator('.letter').first().click();
  await second.getByRole('button', { name: '要这个名额' }).click();
  await expect(second.locator('.sign-up .tag')).toHaveText('已报名');

  await page.locator('.manage > summary').click();
  await page.getByRole('button', { name: '取消这一场' }).click();
  await page.getByRole('textbox', { name: '原因' }).fill('老师生病');
  await page.getByRole('button', { name: '确定取消' }).click();
  await expect(page.getByText('本场取消：老师生病')).toBeVisible();
  await second.goto('/messages');
  await expect(second.locator('.letter').first()).toContainText('老师生病');
});

test('a mother signs up two children with her consent, and takes one back', async ({ page, request, browser }, info) => {
  test.setTimeout(90_000);
  const title = named('小画家', info.project.name);
  const slot = await freeSlot(request, info, 'seniors', 60, 10);
  const organiser = await another(browser, info, 'organiser');
  await publish(organiser, title, slot, 8);
  const url = new URL(organiser.url()).pathname;

  await signInByPhone(page, info.project.name === 'phone' ? '13800009205' : '13800009206');
  await page.goto('/household');
  for (const [name, birth] of [['小满', '2018-05-20'], ['小雪', '2019-12-07']]) {
    await page.getByLabel('姓名').fill(name);
    await page.getByLabel('出生日期').fill(birth);
    await page.getByRole('button', { name: '添加家人' }).click();
    await expect(page.locator('.plain')).toContainText(name);
  }
  await page.goto(url);
  await page.getByRole('checkbox', { name: /小满/ }).check();
  await page.getByRole('checkbox', { name: /小雪/ }).check();
  const button = page.getByRole('button', { name: '确认报名' });
  await expect(button).toBeDisabled();
  await expect(page.locator('.consent')).toContainText('姓名不对外公布');
  await page.getByRole('checkbox', { name: /监护人/ }).check();
  await button.click();
  await expect(page.locator('.sign-up')).toHaveCount(2);
  await expect(page.locator('.dates')).toContainText('还剩 6 个名额');
  // The same child once more is refused, with the name in it.
  await page.locator('.dates input').first().check();
  await page.getByRole('checkbox', { name: /小满/ }).check();
  await page.getByRole('checkbox', { name: /监护人/ }).check();
  await button.click();
  await expect(page.locator('.refusal')).toContainText('小满已经报名了');
  await page.locator('.sign-up', { hasText: '小雪' }).getByRole('button', { name: /撤销/ }).click();
  await expect(page.locator('.sign-up')).toHaveCount(1);
  await expect(page.locator('.dates')).toContainText('还剩 7 个名额');
  await page.goto('/me');
  await expect(page.locator('.sign-up')).toContainText('小满');
});

test('activities are found by day, kind and age, and the URL keeps it', async ({ page }) => {
  // Which of them are for children of eight the server says.
  const answer = await page.request.get('/api/v1/centres/xizhan/activities');
  const all = (await answer.json()) as { title: { zh: string }; kind: string; audience: { from_age?: number; to_age?: number }; sessions: { start: string; end: string; state: string }[] }[];
  const comes = (one: { end: string; state: string }) => one.state === 'confirmed' && Date.parse(one.end) > Date.now();
  const children = all.filter((one) => one.kind === 'children' && one.sessions.some(comes));
  expect(children.length).toBeGreaterThan(0);
  await page.goto('/activities');
  await ready(page);
  await page.getByText('筛选', { exact: true }).click();
  await page.getByLabel('类型').selectOption('children');
  await expect(page).toHaveURL(/purpose=children/);
  await expect(page.locator('.row.activity')).toHaveCount(children.length);
  await expect(page.locator('.row.activity').first()).toContainText(children[0]!.title.zh);
  // Of one day only what is on then.
  const day = children[0]!.sessions.find(comes)!.start.slice(0, 10);
  await page.getByLabel('日期').selectOption(day);
  await expect(page).toHaveURL(new RegExp(`day=${day}`));
  await expect(page.locator('.row.activity').first()).toContainText(children[0]!.title.zh);
  await page.getByLabel('日期').selectOption('');
  await page.getByLabel('适合年龄').fill('70');
  await page.getByLabel('适合年龄').blur();
  await expect(page.locator('.empty')).toContainText('没有符合的活动');
  await page.reload();
  await ready(page);
  await expect(page.locator('.empty')).toContainText('没有符合的活动');
  await page.getByText('筛选', { exact: true }).click();
  await page.getByLabel('适合年龄').fill('8');
  await page.getByLabel('适合年龄').blur();
  const fit = children.filter((one) => (one.audience.from_age ?? 0) <= 8 && (one.audience.to_age ?? 120) >= 8);
  await expect(page.locator('.row.activity')).toHaveCount(fit.length);
});

test('staff check people in, add a walk-in, and take a note back', async ({ page }) => {
  const answer = await page.request.get('/api/v1/centres/liuyi/activities');
  const all = (await answer.json()) as { id: string; pick_up: boolean; sessions: { id: string; taken: number; start: string }[] }[];
  // One to come: at the end of a day everybody of today has been fetched.
  const fits = (one: { taken: number; start: string }) => one.taken > 3 && one.start.slice(0, 10) > dayAhead(0);
  const session = all.filter((one) => one.pick_up).flatMap((one) => one.sessions).find(fits)!;
  await signIn(page, 'staff');
  await page.goto(`/attendance/liuyi/${session.id}`);
  await ready(page);
  const rows = page.locator('.sheet li');
  const name = (await rows.first().locator('.row-name').textContent())!;
  // The demo has children of the same name: the guardian tells them apart, as at a real desk.
  const guardian = (await rows.first().locator('.quiet').textContent())!;
  expect(guardian).toContain('监护人');
  await page.getByRole('searchbox').fill(name);
  const row = rows.filter({ hasText: name }).filter({ hasText: guardian });
  // Days before nobody is checked in by a slip of the finger.
  await expect(row.getByRole('button', { name: /^到了/ })).toBeHidden();
  await page.getByRole('button', { name: '现在就开始签到' }).click();
  await row.getByRole('button', { name: /^到了/ }).click();
  await expect(row.locator('.tag')).toContainText('到');
  // Who fetches a child is asked; the guardian is one tap, somebody else a name.
  await row.getByRole('button', { name: /^已接走/ }).click();
  await row.getByRole('textbox', { name: '别人的姓名' }).fill('外婆');
  await row.getByRole('button', { name: '保存' }).click();
  await expect(row.locator('.tag')).toContainText('外婆接走');
  // Taken back it is in the house again, and missed; taken back once more it has not come.
  await row.getByRole('button', { name: /^撤回/ }).click();
  await expect(row.locator('.tag')).toContainText('到');
  await row.getByRole('button', { name: /^撤回/ }).click();
  await expect(row.getByRole('button', { name: /^到了/ })).toBeVisible();

  await page.getByRole('searchbox').fill('');
  const walkIn = `路过 ${Date.now() % 100_000}`;
  await page.locator('.manage > summary').click();
  const form = page.locator('.manage');
  const add = form.getByRole('button', { name: /加上直接来的人|还是让 TA 进/ });
  await form.getByLabel('姓名', { exact: true }).fill(walkIn);
  await add.click();
  // A class for children: nobody is recorded without a guardian; whom the house knows is found while typing.
  await expect(form.locator('.refusal')).toContainText('监护人');
  await form.getByLabel('姓名', { exact: true }).fill(name);
  await form.locator('.found button', { hasText: name }).filter({ hasText: guardian }).click();
  await form.getByRole('checkbox', { name: '已向监护人念过以上内容，监护人同意' }).check();
  const before = await rows.count();
  await add.click();
  await expect(row.locator('.tag')).toContainText('到');
  expect(await rows.count()).toBe(before);
  await row.getByRole('button', { name: /^撤回/ }).click();
  await expect(row.getByRole('button', { name: /^到了/ })).toBeVisible();
});

test('an activity is told in two languages, and read in one where it has one', async ({ page, context, request, baseURL }, info) => {
  const title = named('国际象棋', info.project.name);
  const slot = await freeSlot(request, info, 'seniors', 60, 9);
  await signIn(page, 'organiser');
  await publish(page, title, slot, 5);
  const url = page.url();
  const inEnglish = async () => {
    await context.addCookies([{ name: 'lang', value: 'en', url: baseURL! }]);
    await page.goto(url);
    await ready(page);
  };
  await inEnglish();
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
  await context.addCookies([{ name: 'lang', value: 'zh', url: baseURL! }]);
  await page.goto(url);
  await ready(page);
  await page.locator('.manage > summary').first().click();
  await page.locator('.other-language summary').click();
  await page.locator('[name=other-title]').fill('Chess for all');
  await page.locator('.manage').getByRole('button', { name: '保存' }).click();
  await expect(page.locator('.done')).toContainText('已保存');
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
  await inEnglish();
  await expect(page.getByRole('heading', { name: 'Chess for all', level: 1 })).toBeVisible();
});
