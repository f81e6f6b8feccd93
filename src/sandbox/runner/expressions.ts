// Evaluates GitHub's expressions, in text, in conditions and in whole trees of a workflow file.
import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import type { ExpressionData, Pair } from '@actions/expressions/data/expressiondata'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'
import { falsy } from '@actions/expressions/result'
import { ensureStatusFunction } from '@actions/workflow-parser/model/converter/if-condition'
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/index'
import {
  isBasicExpression,
  isBoolean,
  isMapping,
  isNumber,
  isSequence,
  isString,
} from '@actions/workflow-parser/templates/tokens/type-guards'

const CONTEXTS = 'github inputs env vars secrets steps needs job runner matrix strategy'.split(' ')
export type ContextName =
  | 'github'
  | 'inputs'
  | 'env'
  | 'vars'
  | 'secrets'
  | 'steps'
  | 'needs'
  | 'job'
  | 'runner'
  | 'matrix'
  | 'strategy'

/** How the run stands where the expression is asked: what `success()` and its kin say. */
export type Standing = { failed: boolean; cancelled: boolean; succeeded: boolean }

/** What an expression may see. Contexts are plain JSON; one that is absent is empty. */
export type Scope = {
  contexts: Partial<Record<ContextName, unknown>>
  standing?: Standing
  hashFiles?: (patterns: string[]) => string
}

export const GOING_WELL: Standing = { failed: false, cancelled: false, succeeded: true }

/** The value of a bare expression as plain JSON. Throws where it does not parse or a function refuses. */
export function evaluate(expression: string, scope: Scope): unknown {
  return JSON.parse(JSON.stringify(compute(expression, scope), data.replacer) ?? 'null')
}

/** True where an `if` lets its step or job run; without a status function, success is asked as well. */
export function holds(condition: TemplateToken | undefined, scope: Scope): boolean {
  if (!condition) return standingOf(scope).succeeded
  const text = isBasicExpression(condition) ? condition.expression : String(condition).trim()
  return !falsy(compute(ensureStatusFunction(text || 'success()', condition.definitionInfo), scope))
}

/** A token's value as plain JSON, its expressions evaluated, down to the leaves. */
export function resolve(token: TemplateToken | undefined, scope: Scope): unknown {
  if (!token) return undefined
  if (isBasicExpression(token)) return evaluate(token.expression, scope)
  if (isString(token) || isNumber(token) || isBoolean(token)) return token.value
  if (isSequence(token)) return Array.from({ length: token.count }, (_, index) => resolve(token.get(index), scope))
  if (isMapping(token))
    return Object.fromEntries([...token].map(({ key, value }) => [text(key, scope), resolve(value, scope)]))
  return null
}

/** A scalar's value as text, spelled as GitHub spells it: null is empty, an object is `Object`. */
export function text(token: TemplateToken | undefined, scope: Scope): string {
  if (!token) return ''
  if (isBasicExpression(token)) return compute(token.expression, scope).coerceString()
  return toData(resolve(token, scope)).coerceString()
}

/** A mapping of scalars (`env`, `with`, `outputs`) as texts. */
export function texts(token: TemplateToken | undefined, scope: Scope): Record<string, string> {
  const found = resolve(token, scope)
  if (typeof found !== 'object' || found === null) return {}
  return Object.fromEntries(Object.entries(found).map(([key, value]) => [key, toData(value).coerceString()]))
}

/** A number, or the fallback where it is absent or none. */
export function numeric(token: TemplateToken | undefined, scope: Scope, fallback: number): number {
  const value = Number(text(token, scope) || Number.NaN)
  return Number.isFinite(value) ? value : fallback
}

function compute(expression: string, scope: Scope): ExpressionData {
  const functions = statusFunctions(scope)
  const tree = new Parser(new Lexer(expression).lex().tokens, CONTEXTS, functions).parse()
  if (!tree) return new data.Null()
  const asked = expression.toLowerCase()
  const pairs: Pair[] = CONTEXTS.filter((name) => asked.includes(name)).map((name) => ({
    key: name,
    value: toData(scope.contexts[name as ContextName] ?? {}),
  }))
  const known = new Map(functions.map((definition) => [definition.name.toLowerCase(), definition]))
  try {
    return new Evaluator(tree, new data.Dictionary(...pairs), known).evaluate()
  } catch (error) {
    throw new Error(`The expression ${expression} cannot be evaluated: ${(error as Error).message}`)
  }
}

function statusFunctions(scope: Scope): FunctionDefinition[] {
  const standing = standingOf(scope)
  const flag = (name: string, value: boolean) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  })
  return [
    flag('always', true),
    flag('success', standing.succeeded),
    flag('failure', standing.failed),
    flag('cancelled', standing.cancelled),
    {
      name: 'hashFiles',
      minArgs: 1,
      maxArgs: 255,
      call: (...patterns) =>
        new data.StringData(scope.hashFiles?.(patterns.map((pattern) => pattern.coerceString())) ?? ''),
    },
  ]
}

function standingOf(scope: Scope): Standing {
  return scope.standing ?? GOING_WELL
}

function toData(value: unknown): ExpressionData {
  return JSON.parse(JSON.stringify(value ?? null), data.reviver)
}
