// The app's manifest asks for what the app uses, and for nothing else.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { READERS } from '../../src/github/translate.ts'

const manifest = parse(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8'))
/** GitHub sends these to every app; a manifest cannot list them. */
const UNASKED = ['installation', 'installation_repositories']

it('listens to the events that the app can read, and to no others', () => {
  expect([...manifest.default_events, ...UNASKED].sort()).toEqual(Object.keys(READERS).sort())
})
it('sends webhooks where the app takes them, not where Probot would by itself', () => {
  expect(new URL(manifest.hook_attributes.url).pathname).toBe('/api/github/webhooks')
})
it('belongs to its owner alone, and asks for the least', () => {
  expect(manifest.public).toBe(false)
  expect(manifest.default_permissions).toEqual({
    metadata: 'read',
    contents: 'read',
    members: 'read',
    organization_projects: 'write',
    checks: 'write',
    issues: 'write',
    pull_requests: 'write',
    actions: 'write',
  })
})
