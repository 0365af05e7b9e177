// Plays the scenarios through the package `pubnub` from version 7 on:
//   ROLLCALL_ORIGIN=127.0.0.1:8090 SDK=pubnub-12 node --test pubnub.test.mjs

import { describe, it } from 'node:test';
import { Client } from './scenarios/client.mjs';
import { groupScenarios, wildcardScenarios } from './scenarios/groups.mjs';
import { messageScenarios } from './scenarios/messages.mjs';
import { nameScenarios } from './scenarios/names.mjs';
import { presenceScenarios } from './scenarios/presence.mjs';
import { pagingScenarios, rosterScenarios } from './scenarios/rosters.mjs';
import { onStage } from './scenarios/stage.mjs';
import { stateScenarios } from './scenarios/states.mjs';

const all = {
  ...presenceScenarios,
  ...messageScenarios,
  ...rosterScenarios,
  ...(process.env.SDK === 'pubnub-7' ? {} : pagingScenarios),
  ...stateScenarios,
  ...groupScenarios,
  ...wildcardScenarios,
  ...nameScenarios,
};

// Tests wait far more than they work, so many run at a time.
describe(process.env.SDK, { concurrency: 16 }, () => {
  for (const [name, scenario] of Object.entries(all)) {
    it(name, () => onStage((settings) => new Client(settings), scenario));
  }
});
