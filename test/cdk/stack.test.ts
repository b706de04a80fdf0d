/** All that is read from one synthesis, made once: a file for each part of the stack. */
import { afterAll } from 'vitest'
import { forget } from './support/synthesis.ts'
import './of-synthesis/network.ts'
import './of-synthesis/data.ts'
import './of-synthesis/wiring.ts'
import './of-synthesis/functions.ts'
import './of-synthesis/console.ts'
import './of-synthesis/workers.ts'
import './of-synthesis/watch.ts'
import './of-synthesis/rules.ts'
import './of-synthesis/snapshot.ts'
import './of-synthesis/deployed.ts'

afterAll(forget)
