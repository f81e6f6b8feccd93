// Makes promptfoo results of any shape for the tests, as version 3 writes them.

export type RowWish = Record<string, unknown>

/** A passing result of case `name`, with `changes` laid over it. */
export function row(name: string, changes: RowWish = {}): RowWish {
  return {
    success: true,
    failureReason: 0,
    score: 1,
    latencyMs: 100,
    namedScores: {},
    promptIdx: 0,
    testIdx: 0,
    promptId: 'aaaaaaaabbbbbbbb',
    provider: { id: 'file://model.mjs', label: 'model' },
    testCase: { description: name, vars: { question: name }, assert: [{ type: 'equals', value: 'yes' }] },
    response: { output: 'yes', cached: false, cost: 0.001 },
    gradingResult: { pass: true, score: 1 },
    ...changes,
  }
}

/** A result whose answer was wrong. */
export function failed(name: string, changes: RowWish = {}): RowWish {
  return row(name, { success: false, failureReason: 1, score: 0, error: 'Expected yes', ...changes })
}

/** A result that could not be measured. */
export function errored(name: string, changes: RowWish = {}): RowWish {
  return row(name, {
    success: false,
    failureReason: 2,
    score: 0,
    error: 'timeout',
    gradingResult: null,
    latencyMs: 0,
    response: {},
    ...changes,
  })
}

export function promptfoo(rows: RowWish[], changes: RowWish = {}): RowWish {
  return {
    evalId: 'eval-abc-2026-11-22T10:00:00',
    results: { version: 3, timestamp: '2026-11-22T10:00:00.000Z', prompts: [], results: rows, ...changes },
    config: { description: 'golden' },
    metadata: { promptfooVersion: '0.123.1' },
  }
}

export function bytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
}
