import { afterEach } from 'vitest'
import type { SimulatorInput } from '../../simulator/options.ts'
import { type Simulator, startSimulator } from '../../simulator/server.ts'
import type { SubmitHook } from '../../simulator/smsc.ts'
import { type EsmeOptions, RawEsme } from './raw-esme.ts'

/** Simulators and clients of the tests in a file; all gone after each. */
export function simulatorHarness() {
  const simulators: Simulator[] = []
  const esmes: RawEsme[] = []
  afterEach(async () => {
    for (const esme of esmes.splice(0)) esme.destroy()
    await Promise.all(simulators.splice(0).map((simulator) => simulator.destroy()))
  })
  return {
    /** An SMSC with the account demo/secret whose receipts come at once. */
    async start(options: Partial<SimulatorInput> & { onSubmit?: SubmitHook } = {}): Promise<Simulator> {
      const simulator = await startSimulator({
        accounts: [{ systemId: 'demo', password: 'secret' }],
        receiptDelayMs: { min: 0, max: 10 },
        ...options,
      })
      simulators.push(simulator)
      return simulator
    },
    async connect(simulator: Simulator, options: Omit<EsmeOptions, 'port'> = {}): Promise<RawEsme> {
      const esme = await RawEsme.connect({ port: simulator.port, ...options })
      esmes.push(esme)
      return esme
    },
    async bound(simulator: Simulator, options: Omit<EsmeOptions, 'port'> = {}): Promise<RawEsme> {
      const esme = await this.connect(simulator, options)
      await esme.bind()
      return esme
    },
  }
}
