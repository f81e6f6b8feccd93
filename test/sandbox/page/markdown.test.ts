// What people and workflows write is shown as GitHub shows it, and can do nothing but be read.
import { describe, expect, it } from 'vitest'
import { type MarkdownNode, readMarkdown, TAGS } from '../../../src/sandbox/page/markdown.ts'

/** The tree as HTML, to be read in a test; texts are set in «» where they hold what could be mistaken for markup. */
function shown(text: string): string {
  const draw = (node: MarkdownNode): string => {
    if (typeof node === 'string') return /[<>&]/.test(node) ? `«${node}»` : node
    const more = `${node.href ? ` href=${node.href}` : ''}${node.align ? ` ${node.align}` : ''}`
    return `<${node.tag}${more}>${node.children.map(draw).join('')}</${node.tag}>`
  }
  return readMarkdown(text).map(draw).join('')
}

function elements(nodes: MarkdownNode[]): Exclude<MarkdownNode, string>[] {
  return nodes.flatMap((node) => (typeof node === 'string' ? [] : [node, ...elements(node.children)]))
}

describe('what Andon writes', () => {
  it('has a marker that nobody sees, a headline, a table with numbers, steps and a footer', () => {
    const comment = `<!-- andon:card -->

### ⛔ Refused: not yet in **\`Staging\`**

| Gate | Verdict | What was found |
|---|---|---:|
| \`eval\` | ❌ fail | **\`accuracy\` 0\\.73, needs ≥ 0\\.9**<br>\\<b\\> &lt;i> [run](http://127.0.0.1:1/runs/2) |

- Improve it
- or \`/andon retry\`

<sub>change \`9ef\`</sub>`
    expect(shown(comment)).toBe(
      '<h3>⛔ Refused: not yet in <strong><code>Staging</code></strong></h3>' +
        '<table><thead><tr><th>Gate</th><th>Verdict</th><th right>What was found</th></tr></thead>' +
        '<tbody><tr><td><code>eval</code></td><td>❌ fail</td>' +
        '<td right><strong><code>accuracy</code> 0.73, needs ≥ 0.9</strong><br></br>«<»b«>» «<»«i> »<a href=http://127.0.0.1:1/runs/2>run</a></td>' +
        '</tr></tbody></table>' +
        '<ul><li>Improve it</li><li>or <code>/andon retry</code></li></ul>' +
        '<p><sub>change <code>9ef</code></sub></p>',
    )
  })

  it('keeps a fenced block as it was typed, to its end or to the end of the text', () => {
    expect(shown('```andon\nkind: *x*\n<b>\n```\nafter')).toBe('<pre><code>«kind: *x*\n<b>»</code></pre><p>after</p>')
    expect(shown('~~~\n```\n~~~')).toBe('<pre><code>```</code></pre>')
    expect(shown('```\nopen')).toBe('<pre><code>open</code></pre>')
  })

  it('breaks lines, numbers lists, quotes, and strikes out', () => {
    expect(shown('one\ntwo')).toBe('<p>one<br></br>two</p>')
    expect(shown('1. a\n2. b\n\n> q\n> - r\n\n---\n\n~~gone~~ *soft* snake_case_name')).toBe(
      '<ol><li>a</li><li>b</li></ol><blockquote><p>q</p><ul><li>r</li></ul></blockquote><hr></hr><p><del>gone</del> <em>soft</em> snake_case_name</p>',
    )
  })
})

describe('what an attacker writes', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg/onload=alert(1)>',
    '<sub onmouseover=alert(1)>x</sub>',
    '<a href="javascript:alert(1)">x</a>',
    '<!-- --><iframe src=//e.example></iframe>',
    '<br onclick=alert(1)>',
  ])('%s is text', (attack) => {
    expect(elements(readMarkdown(attack)).map(({ tag }) => tag)).toEqual(['p'])
  })

  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html,<script>)',
    '[x](vbscript:x)',
    '[x](//e.example)',
    '[x](http:javascript)',
    '[x](java\u0000script:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '![x](http://e.example/pixel.png)',
  ])('%s leads nowhere and loads nothing', (attack) => {
    expect(elements(readMarkdown(attack)).filter(({ tag }) => tag !== 'p' && tag !== 'code')).toEqual([])
  })

  it('can make no element beside the allowed ones, and no attribute beside two', () => {
    const wild = [
      '<',
      '>',
      '"',
      "'",
      '`',
      '*',
      '_',
      '[',
      '](',
      ')',
      '|',
      '\n',
      '#',
      '- ',
      '> ',
      '<sub>',
      '</sub>',
      'a',
      ':-',
      'http://a',
      '&lt;',
      '\\',
      '~~',
      '<!--',
      '-->',
    ]
    let seed = 7
    for (let round = 0; round < 300; round++) {
      const text = Array.from({ length: 60 }, () => {
        seed = (seed * 1103515245 + 12345) % 2 ** 31
        return wild[seed % wild.length]
      }).join('')
      for (const element of elements(readMarkdown(text))) {
        expect(TAGS).toContain(element.tag)
        expect(Object.keys(element).filter((key) => !['tag', 'children', 'href', 'align'].includes(key))).toEqual([])
        if (element.href !== undefined) expect(element.href).toMatch(/^https?:\/\/\w/i)
      }
    }
  })

  it('cannot hide what comes after it in a comment that was closed, and hides the rest in one that was not', () => {
    expect(shown('a <!-- b --> c')).toBe('<p>a  c</p>')
    expect(shown('a <!-- b')).toBe('<p>a</p>')
  })

  it.each([
    '**',
    '`',
    '[',
    '[a](',
    '*',
    '_',
    '<sub>',
    '|',
    '> ',
    '- ',
    '~~',
    '<!--',
    '```\n',
    'a|b\n-|-\n',
    '`a',
    '**a ',
    '(',
    '\\',
  ])('65,536 characters of %j are read to the end, and no deeper than the stack', (mark) => {
    expect(readMarkdown(mark.repeat(65_536 / mark.length)).length).toBeGreaterThanOrEqual(mark === '<!--' ? 0 : 1)
  })
})
