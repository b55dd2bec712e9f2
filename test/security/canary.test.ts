import { beforeAll, describe, expect, test } from 'vitest';
import { canaryVariable, modelKeyVariable } from '../../src/protocol/agent-environment.ts';
import { probeImage } from '../support/sandbox/probe-image.ts';
import { runProbe } from '../support/sandbox/run-probe.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';

let image: string;
beforeAll(async () => {
  image = await probeImage();
});

const canary = `dk${'0123456789'.repeat(4)}`;

describe.each(runtimes)('the canary under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test('is in the environment of the agent and its children, and in no file of the task', async () => {
      const program = `
        say(process.env.${canaryVariable});
        say(childProcess.spawnSync('/bin/sh', ['-c', 'echo $${canaryVariable}'], { encoding: 'utf8' }).stdout.trim());
        say(fs.readdirSync('/task').filter((name) => fs.readFileSync('/task/' + name, 'utf8').includes(process.env.${canaryVariable})));
      `;
      const { said } = await runProbe({ image, runtime, program, canary });
      expect(said).toEqual([canary, canary, []]);
    });

    test('stands beside a key for models and a budget, each in its place alone', async () => {
      const program = `
        say([process.env.${canaryVariable}, process.env.${modelKeyVariable}]);
        say(JSON.parse(fs.readFileSync('/task/budget.json', 'utf8')));
        say(attempt(() => fs.writeFileSync('/task/budget.json', '{}')));
        say(fs.readdirSync('/task').filter((name) => fs.readFileSync('/task/' + name, 'utf8').includes(process.env.${modelKeyVariable})));
      `;
      const budget = { tokens: 5, costMicroUsd: null, requests: null };
      const beside = { modelKey: 'sk-test-0123456789', budget };
      const { said } = await runProbe({ image, runtime, program, canary, beside });
      expect(said).toEqual([[canary, beside.modelKey], budget, 'EACCES', []]);
    });

    test('is not there where none is planted', async () => {
      const program = `say([process.env.${canaryVariable} ?? null, process.env.${modelKeyVariable} ?? null, fs.existsSync('/task/budget.json')]);`;
      const { said } = await runProbe({ image, runtime, program });
      expect(said).toEqual([[null, null, false]]);
    });
  });
});
