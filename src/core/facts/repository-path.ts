// A path inside a repository, as people may write it and as Git spells it.

/**
 * The path as Git spells it (`./prompts//answer.md` is `prompts/answer.md`), or null where it is none: absolute, with
 * `..`, a backslash or a control character, empty, or longer than 512 characters.
 */
export function repositoryPath(text: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
  if (text.length > 512 || text.startsWith('/') || /[\\\u0000-\u001f\u007f-\u009f]/.test(text) || !text.isWellFormed())
    return null
  const parts = text.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.length === 0 || parts.includes('..') || text !== text.trim()) return null
  return parts.join('/')
}
