// One test's place on the server that all tests share: names nobody else uses, and the clients that it opened.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

export const origin = process.env.ROLLCALL_ORIGIN;
if (!origin) throw new Error('ROLLCALL_ORIGIN is not set (expected: host:port of a Rollcall server)');

// Long enough for a slow machine; a test that passes never waits for it.
const PATIENCE_MS = 15_000;

const run = randomBytes(4).toString('hex');
let stages = 0;

export class Stage {
  #suffix = `${run}-${++stages}`;
  #keyset = run;
  #openClient;
  #clients = [];

  constructor(openClient) {
    this.#openClient = openClient;
  }

  /** Gives this test a keyset of its own, for what concerns a whole keyset. Call it before opening clients. */
  useOwnKeyset() {
    this.#keyset = this.#suffix;
  }

  /** Returns a name that begins with `label` and belongs to this test alone. */
  name(label) {
    return `${label}-${this.#suffix}`;
  }

  /** Opens a client of the user `label`; a second one of the same label is another device of that user. */
  client(label, settings = {}) {
    const client = this.#openClient({
      origin,
      subscribeKey: `sub-${this.#keyset}`,
      publishKey: `pub-${this.#keyset}`,
      userId: this.name(label),
      ...settings,
    });
    this.#clients.push(client);
    return client;
  }

  /** Ends all clients; fails if an SDK reported an error meanwhile. */
  close() {
    const problems = this.#clients.flatMap((client) => client.heard.problems);
    for (const client of this.#clients) client.close();
    assert.deepEqual(problems, [], 'errors that the SDK reported');
  }
}

/** Runs `body` with a stage of its own and ends the stage's clients whatever happens. */
export async function onStage(openClient, body) {
  const stage = new Stage(openClient);
  try {
    await body(stage);
  } catch (failure) {
    try {
      stage.close();
    } catch (problems) {
      failure.message += `\n${problems.message}`;
    }
    throw failure;
  }
  stage.close();
}

/** Waits until `expectation` stops throwing, and throws what it threw last if it never does. */
export async function eventually(expectation, patienceMs = PATIENCE_MS) {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await expectation();
    } catch (failure) {
      if (performance.now() >= deadline) throw failure;
    }
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

/** Returns the line of a timeline that tells of `action` by the user of `client`. */
export function line(action, client, occupancy) {
  return `${action} ${client.userId} ${occupancy}`;
}

/** Compares lists whose order means nothing. */
export function sameMembers(actual, expected) {
  assert.deepEqual([...actual].sort(), [...expected].sort());
}
