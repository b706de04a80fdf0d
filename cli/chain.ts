import { parseArgs } from 'node:util'
import { chainFaults } from '../shared/dlt/chain-faults.ts'
import { chainHash, chainTlv } from '../shared/dlt/chain-hash.ts'
import { type ChainVerdict, verifyChainHash } from '../shared/dlt/chain-verify.ts'
import { type Command, type ExitCode, UsageError } from './command.ts'
import { complain, Output, table } from './output.ts'

const HELP = `Usage: dakghar chain --entity ID --tm ID[,ID...] [--verify HASH] [--json]

Computes the PE-TM chain of DLT: the principal entity whose message it is, then the telemarketers it passes through,
the one that delivers to the operator last. Operators refuse messages whose chain is not registered (errors 614 to 618).

  --entity ID    the principal entity's id
  --tm ID,ID...  the telemarketers' ids in their order; may be repeated
  --verify HASH  say whether HASH is that of this chain, and if not, what it is the hash of
  --json         one JSON object: {entityId, tmIds, hash, tlv: {tmIds, hash}, verdict: {matches, because, sentence},
                 faults: [{at, code, message}]}; tlv is the whole TLV in hex (tag 0x1402, length, value)

Exit code 1 when the chain has faults, or HASH is not its hash.

Example: dakghar chain --entity 1101172974420810001 --tm 1101172974420820002,1101172974420830004`

type Faults = ReturnType<typeof chainFaults>

interface Answer {
  entityId: string
  tmIds: string | null
  hash: string | null
  tlv: { tmIds: string; hash: string } | null
  /** Null unless asked for, or when the chain has faults. */
  verdict: ChainVerdict | null
  faults: Faults
}

const OPTIONS = {
  entity: { type: 'string' },
  tm: { type: 'string', multiple: true },
  verify: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const command: Command = { help: HELP, options: OPTIONS, run }

async function run(args: string[]): Promise<ExitCode> {
  const { values } = parseArgs({ args, options: OPTIONS })
  const { entity, tm, verify, json } = values
  if (entity === undefined) throw new UsageError("--entity is missing: the principal entity's id")
  if (tm === undefined) throw new UsageError("--tm is missing: the telemarketers' ids, separated by commas")

  const answer = answerFor(
    entity,
    tm.flatMap((list) => list.split(',')),
    verify,
  )
  const output = new Output()
  if (json) await output.json(answer)
  else if (answer.faults.length === 0) await output.line(describe(answer))
  await output.flush()
  for (const { message } of answer.faults) complain(message)
  if (answer.verdict?.matches === false) complain(answer.verdict.sentence)
  return answer.faults.length > 0 || answer.verdict?.matches === false ? 1 : 0
}

function answerFor(entity: string, telemarketerIds: readonly string[], verify: string | undefined): Answer {
  const faults = chainFaults(entity, telemarketerIds)
  if (faults.length > 0) {
    return { entityId: entity, tmIds: null, hash: null, tlv: null, verdict: null, faults }
  }
  const tmIds = telemarketerIds.join(',')
  const hash = chainHash(entity, telemarketerIds)
  return {
    entityId: entity,
    tmIds,
    hash,
    tlv: { tmIds: chainTlv(tmIds).toString('hex'), hash: chainTlv(hash).toString('hex') },
    verdict: verify === undefined ? null : verifyChainHash(verify, entity, telemarketerIds),
    faults,
  }
}

function describe({ entityId, tmIds, hash, tlv, verdict }: Answer): string {
  const rows: [string, unknown][] = [
    ['principal entity', entityId],
    ['telemarketer ids', tmIds],
    ['hash', hash],
    ['TLV with ids', tlv?.tmIds],
    ['TLV with hash', tlv?.hash],
  ]
  if (verdict)
    rows.push(['hash to verify', verdict.matches ? 'is that of this chain' : 'is not that of this chain'])
  return table(['what', 'value'], rows)
}
