/** Says that it is ready and then does nothing; on SIGTERM it ends only when its argument is not `stubborn`. */
process.on('SIGTERM', () => {
  if (process.argv[2] !== 'stubborn') process.exit(7)
})
setInterval(() => {}, 60_000)
process.on('message', (request: { id: number; say: string }) =>
  process.send?.({ id: request.id, said: request.say }),
)
console.log('first line')
console.error('on stderr')
process.send?.({ kind: 'started', pid: process.pid })
