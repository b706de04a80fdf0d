/** Ends before it is ready. */
console.error('no such table')
process.exitCode = 3
