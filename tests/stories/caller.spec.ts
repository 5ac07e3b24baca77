import { expect, type APIRequestContext, type Page, type TestInfo } from '@playwright/test';
import { another, dayAhead, deskTab, freeSlot, freshPhone, openMap, ready, signIn, signInByPhone, test } from '../pages/linli';

/** A caller whom the desk of the first house has just recorded, with who comes along. */
async function recorded(page: Page, name: string, family: object[] = []): Promise<string> {
  const answer = await page.request.post('/api/v1/centres/xizhan/people', {
    data: { name, phone: '', family }, headers: { 'idempotency-key': `caller-${name.length}-${Date.now()}-${Math.random()}`.slice(0, 60) },
  });
  expect(answer.status()).toBe(200);
  return ((await answer.json()) as { id: string }).id;
}

function named(what: string, info: TestInfo): string {
  return `${what}${info.project.name === 'phone' ? '甲' : '乙'}${String(Date.now() % 100_000)}`;
}

/** A session of today, or of the next day that has one, that children are fetched from. */
async function childrensSession(request: APIRequestContext): Promise<{ id: string; session: string; start: string }> {
  const answer = await request.get('/api/v1/centres/xizhan/activities');
  const all = (await answer.json()) as { id: string; pick_up: boolean; sessions: { id: string; state: string; start: string; places: number; taken: number; waiting: number }[] }[];
  const open = (one: { state: string; start: string; places: number; taken: number; waiting: number }) => one.state === 'confirmed'
    && Date.parse(one.start) > Date.now() && one.places - one.taken > 3 && one.waiting === 0;
  const found = all.filter((one) => one.pick_up).flatMap((one) => one.sessions.filter(open)
    .map((session) => ({ id: one.id, session: session.id, start: session.start })));
  return found.sort((a, b) => a.start.localeCompare(b.start))[0]!;
}

test('with a caller on the line the map is as whole as without @phone', async ({ page }, info) => {
  await signIn(page, 'staff');
  const id = await recorded(page, named('来电', info));
  await openMap(page, `?centre=xizhan&whom=${id}&by=phone`);
  await expect(page.locator('.acting')).toBeInViewport();
  await expect(page.getByRole('slider')).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole('button', { name: '放大' })).toBeInViewport({ ratio: 1 });
});

test('what was chosen in the calendar stays in sight above its bar, and a taken time says so', async ({ page, request }, info) => {
  await signIn(page, 'staff');
  const { day, at } = await freeSlot(request, info, 'legal', 60, 7);
  await page.goto(`/calendar?centre=xizhan&day=${day}&room=legal&week`);
  await ready(page);
  const free = page.getByRole('button', { name: new RegExp(`${at.slice(0, 2)}:|空`) }).and(page.locator('.b-free')).last();
  await free.focus();
  await page.keyboard.press('Enter');
  const bar = page.locator('.choice-bar');
  await expect(bar).toBeVisible();
  const range = page.locator('.chosen-range');
  await expect.poll(async () => {
    const [below, above] = [await bar.boundingBox(), await range.boundingBox()];
    return above!.y < below!.y;
  }).toBe(true);
  await expect(bar.getByRole('button', { name: /预约/ })).toBeVisible();
  // Longer than what is free.
  for (let press = 0; press < 40 && !(await bar.getByText('这段时间不空').isVisible()); press += 1) {
    await bar.getByRole('button', { name: '长一点' }).click();
  }
  await expect(bar.getByText('这段时间不空')).toBeVisible();
  await expect(bar.getByRole('button', { name: '换个时间' })).toBeVisible();
});

test('of the last caller nothing is said on the next page', async ({ page }) => {
  await signIn(page, 'staff');
  await page.goto('/desk?centre=xizhan');
  await deskTab(page, '人');
  await page.getByPlaceholder('手机号、尾号、姓名或拼音').fill('13800000000');
  await expect(page.locator('.found a')).toHaveCount(1);
  const spoken = page.locator('.hidden[role=status]');
  await expect(spoken).toHaveText('1 人');
  await page.getByRole('link', { name: '操作记录' }).click();
  await expect(page.locator('.log')).toBeVisible();
  await expect(spoken).not.toHaveText('1 人');
});

