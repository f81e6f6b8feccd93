// What the documents show must work: policies are parsed, links lead somewhere, commands exist.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findManifest, parseManifest } from '../src/core/facts/manifest.ts'
import { parsePolicy } from '../src/core/policy/parse.ts'

const documents = [
  ...globSync('*.md'),
  ...globSync('docs/**/*.md'),
  ...globSync('.github/*.md'),
  ...globSync('action/**/*.md'),
].filter((path) => !path.includes('node_modules'))

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^\\1\`\`\``, 'gm'))].map(
    (match) => match[2] ?? '',
  )
}

describe.each(documents)('%s', (path) => {
  const text = readFileSync(path, 'utf8')

  it('links only to files that are there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? '')
    const missing = links.filter((link) => !existsSync(join(dirname(path), link)))
    expect(missing).toEqual([])
  })

  it('shows whole policies that can be used', () => {
    for (const block of blocks(text, 'yaml').filter((each) => /^version: 1$/m.test(each))) {
      expect(parsePolicy(block, path)).toMatchObject({ ok: true })
    }
  })

  it('shows manifests that can be read', () => {
    for (const block of blocks(text, 'andon')) {
      const found = findManifest({ pull: `\`\`\`andon\n${block}\`\`\``, issue: null, file: null })
      expect(found && parseManifest(found)).toMatchObject({ ok: true })
    }
  })

  it('names only commands that package.json and the command line have', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
    const run = [...text.matchAll(/npm run ([a-z]+)/g)].map((match) => match[1] ?? '')
    expect(run.filter((name) => !(name in scripts))).toEqual([])
    const commands = readFileSync('src/cli/main.ts', 'utf8')
    const andon = [...text.matchAll(/(?:npx |`)andon (?!-)([a-z]+)\b(?=[^/\n]*`)/g)].map((match) => match[1] ?? '')
    expect(andon.filter((name) => !new RegExp(`^  ${name}: \\{`, 'm').test(commands))).toEqual([])
  })
})
