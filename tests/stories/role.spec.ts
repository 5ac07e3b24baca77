import { expect } from '@playwright/test';
import { another, deskTab, ready, signIn, signInByPhone, test } from '../pages/linli';

test('a manager makes a colleague, who works at once and is out at once', async ({ page, browser }, info) => {
  const phone = `139${info.project.name === 'phone' ? 1 : 2}${String(Date.now()).slice(-7)}`;
  const name = `小唐${phone.slice(-4)}`;
  await signIn(page, 'manager');
  await page.goto('/desk?centre=liuyi');
  await deskTab(page, '人');
  await page.getByRole('link', { name: '人员与职责' }).click();
  await page.getByLabel('手机号').fill(phone);
  await page.getByLabel('姓名').fill(name);
  await page.getByRole('button', { name: '添加同事' }).click();
  await expect(page.locator('.done')).toContainText(`${name}现在是工作人员`);
  const row = page.locator('.role-list > li', { hasText: name });
  await expect(row).toContainText('还没登录过');

  const colleague = await another(browser, info);
  await signInByPhone(colleague, phone);
  await colleague.goto('/desk?centre=liuyi');
  await deskTab(colleague, '人');
  await expect(colleague.getByPlaceholder(/手机号/)).toBeVisible();

  // Changed: until a day, and by the keyboard.
  await row.getByRole('button', { name: `更改${name}的职责` }).focus();
  await page.keyboard.press('Enter');
  await row.getByRole('radio', { name: /组织者/ }).check();
  await row.getByLabel(/到哪一天为止/).fill('2030-06-30');
  await row.getByRole('button', { name: '保存' }).click();
  await expect(row).toContainText('组织者');
  await expect(row).toContainText('到 周日 2030年6月30日 为止');

  await row.getByRole('button', { name: `收回职责：${name}` }).click();
  await expect(row).toContainText('马上在所有设备上退出登录');
  await row.getByRole('button', { name: '确定收回' }).click();
  await expect(row).toHaveCount(0);
  await colleague.goto('/me');
  await expect(colleague.getByRole('main').getByRole('link', { name: '登录' })).toBeVisible();
  await colleague.context().close();
});

test('what a manager types wrong is said at its field and kept', async ({ page }) => {
  await signIn(page, 'manager');
  await page.goto('/roles?centre=liuyi');
  await ready(page);
  await expect(page.locator('.role-list > li').first()).toContainText('负责人');
  await page.getByLabel('手机号').fill('12345');
  await page.getByLabel('姓名').fill('小唐');
  await page.getByRole('button', { name: '添加同事' }).click();
  await expect(page.locator('.refusal')).toContainText('手机号是 11 位数字');
  await expect(page.getByLabel('手机号')).toBeFocused();
  await expect(page.getByLabel('手机号')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('姓名')).toHaveValue('小唐');
});

test('people and roles are for managers', async ({ page }) => {
  await signIn(page, 'staff');
  await page.goto('/roles?centre=liuyi');
  await expect(page.locator('main')).toContainText('人员由负责人安排');
});
