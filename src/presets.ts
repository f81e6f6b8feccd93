// The presets that come with Andon: folders of files as a repository holds them, each with a page that is not copied.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

/** Found from here, so that an installed package finds its own. */
const FOLDER = fileURLToPath(new URL('../policies/', import.meta.url))
export const POLICY_PATH = '.github/andon.yml'
export const LABELS_PATH = '.github/labels.yml'
/** Tells people of the preset; it is no part of their repository. */
const PAGE = 'README.md'
/** The version that is shipped of every preset; a later one that asks for less or more bears another number. */
const VERSION = 1

export type PresetFile = { path: string; text: string }

/** Their names: the folders' own. */
export function presetNames(): string[] {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.map(({ name }) => name).sort()
}

/** What a preset writes, by path from the repository's top: its own files over those of the preset it extends. */
export function readPreset(name: string): PresetFile[] {
  const own = ownFiles(name)
  const base = extendedBy(own)
  const under = base === null ? [] : readPreset(base)
  const inherited = under.filter(({ path }) => own.every((file) => file.path !== path))
  return [...own, ...inherited].sort((a, b) => (a.path < b.path ? -1 : 1))
}

function extendedBy(files: PresetFile[]): string | null {
  const policy = parse(files.find(({ path }) => path === POLICY_PATH)?.text ?? '') as { extends?: string } | null
  return /^andon\/(.+)@\d+$/.exec(policy?.extends ?? '')?.[1] ?? null
}

function ownFiles(name: string): PresetFile[] {
  const root = join(FOLDER, name)
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(root, file).replaceAll(sep, '/'), text: readFileSync(file, 'utf8') }))
    .filter(({ path }) => path !== PAGE)
}

/** The policies that others may extend, by name and version, as in `andon/regulated@1`. */
export function readPresets(): Record<string, string> {
  return Object.fromEntries(
    presetNames().map((name) => [`andon/${name}@${VERSION}`, readFileSync(join(FOLDER, name, POLICY_PATH), 'utf8')]),
  )
}
