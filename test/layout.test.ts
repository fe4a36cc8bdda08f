import { fileURLToPath } from 'node:url';
import { it } from 'vitest';
import { holds, type House } from './support/houses.ts';
import * as rules from './support/layout-rules.ts';
import { readSources } from './support/sources.ts';

// Without this file, which holds an example of everything that is not allowed.
const sources = readSources(fileURLToPath(new URL('../', import.meta.url))).filter(
  ({ path }) => path !== 'test/layout.test.ts',
);

const houses: House[] = [
  {
    title: 'a test that replaces a module or the time of the process is in a file *.isolated.test.ts',
    rule: rules.whatFakesModulesOrTimeIsIsolated,
    broken: {
      'strategies/pin/pins.test.ts': `vi.mock('./pin.ts');\nvi.mocked(pins.find);\nvi.spyOn(pins, 'find');`,
      'strategies/pin/late.test.ts': `vi.useFakeTimers();\nvi.spyOn(Date, 'now');`,
      'strategies/pin/later.isolated.test.ts': 'vi.useFakeTimers();',
    },
    findings: [
      `strategies/pin/pins.test.ts:1 vi.mock('./pin.ts');`,
      'strategies/pin/late.test.ts:1 vi.useFakeTimers();',
      `strategies/pin/late.test.ts:2 vi.spyOn(Date, 'now');`,
    ],
  },
  {
    title: 'a strategy is one whole folder',
    rule: rules.foldersAreWhole,
    broken: {
      'strategies/pin/index.ts': '',
      'strategies/pin/client.ts': '',
      'strategies/pin/pin.module.ts': '',
      'strategies/shared/clock.ts': '',
    },
    findings: ['strategies/pin/pin.authenticator.ts is missing', 'strategies/pin/README.md is missing'],
  },
  {
    title: 'a client takes nothing but types from its server half',
    rule: rules.clientsTakeTypesFromTheServer,
    broken: {
      'strategies/pin/client.ts': [
        `import { post } from '../shared/client/http-client.ts';`,
        `import type { Pin } from './pin.authenticator.ts';`,
        `import { type Pins, pins } from './pins.ts';`,
        `import { TokenService } from '../shared/tokens/token-service.ts';`,
      ].join('\n'),
    },
    findings: [
      'strategies/pin/client.ts imports strategies/pin/pins.ts',
      'strategies/pin/client.ts imports strategies/shared/tokens/token-service.ts',
    ],
  },
  {
    title: 'a client runs in a browser, with all that it loads',
    rule: rules.clientsRunInABrowser,
    broken: {
      'strategies/pin/client.ts': `import { post } from '../shared/client/pin-client.ts';\nimport { io } from 'socket.io-client';`,
      'strategies/shared/client/pin-client.ts': `import {\n  type Pin,\n} from './pins.ts';\nimport type { Request } from 'express';`,
      'strategies/shared/client/pins.ts': `import { Injectable } from '@nestjs/common';\nexport { hash } from 'node:crypto';`,
      'peers/pin/client.ts': `import { sign } from 'jsonwebtoken';`,
    },
    findings: [
      'peers/pin/client.ts imports jsonwebtoken',
      'strategies/shared/client/pins.ts imports @nestjs/common',
      'strategies/shared/client/pins.ts imports node:crypto',
    ],
  },
  {
    title: 'gateways know the contract and what all strategies share with them, and no strategy',
    rule: rules.gatewaysKnowNoStrategy,
    broken: {
      'gateways/chat.gateway.ts': [
        `import { Inject } from '@nestjs/common';`,
        `import type { Strategy } from '../strategies/strategy.ts';`,
        `import { systemClock } from '../strategies/shared/clock.ts';`,
        `import { memoryStores } from '../strategies/shared/stores/memory/index.ts';`,
        `import type { KeyRing } from '../strategies/shared/tokens/key-ring.ts';`,
        `import { redisStores } from '../strategies/shared/stores/redis/index.ts';`,
        `const pin = await import('../strategies/pin/index.ts');`,
      ].join('\n'),
    },
    findings: [
      'gateways/chat.gateway.ts imports strategies/shared/tokens/key-ring.ts',
      'gateways/chat.gateway.ts imports strategies/shared/stores/redis/index.ts',
      'gateways/chat.gateway.ts imports strategies/pin/index.ts',
    ],
  },
  {
    title: 'a strategy knows the contract and what is shared, and no other',
    rule: rules.strategiesKnowNoOther,
    broken: {
      'strategies/pin/index.ts': `import { PinModule } from './pin.module.ts';\nimport card from '../card/index.ts';`,
      'strategies/pin/pin.module.ts': `import { Connections } from '../../gateways/connections.ts';`,
      'strategies/pin/pin.test.ts': `import { startApp } from '../../harness/app.ts';`,
      'strategies/shared/clock.ts': `import type { Strategy } from '../strategy.ts';\nimport pin from '../pin/index.ts';`,
    },
    findings: [
      'strategies/pin/index.ts imports strategies/card/index.ts',
      'strategies/pin/pin.module.ts imports gateways/connections.ts',
      'strategies/shared/clock.ts imports strategies/pin/index.ts',
    ],
  },
  {
    title: 'a peer knows the contract and what is shared, and no other',
    rule: rules.peersKnowNoOther,
    broken: {
      'peers/registry.ts': `import { folderRegistry } from '../strategies/shared/folder-registry.ts';`,
      'peers/pin/index.ts': [
        `import { login } from '../shared/login.module.ts';`,
        `import type { Peer } from '../peer.ts';`,
        `import { Pin } from './pin.ts';`,
        `import card from '../card/index.ts';`,
        `import pin from '../../strategies/pin/index.ts';`,
      ].join('\n'),
      'peers/shared/chat.ts': [
        `import { ChatService } from '../../gateways/example/chat.service.ts';`,
        `import { AuthAdapter } from '../../gateways/auth.adapter.ts';`,
      ].join('\n'),
      'peers/peers.test.ts': `import { startApp } from '../harness/app/app.ts';`,
    },
    findings: [
      'peers/pin/index.ts imports peers/card/index.ts',
      'peers/pin/index.ts imports strategies/pin/index.ts',
      'peers/shared/chat.ts imports gateways/auth.adapter.ts',
    ],
  },
  {
    title: 'no strategy is singled out by its id',
    rule: rules.noStrategyIsSingledOut,
    broken: {
      'strategies/pin/index.ts': `export default defineStrategy({ id: 'pin' });`,
      'strategies/shared/e.ts': `if (id === 'pin') {}`,
      'bench/a.ts': `if (id !== 'pin') {}`,
      'gateways/b.ts': `switch (id) { case 'pin': }`,
      'harness/c.ts': `const known = strategy.id === wanted;`,
      'scripts/d.ts': `items.find((item) => item.id === id)`,
      'claims/f.ts': `if (['pin', 'card'].includes(id)) {}`,
    },
    findings: [
      `strategies/shared/e.ts:1 if (id === 'pin') {}`,
      `bench/a.ts:1 if (id !== 'pin') {}`,
      `gateways/b.ts:1 switch (id) { case 'pin': }`,
      'harness/c.ts:1 const known = strategy.id === wanted;',
      `claims/f.ts:1 if (['pin', 'card'].includes(id)) {}`,
    ],
  },
  {
    title: 'no source file is longer than 250 lines',
    rule: rules.filesAreShort,
    broken: { 'bench/long.ts': '//\n'.repeat(251), 'bench/short.ts': '//\n'.repeat(250) },
    findings: ['bench/long.ts is longer than 250 lines'],
  },
  {
    title: 'nothing is left for later',
    rule: rules.nothingIsLeftForLater,
    broken: {
      'bench/a.ts': '\n// TODO: later',
      'bench/b.js': '// XXX',
      'bench/c.ts': '// todo: later\nconst todo = [];',
    },
    findings: ['bench/a.ts:2 // TODO: later', 'bench/b.js:1 // XXX', 'bench/c.ts:1 // todo: later'],
  },
  {
    title: 'no path is that of one machine',
    rule: rules.noPathIsOfOneMachine,
    broken: { 'README.md': 'See /home/someone/app\nSee https://example.org/home/page' },
    findings: ['README.md:1 See /home/someone/app'],
  },
];

holds(houses, sources);

it('reads the repository', ({ expect }) => {
  expect(rules.strategyIds(sources)).toEqual(expect.arrayContaining(['_no-auth', '_template-jwt', 'handshake-only']));
});