test('after a call staff read what to say, and two children come in a row', async ({ page, request }, info) => {
  const { day, at } = await freeSlot(request, info, 'half-past-six', 60, 9);
  await signIn(page, 'staff');
  const name = named('说给', info);
  const id = await recorded(page, name);
  await page.goto(`/book?centre=xizhan&room=half-past-six&day=${day}&at=${at}&for=60&whom=${id}&by=phone`);
  await page.getByRole('button', { name: `为${name}确认预约` }).click();
  await expect(page.getByText(`可以这样告诉${name}：`)).toBeVisible();
  // That the booking went through is not all that is said of it.
  await expect(page.locator('.done')).toContainText(name);
  await page.getByRole('button', { name: /撤销/ }).click();
  await expect(page.locator('.ticket-state')).toHaveText('已撤销');

  await page.goto(`/people/xizhan/${id}?centre=xizhan&whom=${id}&by=desk`);
  await ready(page);
  await page.locator('summary', { hasText: '添加家人' }).click();
  const form = page.locator('details', { hasText: '添加家人' });
  const eight = dayAhead(-Math.round(8.5 * 365.25));
  for (const child of ['小一', '小二']) {
    await form.getByLabel('姓名').fill(child);
    await form.getByLabel('出生日期').fill(eight);
    await form.getByRole('button', { name: '添加家人' }).click();
    await expect(page.locator('.person-page .plain')).toContainText(child);
    await expect(form.getByLabel('姓名')).toBeFocused();
  }
  // The list of what is on knows who stands there.
  await page.getByRole('link', { name: '报活动' }).click();
  const fits = page.getByRole('button', { name: /适合小一（8 岁）/ });
  await fits.click();
  await expect(page).toHaveURL(/age=8/);
  await expect(fits).toHaveAttribute('aria-pressed', 'true');
  // What was is apart from what comes.
  await page.goto(`/people/xizhan/${id}?centre=xizhan&whom=${id}&by=desk`);
  await expect(page.locator('section[aria-labelledby=bookings] > .empty')).toBeVisible();
});

