// Hands evidence in: as the artifact of the run that the app looks for.
import { dirname } from 'node:path'

const ARTIFACT_NAME = 'andon-evidence'

/** Uploads one file; the artifact then holds it at its root. Throws with the artifact service's own sentence. */
export type Upload = (file: string) => Promise<{ id: number | null }>

export const uploadArtifact: Upload = async (file) => {
  // Loaded only here: it is most of the action's weight, and bad input ends long before.
  const { DefaultArtifactClient } = await import('@actions/artifact')
  const uploaded = await new DefaultArtifactClient().uploadArtifact(ARTIFACT_NAME, [file], dirname(file))
  return { id: uploaded.id ?? null }
}
