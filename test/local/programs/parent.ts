/** A parent of one sleeper; prints its pid. */
import { Child } from '../../../local/process/child.ts'

const child = new Child({
  name: 'sleeper',
  module: 'test/local/programs/sleeper.ts',
  argv: [process.argv[2]!],
  env: {},
})
console.log((await child.started()).pid)