test('a namesake is named before a record is made twice', async ({ page }, info) => {
  const name = named('同名', info);
  await signIn(page, 'staff');
  await recorded(page, name);
  await page.goto('/desk?centre=xizhan');
  await deskTab(page, '人');
  await page.locator('.find-person summary').click();
  await page.getByLabel('姓名', { exact: true }).fill(name);
  await page.locator('.find-person').getByLabel('手机号（没有可以不填）').fill(freshPhone(info));
  await page.getByRole('button', { name: '登记', exact: true }).click();
  const known = page.locator('.find-person .warn');
  await expect(known).toContainText('这里已经有同名的人');
  await expect(known.getByRole('link', { name })).toHaveAttribute('href', /\/people\/xizhan\//);
  // Nothing that was typed is lost, also over a reload.
  await page.reload();
  await expect(page.getByLabel('姓名', { exact: true })).toHaveValue(name);
  await expect(page.getByLabel('姓名', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: '登记', exact: true }).click();
  await known.getByRole('button', { name: '不是同一个人，仍然登记' }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
});

test('an age is no birth date, and nothing typed is lost', async ({ page }, info) => {
  await signIn(page, 'staff');
  await page.goto('/desk?centre=xizhan');
  await deskTab(page, '人');
  await page.locator('.find-person summary').click();
  await page.getByLabel('姓名', { exact: true }).fill(named('妈妈', info));
  await page.getByLabel('同来的家人（一行一位：名字 生日）').fill('小明 8岁');
  await page.getByRole('button', { name: '登记', exact: true }).click();
  await expect(page.locator('.find-person .refusal')).toContainText('只写岁数不够');
  await expect(page.getByLabel('同来的家人（一行一位：名字 生日）')).toHaveValue('小明 8岁');
  await page.getByLabel('同来的家人（一行一位：名字 生日）').fill('');
  await page.getByLabel('姓名', { exact: true }).fill('');
});

test('children who are here, fetched and missing are counted apart, and no button shouts', async ({ page, request }, info) => {
  const { id, session } = await childrensSession(request);
  await signIn(page, 'staff');
  const name = named('接送', info);
  const person = await recorded(page, name, [{ name: `${name}娃`, birth: '2018-03-01' }]);
  const card = await (await page.request.get(`/api/v1/centres/xizhan/people/${person}`)).json() as { family: { id: string }[] };
  const child = card.family[1]!.id;
  const made = await page.request.post(`/api/v1/centres/xizhan/activities/${id}/sign-ups`, {
    data: { session, people: [child], wait: true, consent: 2, behalf: { person, channel: 'desk' } },
    headers: { 'idempotency-key': `fetch-${child}`.slice(0, 60) },
  });
  expect(made.status(), await made.text()).toBe(200);
  const [signUp] = (await made.json()) as { id: string }[];
  await page.goto(`/attendance/xizhan/${session}?centre=xizhan`);
  await ready(page);
  const counts = page.locator('main > [role=status]').first();
  await expect(counts).toContainText(/在场 \d+ 人 · 已接走 \d+ 人 · 未到 \d+ 人/);
  // Others are checked in meanwhile: what is counted is at least this one.
  const count = async () => (await counts.textContent())!.match(/\d+/g)!.map(Number);
  if (await page.getByRole('button', { name: '现在就开始签到' }).isVisible()) await page.getByRole('button', { name: '现在就开始签到' }).click();
  const line = page.locator('.sheet li', { hasText: `${name}娃` });
  await line.getByRole('button', { name: /^到了/ }).click();
  await expect.poll(async () => (await count())[0]).toBeGreaterThan(0);
  // Before the end nobody need be fetched: no button is louder than the others.
  await expect(line.locator('.button.primary, .button.danger')).toHaveCount(0);
  await line.getByRole('button', { name: /^已接走/ }).click();
  await line.getByRole('button', { name, exact: true }).click();
  await expect(line).toContainText(name);
  await expect.poll(async () => (await count())[1]).toBeGreaterThan(0);
  await page.request.post(`/api/v1/centres/xizhan/sign-ups/${signUp!.id}/withdraw`, { headers: { 'idempotency-key': `fetched-${signUp!.id}`.slice(0, 60) } });
});

test('applicants are people whose record is a tap away, with when they asked', async ({ page }) => {
  await signIn(page, 'staff');
  await page.goto('/desk?centre=xizhan');
  await deskTab(page, '待办');
  const one = page.locator('.applicant').filter({ has: page.getByRole('button', { name: '批准' }) }).first();
  await expect(one).toContainText(/申请 ·/);
  await expect(one).toContainText(/近三个月用过 \d+ 次/);
  const link = one.locator('a[href*="/people/"]');
  const name = (await link.textContent())!;
  await link.click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
});

test('who is expected today, and on another day, are those who booked', async ({ page, request }, info) => {
  const { day, at } = await freeSlot(request, info, 'half-past-six', 60, 10);
  await signIn(page, 'staff');
  await page.goto(`/desk?centre=xizhan&day=${day}`);
  await deskTab(page, '今天');
  const heading = page.locator('#expected');
  await expect(heading).not.toHaveText('今天谁来');
  await expect(heading).toContainText('谁来');
  const answer = await page.request.post('/api/v1/centres/xizhan/bookings', {
    data: { room: 'half-past-six', start: `${day}T${at}`, end: `${day}T${Number(at.slice(0, 2)) + 1}:00`, people: 3 },
    headers: { 'idempotency-key': `expected-${day}-${Date.now()}` },
  });
  expect(answer.status()).toBe(200);
  const booking = ((await answer.json()) as { id: string }).id;
  await expect(page.locator('.expected li').filter({ has: page.locator(`a[href*="${booking}"]`) })).toContainText('3 人');
  await page.request.post(`/api/v1/centres/xizhan/bookings/${booking}/undo`, { headers: { 'idempotency-key': `expected-undo-${booking}`.slice(0, 60) } });
  await page.goto('/desk?centre=xizhan');
  await deskTab(page, '今天');
  await expect(heading).toHaveText('今天谁来');
});

test('a special day says on the calendar what it is', async ({ page }) => {
  await page.goto('/calendar?centre=xizhan');
  await ready(page);
  const view = await (await page.request.get('/api/v1/centres/xizhan')).json() as { centre: { hours: { special?: { date: string; name: { zh: string } }[] } } };
  const special = view.centre.hours.special?.[0];
  expect(special).toBeTruthy();
  await page.goto(`/calendar?centre=xizhan&day=${special!.date}`);
  await ready(page);
  await expect(page.locator('.calendar-page > .warn')).toContainText(special!.name.zh);
});

test('rooms in the list are told as those on the plan, without choosing a floor', async ({ page, request, browser }, info) => {
  const { day, at } = await freeSlot(request, info, 'half-past-six', 60, 11);
  const staff = await another(browser, info, 'staff');
  await staff.goto(`/book?centre=xizhan&room=half-past-six&day=${day}&at=${at}&for=60`);
  await staff.getByRole('button', { name: '确认预约' }).click();
  await expect(staff.locator('.ticket-state')).toHaveText('已确认');
  await openMap(page, `?centre=lijingjie`);
  await expect(page.getByRole('button', { name: '二楼', exact: true })).toBeVisible();
  await openMap(page, `?centre=lijingjie&list`);
  await expect(page.getByRole('button', { name: '二楼', exact: true })).toBeHidden();
  await openMap(page, `?centre=xizhan&day=${day}&at=${at}&for=60&list`);
  await expect(page.locator('.rooms .row').filter({ has: page.locator('.row-name', { hasText: '六点半小课堂' }) })).toContainText('已约至');
  await page.getByRole('searchbox').fill('没有这样的房间');
  await expect(page.locator('.nothing')).toBeVisible();
  await page.locator('.nothing').getByRole('button', { name: '清除筛选' }).click();
  await expect(page.locator('.nothing')).toHaveCount(0);
  await staff.getByRole('button', { name: /撤销/ }).click();
  await expect(staff.locator('.ticket-state')).toHaveText('已撤销');
});

test('a week opens on the day that is meant, and names the week @phone', async ({ page }) => {
  // A Friday, whose column does not fit beside Monday's.
  let ahead = 1;
  while (new Date(`${dayAhead(ahead)}T00:00:00Z`).getUTCDay() !== 5) ahead += 1;
  await page.goto(`/calendar?centre=xizhan&room=legal&week&day=${dayAhead(ahead)}`);
  await ready(page);
  await expect(page.locator('.calendar.of-week')).toBeVisible();
  await expect(page.locator('.of-week .column').nth(4)).toBeInViewport();
  const [, month, day] = dayAhead(ahead - 4).split('-').map(Number);
  await expect(page.locator('.day-label')).toContainText(`${month}月${day}日–`);
});

test('what is not on here may be on elsewhere, within four weeks', async ({ page }) => {
  await page.goto('/activities?centre=xizhan');
  await ready(page);
  await page.locator('.folded > summary').click();
  await expect(page.getByRole('combobox', { name: '日期' }).locator('option')).toHaveCount(29);
  await page.getByRole('searchbox').fill('没有这样的活动');
  const other = page.locator('.empty').getByRole('link', { name: '六一社区' }).first();
  await other.click();
  await expect(page).toHaveURL(/centre=liuyi/);
  await expect(page.getByRole('searchbox')).toHaveValue('没有这样的活动');
});

test('the day of the map is no filter of activities that nobody chose', async ({ page }) => {
  await openMap(page, `?centre=xizhan&day=${dayAhead(20)}`);
  await page.getByRole('link', { name: '日历' }).click();
  await expect(page).toHaveURL(new RegExp(`day=${dayAhead(20)}`));
  await page.getByRole('link', { name: '活动', exact: true }).click();
  await ready(page);
  await expect(page).not.toHaveURL(/day=/);
  await expect(page.locator('.row.activity')).not.toHaveCount(0);
});

test('under Me each sign-up says at which house it is', async ({ page }, info) => {
  await signInByPhone(page, info.project.name === 'phone' ? '13800009801' : '13800009802');
  const answer = await page.request.get('/api/v1/centres/liuyi/activities');
  const all = (await answer.json()) as { id: string; per: string; audience: object; sessions: { id: string; state: string; start: string }[] }[];
  const of = all.find((one) => one.per === 'session' && Object.values(one.audience).every((age) => age === null)
    && one.sessions.some((each) => each.state === 'confirmed' && Date.parse(each.start) > Date.now() + 3_600_000))!;
  const me = await (await page.request.get('/api/v1/me')).json() as { profile: { id: string } };
  const session = of.sessions.find((each) => each.state === 'confirmed' && Date.parse(each.start) > Date.now() + 3_600_000)!;
  const made = await page.request.post(`/api/v1/centres/liuyi/activities/${of.id}/sign-ups`, {
    data: { session: session.id, people: [me.profile.id], wait: true }, headers: { 'idempotency-key': `house-${Date.now()}-${Math.random()}` },
  });
  expect(made.status(), await made.text()).toBe(200);
  const [signUp] = (await made.json()) as { id: string }[];
  await page.goto('/me?centre=xizhan');
  await ready(page);
  await expect(page.locator('.sign-up').first()).toContainText('六一');
  await page.request.post(`/api/v1/centres/liuyi/sign-ups/${signUp!.id}/undo`, { headers: { 'idempotency-key': `house-undo-${signUp!.id}`.slice(0, 60) } });
});
