import type { Command } from './command.ts'

interface Entry {
  summary: string
  load(): Promise<{ command: Command }>
}

/** Each is loaded when it is asked for: an offline one starts without the AWS SDK. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  receipt: { summary: 'read delivery receipts as gateways write them', load: () => import('./receipt.ts') },
  segments: { summary: 'count and cut messages into segments', load: () => import('./segments.ts') },
  match: { summary: 'compare messages with a DLT template', load: () => import('./match.ts') },
  check: { summary: 'check a CSV of recipients before uploading it', load: () => import('./check.ts') },
  chain: { summary: 'compute or verify the PE-TM chain of DLT', load: () => import('./chain.ts') },
  reason: { summary: "explain operators' and gateways' error codes", load: () => import('./reason.ts') },
  simulate: { summary: 'run an SMSC to send to, well behaved or not', load: () => import('./simulate.ts') },
  bootstrap: {
    summary: 'make a tenant and its key on an installation',
    load: () => import('./bootstrap.ts'),
  },
  keys: { summary: 'list and revoke the API keys of a tenant', load: () => import('./keys.ts') },
}
