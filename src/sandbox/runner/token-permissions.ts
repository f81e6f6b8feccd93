// What a job's GITHUB_TOKEN may do: as the workflow's `permissions` say, else no more than read.
import type { Permissions } from '../world/app.ts'

const ALL = [
  'actions',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'issues',
  'packages',
  'pages',
  'pull_requests',
  'statuses',
]

/** `permissions` as it stands in the file: null, `read-all`, `write-all`, or a mapping in which what is not named is none. */
export function tokenPermissions(permissions: unknown): Permissions {
  const metadata = { metadata: 'read' } as const
  if (permissions === 'write-all') return { ...metadata, ...every('write') }
  if (permissions === 'read-all') return { ...metadata, ...every('read') }
  if (typeof permissions !== 'object' || permissions === null)
    return { ...metadata, contents: 'read', packages: 'read' }
  const named = Object.entries(permissions).filter(
    ([name, level]) => name !== 'id-token' && (level === 'read' || level === 'write'),
  )
  return { ...metadata, ...Object.fromEntries(named.map(([name, level]) => [name.replaceAll('-', '_'), level])) }
}

function every(level: 'read' | 'write'): Permissions {
  return Object.fromEntries(ALL.map((name) => [name, level]))
}
