import { expect, it } from 'vitest';
import { commandInWords } from '../../../../src/report/policy/start-words.ts';
import { sampleRules } from '../../../support/report/samples.ts';

it('a command is told with the values that it takes', () => {
  const parameters = { names: ['level', 'module'], values: { level: ['low', 'high'] } };
  const rules = { ...sampleRules('fix'), parameters };
  expect(commandInWords('fix', rules)).toBe('/sallyport run fix level=low|high module=…');
  expect(commandInWords('fix', sampleRules('fix'))).toBe('/sallyport fix');
});
