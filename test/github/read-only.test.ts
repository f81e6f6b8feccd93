// What only looks at GitHub has no way to write there, whatever it is told.
import { expect, it } from 'vitest'
import { readOnly } from '../../src/github/read-only.ts'
import type { Wire } from '../../src/github/wire.ts'

function line() {
  const sent: string[] = []
  const wire: Wire = {
    query: async ({ document }) => ({ data: { sent: sent.push(document) }, errors: [] }),
    mutate: async ({ document }) => ({ data: { sent: sent.push(document) }, errors: [] }),
    rest: async ({ route }) => ({ status: 200, data: sent.push(route), headers: {} }),
  }
  return { wire: readOnly(wire), sent }
}

it('lets queries and GETs through', async () => {
  const { wire, sent } = line()
  await wire.query({ document: '\nquery A { viewer { login } }', variables: {}, urgency: 'read' })
  await wire.rest({ route: 'GET /repos/acme/bot', urgency: 'read' })
  expect(sent).toHaveLength(2)
})

it.each([
  ['a mutation', (wire: Wire) => wire.mutate({ document: 'mutation { x }', variables: {}, urgency: 'read' })],
  [
    'a mutation sent as a query',
    (wire: Wire) => wire.query({ document: ' mutation { x }', variables: {}, urgency: 'read' }),
  ],
  [
    'a dispatch',
    (wire: Wire) => wire.rest({ route: 'POST /repos/acme/bot/actions/workflows/x/dispatches', urgency: 'read' }),
  ],
  ['a change', (wire: Wire) => wire.rest({ route: 'PATCH /repos/acme/bot/issues/1', urgency: 'read' })],
])('%s is not even sent', async (_, write) => {
  const { wire, sent } = line()
  await expect(write(wire)).rejects.toThrow('This line to GitHub is for reading only.')
  expect(sent).toEqual([])
})
