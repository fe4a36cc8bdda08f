import { guardOf } from '../project/gateways.ts';
import { rule } from '../rule.ts';
import { refusalsIn } from '../project/refusals.ts';

export default rule({
  id: 'guard-on-hook',
  explains: ['stranger-acts', 'stranger-receives', 'stranger-stays'],
  refutedBy: ['connect/none', 'connect/arbitrary'],
  find: ({ gateways }) =>
    gateways.flatMap(({ hooks, namespace }) =>
      hooks.flatMap(({ file, node, name }) => {
        const at = guardOf(file, node);
        if (at === undefined) return [];
        // A hook that refuses clients by itself does not rest on the guard.
        const severity = refusalsIn(node.value).length > 0 ? 'low' : 'high';
        return [{ file, at, severity, namespace, seen: `Nest does not ask the guard of ${name}.` }];
      }),
    ),
});
