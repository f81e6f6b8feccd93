// Finds the change's manifest in what its author wrote, parses it, and resolves its parts to digests.

/** Where the manifest stands and its text. `line`: the first line of the text within its source, counted from 1. */
export type ManifestText = { source: 'pull-request' | 'issue' | 'file'; text: string; line: number }
