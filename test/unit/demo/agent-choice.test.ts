import { describe, expect, it } from 'vitest';
import { chooseAgent } from '../../demo/agent/choice.ts';
import { readOptions } from '../../demo/options.ts';

describe('the agent of the demo', () => {
  it.each([{}, { agent: 'linters' }])('is the linters for %j', (asked) => {
    expect(chooseAgent(asked, {})).toBeNull();
  });

  it('asks a scripted model unless told, and needs no key', () => {
    const choice = chooseAgent({ agent: 'codex' }, {});
    expect(choice).toMatchObject({ name: 'codex', liveKey: null });
    expect(chooseAgent({ agent: 'codex', model: 'scripted' }, {})).toEqual(choice);
  });

  it.each([
    ['claude-code', 'ANTHROPIC_API_KEY'],
    ['codex', 'OPENAI_API_KEY'],
    ['opencode', 'ANTHROPIC_API_KEY'],
    ['pi', 'ANTHROPIC_API_KEY'],
  ])('%s asks a real one with %s', (agent, variable) => {
    const live = { agent, model: 'live' };
    expect(chooseAgent(live, { [variable]: ' a-key\n' })?.liveKey).toBe('a-key');
    for (const env of [{}, { [variable]: ' ' }, { OTHER_API_KEY: 'a-key' }])
      expect(() => chooseAgent(live, env)).toThrow(variable);
  });

  it.each([
    [{ agent: 'claude' }, 'no agent claude: name one of linters, claude-code'],
    [{ agent: 'pi', model: 'gpt' }, '--model takes scripted or live, and not gpt'],
    [{ model: 'live' }, '--model goes with an agent'],
    [{ agent: 'linters', model: 'live' }, '--model goes with an agent'],
  ])('refuses %j', (asked, reason) => {
    expect(() => chooseAgent(asked, {})).toThrow(reason);
  });

  it('has no script for a repository of one’s own', async () => {
    const own = ['--repo', '.', '--base', 'HEAD', '--head', 'HEAD'];
    await expect(readOptions(['--agent', 'pi', ...own], {})).rejects.toThrow('the sample alone');
  });
});
