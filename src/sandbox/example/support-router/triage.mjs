// The model under test: routes a support message by the sentiment of wink-nlp's small English model.
import model from 'wink-eng-lite-web-model'
import winkNLP from 'wink-nlp'

const nlp = winkNLP(model)

/** What a token costs, in US dollars, as the accounting of this team has it. */
const TOKEN_USD = 2e-7

/**
 * `settings` is models/router.json: a sentiment (-1 to 1) below `low` is a complaint, above `high` praise, and a question
 * in between. With `questionMark`, whatever ends with a question mark is a question.
 */
export function route(message, settings) {
  const sentiment = nlp.readDoc(message).out(nlp.its.sentiment)
  const tokens = message.split(/\s+/).length + 1
  return { queue: queueOf(message, sentiment, settings), tokens, costUsd: tokens * TOKEN_USD }
}

function queueOf(message, sentiment, { low, high, questionMark }) {
  if (questionMark && message.trim().endsWith('?')) return 'question'
  if (sentiment < low) return 'complaint'
  return sentiment > high ? 'praise' : 'question'
}
