// Plays what the package `pubnub` 3.16 can:
//   ROLLCALL_ORIGIN=127.0.0.1:8090 node --test pubnub-3.test.mjs

import { describe, it } from 'node:test';
import { LegacyClient } from './scenarios/legacy-client.mjs';
import { legacyScenarios } from './scenarios/legacy.mjs';
import { onStage } from './scenarios/stage.mjs';

describe('pubnub-3', { concurrency: 16 }, () => {
  for (const [name, scenario] of Object.entries(legacyScenarios)) {
    it(name, () => onStage((settings) => new LegacyClient(settings), scenario));
  }
});
