// Starts the action `evaluate`.
import { setFailed } from '@actions/core'
import { forLog } from '../shared/plain.ts'
import { uploadArtifact } from '../shared/upload.ts'
import { evaluate } from './evaluate.ts'

const major = Number(process.versions.node.split('.')[0])
if (major < 22)
  setFailed(`This action needs Node 22 or newer, but runs on ${process.versions.node}. Use \`using: node24\`.`)
else {
  // A stack trace could quote what was read; the sentence is made safe for the log.
  await evaluate(uploadArtifact).catch((error) => setFailed(`Not foreseen, please report it: ${forLog(String(error))}`))
}
