// How the sandbox says no: one error that REST turns into a status and GraphQL into a typed error.

export type RefusalCode = 'not-found' | 'forbidden' | 'invalid' | 'conflict' | 'gone'

/** `field` names the input at fault, `detail` is GitHub's short code for it (`missing_field`, `invalid`, …). */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly field: string | null
  readonly detail: string | null

  constructor(code: RefusalCode, message: string, at: { field?: string; detail?: string } = {}) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.field = at.field ?? null
    this.detail = at.detail ?? null
  }
}

/** What every installation token hears that lacks a permission. */
export const NOT_ACCESSIBLE = 'Resource not accessible by integration'
