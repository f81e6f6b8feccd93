// The parts of a manifest: what in it names something that must be known by a digest.
import { repositoryPath } from './repository-path.ts'
import { isRecord } from './shape.ts'

/** `declared` is the digest its author gives, or what stands for it in a section that is told and not stored. */
export type Entry = { key: string; section: string; name: string | null; path: string | null; declared: string | null }

const HEX_DIGITS: Record<string, number[]> = { sha1: [40], sha256: [64], sha384: [96], sha512: [128], git: [40, 64] }

/** Whether this is an algorithm and its whole value: `sha256:` and 64 hex digits. A placeholder is none. */
export function isDigest(text: string): boolean {
  const [, algorithm = '', hex = ''] = /^([a-z0-9]+):([0-9a-f]+)$/.exec(text) ?? []
  return Object.hasOwn(HEX_DIGITS, algorithm) && (HEX_DIGITS[algorithm]?.includes(hex.length) ?? false)
}

/** All parts, in the author's order. Of sections Andon does not know, those that hold a `path` or a `digest`. */
export function entriesOf(manifest: Record<string, unknown>): Entry[] {
  return Object.entries(manifest).flatMap(([section, value]) => {
    if (section === 'environment') return isRecord(value) ? [told(section, text(value.name), null)] : []
    if (section === 'rollback') return isRecord(value) ? [told(section, text(value.to), text(value.runbook))] : []
    const listed = Array.isArray(value)
    const known = ['model', 'prompts', 'datasets', 'guardrails'].includes(section)
    return (listed ? value : [value]).flatMap((part: unknown, index) => {
      if (!isRecord(part) || !(known || 'path' in part || 'digest' in part)) return []
      return [stored(listed ? `${section}[${index}]` : section, section, part)]
    })
  })
}

function stored(key: string, section: string, part: Record<string, unknown>): Entry {
  const digest = text(part.digest)
  return {
    key,
    section,
    name: text(part.name),
    path: pathOf(text(part.path)),
    declared: digest !== null && isDigest(digest) ? digest : null,
  }
}

function told(section: string, name: string | null, path: string | null): Entry {
  return { key: section, section, name, path: pathOf(path), declared: name === null ? null : `declared:${name}` }
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)
const pathOf = (path: string | null) => (path === null ? null : repositoryPath(path))
