import { expect } from '@playwright/test';
import { another, deskTab, freshPhone, ready, signIn, signInByPhone, test } from '../pages/linli';

// A house of its own for each: the other stories read the clubs of the first.
const CENTRES = { phone: 'binhu', desktop: 'liuyi' } as Record<string, string>;

test('a neighbour joins a club, and leaves it only when asked twice', async ({ page }, info) => {
  await signInByPhone(page, freshPhone(info));
  await page.goto(`/clubs?centre=${CENTRES[info.project.name]}`);
  await ready(page);
  const card = page.locator('article.card').first();
  const name = (await card.getByRole('heading').textContent())!;
  const join = card.getByRole('button', { name: `加入社团 ${name}` });
  await join.dblclick();
  await expect(card.getByText('已加入')).toBeVisible();
  await card.getByRole('button', { name: `退出社团 ${name}` }).click();
  await expect(card.getByText('确定退出吗？')).toBeVisible();
  await card.getByRole('button', { name: '退出社团', exact: true }).click();
  await expect(join).toBeVisible();
});

test('staff join no club for the person for whom they act', async ({ page }, info) => {
  const centre = CENTRES[info.project.name];
  await signIn(page, 'staff');
  await page.goto(`/desk?centre=${centre}`);
  await deskTab(page, '人');
  await page.getByPlaceholder(/手机号|姓名/).fill('13800000001');
  await page.locator('.found a').first().click();
  await ready(page);
  await page.locator('a', { hasText: '报活动' }).first().click();
  await page.getByRole('link', { name: '社团', exact: true }).click();
  await ready(page);
  await expect(page.locator('.acting')).toBeVisible();
  await expect(page.locator('article.card').first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^加入社团/ })).toHaveCount(0);
});

test('an organiser is removed only when asked twice, and a club described anew by somebody else is not overwritten', async ({ page, browser }, info) => {
  const centre = CENTRES[info.project.name];
  await signIn(page, 'manager');
  await page.goto(`/clubs?centre=${centre}`);
  await ready(page);
  const title = `试试社 ${info.project.name}`;
  await page.getByRole('button', { name: '建一个社团' }).click();
  const form = page.getByRole('form', { name: '建一个社团' });
  await form.getByLabel('名称（中文）').fill(title);
  await form.getByRole('button', { name: '建一个社团' }).click();
  const card = page.locator('article.card', { has: page.getByRole('heading', { name: title }) });
  await card.getByRole('button', { name: `管理${title}` }).click();
  const other = await another(browser, info, 'manager');
  await other.goto(`/clubs?centre=${centre}`);
  await ready(other);
  const there = other.locator('article.card', { has: other.getByRole('heading', { name: title }) });
  await there.getByRole('button', { name: `管理${title}` }).click();
  await there.getByLabel('介绍（中文）').fill('周三晚上');
  await there.getByRole('button', { name: '改介绍' }).click();
  await expect(other.locator('.done')).toContainText('已保存');
  await card.getByLabel('介绍（中文）').fill('周四晚上');
  await card.getByRole('button', { name: '改介绍' }).click();
  await expect(card.locator('p.refusal')).toBeVisible();
  await other.context().close();

  await card.getByLabel('组织者的手机号').fill(freshPhone(info));
  await card.getByLabel('姓名（新号码要填）').fill('领队');
  await card.getByRole('button', { name: '请这位组织' }).click();
  await card.getByRole('button', { name: '不再由领队组织' }).click();
  await expect(card.getByText('确定让领队不再负责吗？')).toBeVisible();
  await card.getByRole('button', { name: '移出', exact: true }).click();
  await expect(card.getByRole('button', { name: '不再由领队组织' })).toHaveCount(0);
  await card.getByRole('button', { name: '关闭社团' }).click();
  await expect(card.getByRole('checkbox')).toBeFocused();
  await card.getByRole('button', { name: '关闭社团' }).click();
  await expect(card).toHaveCount(0);
});
