import type { FullResult, Reporter, Suite, TestCase } from '@playwright/test/reporter';

/** Says at the very end, in a line or two each, what failed: the last lines of a long log are the ones that are read. */
export default class Failures implements Reporter {
  private suite?: Suite;

  onBegin(_: unknown, suite: Suite): void {
    this.suite = suite;
  }

  onEnd(_: FullResult): void {
    const failed = this.suite?.allTests().filter((test: TestCase) => !test.ok()) ?? [];
    for (const test of failed) {
      const message = test.results.flatMap((result) => result.errors).map((error) => error.message ?? '').join(' ');
      // Colours are for terminals.
      const plain = message.replace(/\u001b\[[0-9;]*m/g, '').replace(/\s+/g, ' ').slice(0, 900);
      process.stdout.write(`FAILED ${test.titlePath().slice(1).join(' › ')}: ${plain}\n`);
    }
  }
}
