// Who may see the pages: only this machine, and a browser that loads nothing foreign.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/port.ts'
import { type Recorded, recordedLedger } from '../support/recorded-moves.ts'
import { type Visitor, visiting } from './visit.ts'

let ledger: Ledger
let moves: Recorded
beforeAll(async () => {
  ;({ ledger, moves } = await recordedLedger())
})
afterAll(() => ledger.close())

describe('the pages', () => {
  it('are shown to this machine, by any of its own names', async () => {
    const visit = visiting(ledger)
    for (const host of ['127.0.0.1:3000', 'localhost:3000', 'LOCALHOST', '[::1]:3000', '127.1.2.3'])
      expect([host, (await visit('/', { host })).status]).toEqual([host, 200])
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
      expect([address, (await visit('/', { address })).status]).toEqual([address, 200])
  })

  const refused: [string, Visitor][] = [
    ['a name that only points here (DNS rebinding)', { host: 'evil.example' }],
    ['a name that begins like ours', { host: '127.0.0.1.evil.example' }],
    ['a name that ends like ours', { host: 'evil.localhost.example:3000' }],
    ['a name with a user before it', { host: 'localhost@evil.example' }],
    ['no name', { host: null }],
    ['another machine that says it is here', { address: '10.0.0.7', host: 'localhost' }],
    ['another machine over IPv6', { address: '::ffff:10.0.0.7' }],
    ['a socket that is not known', { address: '' }],
    ['a relay', { headers: { 'x-forwarded-for': '127.0.0.1' } }],
    ['a relay that keeps to the standard', { headers: { forwarded: 'for=127.0.0.1' } }],
  ]
  it.each(refused)('are refused to %s', async (_, visitor) => {
    const visit = visiting(ledger)
    for (const path of ['/', '/search', `/moves/${moves.refused.id}`, '/style.css', '/nowhere']) {
      const { status, text } = await visit(path, visitor)
      expect([path, status]).toEqual([path, 403])
      expect(text).toMatch(
        /^Andon's pages are shown only on the machine that Andon runs on, because there is no sign-in/,
      )
      expect(text).not.toContain('Support bot')
    }
  })

  it('are refused to everybody where the server also listens elsewhere', async () => {
    for (const host of ['0.0.0.0', '::', '10.0.0.1', 'andon.example'])
      expect([host, (await visiting(ledger, { host })('/')).status]).toEqual([host, 403])
    for (const host of ['localhost', '::1', '127.0.0.1'])
      expect([host, (await visiting(ledger, { host })('/')).status]).toEqual([host, 200])
  })

  it('let a browser run nothing, load nothing foreign, and stand in no frame', async () => {
    for (const path of ['/', '/nowhere', '/style.css', '/healthz']) {
      const { headers, text } = await visiting(ledger)(path)
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      )
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(text).not.toMatch(/<script|\sstyle=|\son\w+=|(src|href)="(https?:)?\/\/(?!github\.example)/)
    }
    expect((await visiting(ledger)('/')).headers.get('cache-control')).toBe('no-store')
  })

  it('only read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await visiting(ledger)('/', { method })).status).toBe(404)
  })
})
