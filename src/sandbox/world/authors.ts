// Who wrote a commit: its author and those named by `Co-authored-by` trailers, with the accounts GitHub knows for them.
import type { Person } from './account.ts'
import type { Commit } from './git.ts'
import type { World } from './world.ts'

export type CommitAuthor = { name: string; email: string; at: string; person: Person | null }

/** The account with that e-mail address; null where GitHub knows none. */
export function personByEmail(world: World, email: string): Person | null {
  const wanted = email.toLowerCase()
  for (const person of world.people.values()) if (person.email.toLowerCase() === wanted) return person
  return null
}

/** Author first, then co-authors in the order of the trailers. */
export function authorsOf(world: World, commit: Commit): CommitAuthor[] {
  const authors = [{ ...commit.author, person: personByEmail(world, commit.author.email) }]
  for (const [, name, email] of commit.message.matchAll(
    /^co-authored-by:[ \t]*([^<\n]+?)[ \t]*<([^>\n]+)>[ \t]*$/gim,
  )) {
    if (name && email) authors.push({ name, email, at: commit.author.at, person: personByEmail(world, email) })
  }
  return authors
}
