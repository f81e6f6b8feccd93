// Takes secrets out of any text before it can reach a log, an error or a card.

const PATTERNS: RegExp[] = [
  // Installation tokens have been up to 520 characters long, with dots, since 2026: no length is assumed.
  /\bgh[a-z]_[A-Za-z0-9._-]{8,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{8,}/g,
  // A JSON web token, whole or cut off.
  /eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*/g,
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
  /\b(?:bearer|basic|token)\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  // The signature of a storage link.
  /\b(?:sig|signature|token|access_token|jwt)=[^&\s"']{8,}/gi,
]

const HIDDEN = '[secret]'
const LONGEST_READ = 8_000

export type Redact = (text: string, longest?: number) => string

/**
 * Makes the function that hides secrets: everything of a known form, and these secrets literally (each of their
 * lines, so that a private key without its frame is found too). The answer is at most `longest` characters long.
 */
export function createRedact(secrets: string[] = []): Redact {
  const lines = secrets.flatMap((secret) => secret.split(/\r?\n|\\n/)).filter((line) => line.trim().length >= 16)
  return (text, longest = 500) => {
    let safe = text.slice(0, LONGEST_READ)
    for (const pattern of PATTERNS) safe = safe.replace(pattern, HIDDEN)
    for (const line of lines) safe = safe.replaceAll(line.trim(), HIDDEN)
    return safe.length > longest ? `${safe.slice(0, longest - 1)}…` : safe
  }
}
