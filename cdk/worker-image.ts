import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const DOCKERFILE = fileURLToPath(new URL('../bind-worker/Dockerfile', import.meta.url))

/** The folder of the image's own files, as the Dockerfile copies it. */
export const WORKER_FILES = 'worker'

/**
 * Puts together the folder that the worker's image is built from: its Dockerfile and its bundle. Nothing in it depends
 * on the processor, and no step of the build runs anything, so an arm64 image is built on any machine.
 */
export function assembleWorkerImage(bundleDir: string, outDir: string): void {
  rmSync(outDir, { recursive: true, force: true })
  mkdirSync(outDir, { recursive: true })
  cpSync(DOCKERFILE, join(outDir, 'Dockerfile'))
  cpSync(bundleDir, join(outDir, WORKER_FILES), { recursive: true })
}
