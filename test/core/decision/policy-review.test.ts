// The words of the check run `andon / policy`, and what makes it fail.
import { describe, expect, it } from 'vitest'
import { policyReviewWords } from '../../../src/core/decision/explain/policy-review.ts'
import { summarizeReplay } from '../../../src/core/decision/replay-summary.ts'
import type { PolicySource } from '../../../src/core/policy/inherit.ts'
import { reviewOrganization, reviewRepository } from '../../../src/core/policy/review.ts'

const file = (text: string, repository = 'acme/bot'): PolicySource => ({ repository, path: '.github/andon.yml', text })
const central = (text: string) => file(text, 'acme/.github')

const GATES = 'gates:\n  docs: { kind: files, paths: [README.md] }\n'
const COLUMNS = 'board: { project: 1 }\ncolumns:\n  - name: Backlog\n  - name: Staging\n    enter: [docs]\n'
const WHOLE = `version: 1\n${COLUMNS}${GATES}`

describe('of a repository', () => {
  it('says what changes and that nothing is in force yet', () => {
    const review = reviewRepository(null, { before: file(WHOLE), after: file(WHOLE.replace('[docs]', '[]')) })
    const replay = review.policy && summarizeReplay([], review.policy)
    expect(policyReviewWords('acme/bot', review, replay)).toEqual({
      conclusion: 'success',
      title: '1 change (1 looser)',
      summary: [
        '**What changes**\n\n- **`Staging`** no longer asks `docs` (looser)',
        '⚠️ 1 warning, each marked on its line.',
        '**Replay**\n\nThe record holds no decided move of this board yet.',
        'Nothing of this is in force yet: only the default branch counts.',
      ].join('\n\n'),
      text: '',
      annotations: [
        {
          path: '.github/andon.yml',
          line: 8,
          level: 'warning',
          title: 'andon / policy',
          message: 'No column asks for the gate `docs`. Name it in `enter` or `leave` of a column.',
        },
      ],
    })
  })

  it('marks problems of its own file on their lines, and names those of the organization’s', () => {
    const under = central('version: 1\ngates:\n  other: { kind: nonsense }\n')
    const review = reviewRepository(under, { before: file(WHOLE), after: file(WHOLE.replace('enter', 'entr')) })
    const { conclusion, summary, annotations } = policyReviewWords('acme/bot', review, null)
    expect(conclusion).toBe('failure')
    expect(annotations.map(({ line, message }) => [line, message])).toEqual([
      [6, '`entr` is not known here. Did you mean `enter`?'],
    ])
    expect(summary).toContain('In other files:\n\n- acme/\\.github/\\.github/andon\\.yml, line 3, column 18: ')
  })

  it('compares with nothing where what is in force cannot be read', () => {
    const review = reviewRepository(null, { before: file('nonsense'), after: file(WHOLE) })
    expect(review).toMatchObject({ problems: [], differences: [] })
  })

  it('is short enough for GitHub whatever it holds', () => {
    const many = (count: number) =>
      WHOLE.replace('enter: [docs]', `enter: [${Array.from({ length: count }, (_, at) => `gate-${at}`).join(', ')}]`) +
      Array.from({ length: count }, (_, at) => `  gate-${at}: { kind: manifest }\n`).join('')
    const review = reviewRepository(null, { before: file(WHOLE), after: file(many(50)) })
    const broken = reviewRepository(null, {
      before: null,
      after: file(`${WHOLE}${'  x: { kind: y }\n'.repeat(3_000)}`),
    })
    for (const each of [review, broken]) {
      const words = policyReviewWords('acme/bot', each, null)
      expect(words.summary.length).toBeLessThan(65_535)
      expect(words.annotations.length).toBeLessThanOrEqual(500)
    }
    expect(policyReviewWords('acme/bot', review, null).summary).toMatch(/- and \d+ more\n/)
  })
})

describe('of an organization', () => {
  const part = central(`version: 1\n${GATES}`)
  const repository = file(`version: 1\n${COLUMNS}`)

  it('may be a part that repositories complete, and tells the changes there', () => {
    const stricter = central(part.text.replace('README.md', 'README.md, SAFETY.md'))
    const review = reviewOrganization({ before: part, after: stricter }, [
      repository,
      file(repository.text, 'acme/other'),
    ])
    const { conclusion, summary } = policyReviewWords('acme/.github', review, null)
    expect(conclusion).toBe('success')
    expect(summary).toContain('**What changes**\n\n- **`Staging`**: `docs`: paths gains `SAFETY.md` (stricter)\n\n')
    expect(summary).toContain('2 repositories have a policy of their own on top of this one.')
  })

  it('fails where a repository’s policy could no longer be read', () => {
    const review = reviewOrganization({ before: part, after: central('version: 1\n') }, [repository])
    expect(policyReviewWords('acme/.github', review, null)).toMatchObject({
      conclusion: 'failure',
      title: 'The policy of one repository could no longer be read',
    })
  })

  it('does not blame this change for a repository that could not be read before', () => {
    const review = reviewOrganization({ before: part, after: part }, [file('nonsense')])
    expect(policyReviewWords('acme/.github', review, null)).toMatchObject({ conclusion: 'neutral' })
  })
})
