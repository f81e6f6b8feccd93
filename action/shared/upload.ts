// Hands evidence in: as the artifact of the run that the app looks for.
import { dirname } from 'node:path'
import { DefaultArtifactClient } from '@actions/artifact'

export const ARTIFACT_NAME = 'andon-evidence'

/** Uploads one file; the artifact then holds it at its root. Throws with the artifact service's own sentence. */
export type Upload = (file: string) => Promise<{ id: number | null }>

export const uploadArtifact: Upload = async (file) => {
  const uploaded = await new DefaultArtifactClient().uploadArtifact(ARTIFACT_NAME, [file], dirname(file))
  return { id: uploaded.id ?? null }
}
