// A line to GitHub on which nothing can be written, for what only looks.
import type { Wire } from './wire.ts'

/** What is not a read ends here, before anything is sent. */
export function readOnly(wire: Wire): Wire {
  const refuse = async (): Promise<never> => {
    throw new Error('This line to GitHub is for reading only.')
  }
  return {
    query: (request) => (/^\s*query\b/.test(request.document) ? wire.query(request) : refuse()),
    mutate: refuse,
    rest: (request) => (request.route.startsWith('GET ') ? wire.rest(request) : refuse()),
  }
}
