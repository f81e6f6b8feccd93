// Starts a throw-away PostgreSQL from the machine's own binaries, for one test file.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

export type Postgres = {
  /** The address of a database without tables that nobody else uses. Several processes may share it. */
  freshUrl(): Promise<string>
  stop(): Promise<void>
}

const DEBIAN = '/usr/lib/postgresql'
const OLDEST = 14

/** The folder of `initdb` and `postgres`; null where this machine has none (or one older than we support). */
export function findPostgres(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).filter((version) => Number(version) >= OLDEST) : []
  const debian = versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(DEBIAN, version, 'bin'))
  const folders = [...debian, ...(process.env.PATH ?? '').split(':'), '/opt/homebrew/bin', '/usr/local/pgsql/bin']
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ?? null
}

/** Starts a server that listens on a socket in a temporary folder, and on no port. `durable`: as in earnest, to measure. */
export async function startPostgres({ durable = false } = {}): Promise<Postgres> {
  const binaries = findPostgres()
  if (!binaries) throw new Error('No PostgreSQL was found on this machine.')
  const folder = mkdtempSync(join(tmpdir(), 'andon-pg-'))
  const user = ordinaryUser()
  if (user) chownSync(folder, user.uid, user.gid)

  const data = join(folder, 'data')
  const options = ['-D', data, '-U', 'andon', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  execFileSync(join(binaries, 'initdb'), options, { ...user, cwd: folder, stdio: 'pipe' })
  // What does not outlive the test need not reach the disk.
  const settings = ['max_connections=200', ...(durable ? [] : ['fsync=off', 'full_page_writes=off'])]
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, '-k', folder, '-h', '', ...settings.flatMap((setting) => ['-c', setting])],
    {
      ...user,
      cwd: folder,
      stdio: 'ignore',
    },
  )
  const endWithUs = () => server.kill('SIGQUIT')
  process.once('exit', endWithUs)

  const url = `postgres://andon@localhost/postgres?host=${encodeURIComponent(folder)}`
  await untilReady(url, server)
  let count = 0
  return {
    async freshUrl() {
      count += 1
      const schema = `test_${count}`
      await query(url, `create schema ${schema}`)
      return `${url}&options=${encodeURIComponent(`-c search_path=${schema}`)}`
    },
    async stop() {
      process.removeListener('exit', endWithUs)
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

/** PostgreSQL refuses to run as root. */
function ordinaryUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: 'pipe' }).toString())
      return { uid: id('-u'), gid: id('-g') }
    } catch {}
  }
  throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it.')
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    try {
      await query(url, 'select 1')
      return
    } catch (error) {
      if (server.exitCode !== null) throw new Error(`PostgreSQL ended with ${server.exitCode}.`, { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
