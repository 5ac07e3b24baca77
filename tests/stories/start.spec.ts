import { expect } from '@playwright/test';
import { codeOf, dayAhead, test } from '../pages/linli';

// One house without anything, which is claimed once.
test('whoever starts from an empty database reaches a running house without a shell @phone', async ({ browser }, info) => {
  const baseURL = process.env.LINLI_EMPTY_URL!;
  const context = await browser.newContext({ ...info.project.use, baseURL });
  const page = await context.newPage();
  await page.goto(process.env.LINLI_EMPTY_LINK!);
  await page.getByLabel('姓名').fill('管理员');
  await page.getByLabel('手机号').fill('13800000099');
  await page.getByRole('button', { name: '成为负责人' }).click();
  await page.waitForURL(/\/settings/);

  // The centre.
  await page.getByLabel('中心名称').fill('东风社区');
  await page.getByLabel(/^英文名/).fill('Dongfeng');
  await expect(page.getByLabel('网址里的编号')).toHaveValue('dongfeng');
  await page.getByLabel('服务台电话').fill('0996-000 0009');
  await page.getByLabel('地址').fill('东风路 1 号');
  await page.getByLabel(/^房间/).fill('舞蹈室 30人\n棋牌室 12');
  await expect(page.getByText('读到 2 个房间')).toBeVisible();
  await page.getByRole('button', { name: '新建中心' }).click();
  await expect(page.getByRole('heading', { name: '开张四步' })).toBeVisible();

  // The hours.
  await page.getByText('开放时间', { exact: true }).click();
  await page.getByLabel('周日').first().fill('休');
  await page.locator('details', { hasText: '特殊日子' }).getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.getByRole('button', { name: /撤销/ })).toBeVisible();
  await expect(page.locator('.steps .tag')).toHaveCount(2);

  // A colleague.
  await page.getByRole('link', { name: /请同事/ }).click();
  await page.getByLabel('手机号').fill('13800000098');
  await page.getByLabel(/^姓名/).fill('同事');
  await page.getByRole('button', { name: '添加同事' }).click();
  await expect(page.locator('.role-list')).toContainText('同事');

  // The first club, with somebody to organise it.
  await page.goto('/clubs');
  await page.getByRole('button', { name: '建一个社团' }).click();
  await page.getByLabel('名称（中文）').fill('广场舞队');
  await page.getByRole('form', { name: '建一个社团' }).getByRole('button', { name: '建一个社团' }).click();
  await page.getByRole('button', { name: '管理广场舞队' }).click();
  await page.getByLabel('组织者的手机号').fill('13800000097');
  await page.getByLabel('姓名（新号码要填）').fill('领队');
  await page.getByRole('button', { name: '请这位组织' }).click();
  await expect(page.getByRole('button', { name: '不再由领队组织' })).toBeVisible();

  // A second code for all who run the house: whoever asks it of others sets up their own first.
  await page.goto('/roles');
  const box = page.getByRole('checkbox', { name: /都要用验证器/ });
  await box.click();
  await expect(page.locator('.refusal')).toContainText('先设好验证器');
  await expect(box).not.toBeChecked();
  await page.goto('/me');
  await page.getByRole('button', { name: '设置验证器' }).click();
  const secret = (await page.locator('.secret').textContent())!;
  await page.locator('section', { has: page.locator('#second') }).getByLabel('验证器上').fill(codeOf(secret));
  await expect(page.getByText('已经设好')).toBeVisible();
  await page.goto('/roles');
  await box.click();
  await expect(page.locator('.done')).toContainText('已要求所有值班的人用验证器');
  await expect(box).toBeChecked();

  // Somebody books.
  await page.goto(`/book?room=room-1&day=${dayAhead(1)}&at=18:00&for=60`);
  await expect(page.locator('#main')).toContainText('舞蹈室');
  await context.close();
});
