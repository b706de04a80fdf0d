import { z } from 'zod'
import { Fault } from './faults/fault.ts'
import { textOfMessage } from './reassembly.ts'
import type { Simulator } from './server.ts'

/** What a simulator process is asked, as JSON: one object a line. `id` comes back with the answer. */
const Request = z.discriminatedUnion('cmd', [
  z.object({ cmd: z.literal('truth'), id: z.unknown().optional() }),
  z.object({ cmd: z.literal('messages'), id: z.unknown().optional() }),
  z.object({ cmd: z.literal('disconnect'), id: z.unknown().optional() }),
  z.object({
    cmd: z.literal('inject'),
    id: z.unknown().optional(),
    fault: Fault,
    forMs: z.number().min(0).optional(),
  }),
  z.object({ cmd: z.literal('calm'), id: z.unknown().optional() }),
  z.object({
    cmd: z.literal('mo'),
    id: z.unknown().optional(),
    from: z.string().max(20),
    to: z.string().max(20),
    text: z.string().max(10_000),
    systemId: z.string().optional(),
  }),
])

export type ControlAnswer = { id?: unknown } & Record<string, unknown>

/**
 * Answers one request, a JSON text or an object already parsed:
 * `truth` → `{truth}`, `messages` → `{messages: [{to, source, text, parts, complete}]}`, `disconnect` →
 * `{disconnected}`, `mo` → `{acknowledged}`, `inject` → `{injected: kind}`, `calm` → `{calm: true}`; anything else →
 * `{error}`.
 */
export async function answerTo(simulator: Simulator, request: unknown): Promise<ControlAnswer> {
  const parsed = Request.safeParse(typeof request === 'string' ? jsonOrNull(request) : request)
  if (!parsed.success) return { error: `not a request: ${z.prettifyError(parsed.error)}` }
  const answer = await perform(simulator, parsed.data)
  return parsed.data.id === undefined ? answer : { id: parsed.data.id, ...answer }
}

async function perform(
  simulator: Simulator,
  request: z.infer<typeof Request>,
): Promise<Record<string, unknown>> {
  switch (request.cmd) {
    case 'truth':
      return { truth: simulator.truth() }
    case 'messages':
      return {
        messages: simulator.messages().map((message) => ({
          to: message.to,
          source: message.source,
          text: textOfMessage(message),
          parts: message.parts.length,
          complete: message.complete,
        })),
      }
    case 'disconnect': {
      const disconnected = simulator.binds
      simulator.disconnect()
      return { disconnected }
    }
    case 'inject': {
      simulator.inject(request.fault, request.forMs)
      return { injected: request.fault.fault }
    }
    case 'calm': {
      simulator.calm()
      return { calm: true }
    }
    case 'mo': {
      const { from, to, text, systemId } = request
      return { acknowledged: await simulator.sendMo({ from, to, text, ...(systemId && { systemId }) }) }
    }
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
