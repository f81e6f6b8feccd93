// Reads the example's changes: each a YAML file with what somebody proposes, and the description they gave it.
import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

const changeSchema = z.strictObject({
  title: z.string(),
  body: z.string(),
  author: z.string(),
  column: z.string(),
  labels: z.array(z.string()).default([]),
  /** Given: a pull request from that branch; else an issue. */
  branch: z.string().optional(),
  /** Path to new content: a text, or what is written as JSON. */
  files: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.unknown())])).default({}),
})

/** `name` is the file's own, without its ending; `files` maps paths to texts. */
export type ExampleChange = Omit<z.infer<typeof changeSchema>, 'files'> & {
  name: string
  files: Record<string, string>
}

/** All changes of a folder, in the order of their names. */
export function readChanges(folder: URL): ExampleChange[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const { files, ...change } = changeSchema.parse(parse(readFileSync(new URL(name, folder), 'utf8')))
      const texts = Object.entries(files).map(([path, content]) => [
        path,
        typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`,
      ])
      return { ...change, name: name.replace(/\.yml$/, ''), files: Object.fromEntries(texts) }
    })
}
