// Runs compiled commands one after the other, as often as it is asked: a process for each would take a second to start.
let [runs, out, error] = [0, '', ''];
process.stdout.write = (chunk) => {
  out += chunk;
  return true;
};
process.stderr.write = (chunk) => {
  error += chunk;
  return true;
};
process.on('message', (command) => void run(command));

async function run({ script, args }) {
  [out, error, process.exitCode] = ['', '', undefined];
  process.argv.splice(2, Infinity, ...args);
  runs += 1;
  try {
    await import(new URL(`../../dist/scripts/${script}.js?run=${runs}`, import.meta.url).href);
  } catch (thrown) {
    error += thrown.stack;
  }
  const code = process.exitCode ?? 0;
  process.exitCode = 0;
  process.send({ code, out, error });
}
