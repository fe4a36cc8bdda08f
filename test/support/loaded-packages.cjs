// For `node --require`: writes to standard error which packages of CommonJS were loaded, such as Nest, Express and Redis.
process.on('exit', () => {
  const names = Object.keys(require.cache).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  process.stderr.write([...new Set(names)].join(' '));
});
