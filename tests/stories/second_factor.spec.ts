import { expect } from '@playwright/test';
import { another, codeOf, freshPhone, ready, signIn, signInByPhone, test } from '../pages/linli';

test('a colleague sets up a second code, gives it after signing in, and is helped when the phone is lost', async ({ page, browser }, info) => {
  const phone = freshPhone(info);
  const name = `小严${phone.slice(-4)}`;
  await signIn(page, 'manager');
  await page.goto('/roles?centre=liuyi');
  await page.getByLabel('手机号').fill(phone);
  await page.getByLabel('姓名').fill(name);
  await page.getByRole('button', { name: '添加同事' }).click();
  const row = page.locator('.role-list > li', { hasText: name });
  await expect(row).toBeVisible();

  const colleague = await another(browser, info);
  await signInByPhone(colleague, phone);
  await colleague.getByRole('button', { name: '设置验证器' }).click();
  await expect(colleague.locator('.qr svg')).toBeVisible();
  const secret = (await colleague.locator('.secret').textContent())!;
  const card = colleague.locator('section', { has: colleague.locator('#second') });
  // A wrong one is said at its field, and nothing holds yet.
  await card.getByLabel('验证器上').fill(codeOf(secret, 900));
  await expect(card.locator('.refusal')).toContainText('还可以试');
  await card.getByLabel('验证器上').fill(codeOf(secret));
  await expect(card).toContainText('已经设好');

  // Signed in anew they act as a resident until they give one.
  await colleague.getByRole('button', { name: '退出登录', exact: true }).click();
  await expect(colleague.getByRole('main').getByRole('link', { name: '登录' })).toBeVisible();
  await signInByPhone(colleague, phone);
  await expect(colleague.getByRole('heading', { name: '再确认一下是您' })).toBeVisible();
  await expect(colleague.getByRole('link', { name: '值班' })).toHaveCount(0);
  await colleague.goto('/desk?centre=liuyi');
  await colleague.getByLabel('验证器上').fill(codeOf(secret, 1));
  await expect(colleague.locator('.desk')).toBeVisible();

  // The phone is lost.
  await page.reload();
  await ready(page);
  await expect(row).toContainText('有验证器');
  await row.getByRole('button', { name: `重设${name}的验证器` }).click();
  await row.getByRole('button', { name: '重设', exact: true }).click();
  await expect(row).not.toContainText('有验证器');
  await colleague.goto('/me');
  await expect(colleague.getByRole('main').getByRole('link', { name: '登录' })).toBeVisible();
  await colleague.context().close();
});
