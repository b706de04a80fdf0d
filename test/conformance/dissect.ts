/**
 * Has Wireshark's SMPP dissector read the traffic of a plain-TCP demo: no malformed PDU, SMPP 3.4 in the bind, the DLT
 * ids on every segment, and the parts of every long message complete and in order on one connection.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { recipients: { type: 'string', default: '600' } } })
const folder = mkdtempSync(join(tmpdir(), 'dakghar-conformance-'))
const capture = join(folder, 'demo.pcapng')
const children: ChildProcess[] = []

try {
  const port = await startSimulator()
  const tshark = await startCapture(port)
  await runDemo(port)
  tshark.kill('SIGINT')
  await once(tshark, 'exit')
  report(check(port))
} finally {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}

async function startSimulator(): Promise<number> {
  const args = [
    'cli/main.ts',
    'simulate',
    '--port',
    '0',
    '--system-id',
    'demo',
    '--password',
    'demo',
    '--json',
  ]
  const simulator = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(simulator)
  const [line] = await once(createInterface(simulator.stdout), 'line')
  return JSON.parse(line).port
}

async function startCapture(port: number): Promise<ChildProcess> {
  const args = ['-q', '-i', 'lo', '-f', `tcp port ${port}`, '-w', capture]
  const tshark = spawn('tshark', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  children.push(tshark)
  for await (const line of createInterface(tshark.stderr!)) if (line.includes('Capturing on')) break
  return tshark
}

async function runDemo(port: number): Promise<void> {
  const smsc = ['--smsc', `127.0.0.1:${port}`, '--plain', '--system-id', 'demo', '--password', 'demo']
  const args = ['local/demo.ts', '--recipients', values.recipients, '--json', ...smsc]
  const demo = spawn(process.execPath, args, { stdio: 'inherit' })
  children.push(demo)
  const [code] = await once(demo, 'exit')
  if (code !== 0) throw new Error(`the demo ended with exit code ${code}`)
}

interface Finding {
  rule: string
  seen: number
  wrong: string[]
}

interface Submit {
  stream: string
  to: string
  tags: Set<number>
  /** The concatenation header as the dissector reads it; null when there is none. */
  udh: { reference: number; part: number; parts: number } | null
}

/** One row per PDU: a TCP segment may hold several, whose fields tshark prints together, so PDML is read instead. */
function check(port: number): Finding[] {
  const pdml = execFileSync(
    'tshark',
    ['-r', capture, '-d', `tcp.port==${port},smpp`, '-Y', 'smpp', '-T', 'pdml'],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    },
  )
  const packets = pdml.split('<packet>').slice(1)
  const pdus = packets.flatMap((packet) => {
    const stream = fieldsOf(packet, 'tcp.stream')[0] ?? '?'
    return packet
      .split('<proto name="smpp"')
      .slice(1)
      .map((text) => ({ stream, text }))
  })
  const ofCommand = (id: number) =>
    pdus.filter(({ text }) => Number(fieldsOf(text, 'smpp.command_id')[0]) === id)
  const malformed = packets.filter((packet) => /_ws\.malformed|Malformed Packet/.test(packet))
  const binds = ofCommand(0x09)
  const submits = ofCommand(0x04).map(({ stream, text }): Submit => {
    const [reference, part, parts] = ['msg_id', 'msg_part', 'msg_parts'].map((name) =>
      Number(fieldsOf(text, `gsm_sms.udh.mm.${name}`)[0]),
    )
    return {
      stream,
      to: fieldsOf(text, 'smpp.destination_addr')[0] ?? '?',
      tags: new Set(fieldsOf(text, 'smpp.opt_param_tag').map(Number)),
      udh: part ? { reference: reference!, part, parts: parts! } : null,
    }
  })
  return [
    { rule: 'no malformed PDU', seen: pdus.length, wrong: malformed.map(() => 'malformed packet') },
    {
      rule: 'bind_transceiver says interface_version 0x34',
      seen: binds.length,
      wrong: binds
        .map(
          ({ text }) => /name="smpp\.interface_version"[^>]*\svalue="([0-9a-f]+)"/.exec(text)?.[1] ?? 'none',
        )
        .filter((version) => version !== '34'),
    },
    {
      rule: '0x1400 and 0x1401 on every segment',
      seen: submits.length,
      wrong: submits.filter(({ tags }) => !tags.has(0x1400) || !tags.has(0x1401)).map(({ to }) => to),
    },
    partsInOrder(submits),
  ]
}

function fieldsOf(text: string, name: string): string[] {
  const field = new RegExp(`name="${name.replaceAll('.', '\\.')}"[^>]*\\sshow="([^"]*)"`, 'g')
  return [...text.matchAll(field)].map((match) => match[1]!)
}

function partsInOrder(submits: Submit[]): Finding {
  const long = submits.filter(({ udh }) => udh !== null)
  const messages = Map.groupBy(long, ({ to, udh }) => `${to} reference ${udh!.reference}`)
  const wrong = [...messages].filter(([, parts]) => {
    const complete = parts.length === parts[0]!.udh!.parts
    const inOrder = parts.every(({ udh }, index) => udh!.part === index + 1)
    return !complete || !inOrder || new Set(parts.map(({ stream }) => stream)).size !== 1
  })
  return {
    rule: 'UDH parts complete, in order, on one connection',
    seen: messages.size,
    wrong: wrong.map(([name]) => name),
  }
}

function report(findings: Finding[]): void {
  const failed = findings.filter(({ seen, wrong }) => seen === 0 || wrong.length > 0)
  for (const { rule, seen, wrong } of findings) {
    const verdict =
      seen === 0 ? 'NOTHING SEEN' : wrong.length > 0 ? `${wrong.length} WRONG, first ${wrong[0]}` : 'ok'
    console.log(`${rule}: ${seen} seen, ${verdict}`)
  }
  console.log(`${findings.length - failed.length} passed, ${failed.length} failed`)
  process.exitCode = failed.length > 0 ? 1 : 0
}
