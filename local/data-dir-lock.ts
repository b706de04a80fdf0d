import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Conflict } from '../shared/errors.ts'

const SQLITE_BUSY = 5

export interface DirectoryLock {
  release(): void
}

/**
 * Keeps `directory` for this process: two of them would write over each other's state. It is SQLite's lock on a file
 * in there, which the kernel lifts when the process ends, however it ends.
 *
 * @throws Conflict `data_dir_in_use`
 */
export function lockDirectory(directory: string): DirectoryLock {
  const file = new DatabaseSync(join(directory, 'lock'))
  try {
    file.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    file.close()
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error
    throw new Conflict(
      'data_dir_in_use',
      `${directory} is in use: the platform is running already, or just ending`,
    )
  }
  return { release: () => file.close() }
}
