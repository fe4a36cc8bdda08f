import { literalIn, secretsIn, valueOf } from '../project/secrets.ts';
import { type Fault, rule } from '../rule.ts';

export default rule({
  id: 'secret-in-source',
  explains: [],
  find: ({ project }) =>
    project.files.flatMap((file) =>
      secretsIn(file).flatMap((secret): Fault[] => {
        const literal = literalIn(file, secret);
        if (literal === undefined) return [];
        const isFallback = literal !== valueOf(file, secret);
        const seen = isFallback
          ? 'Without the variable of the environment, the secret that verifies tokens is one that stands in the source.'
          : 'The secret that verifies tokens stands in the source.';
        return [{ file, at: literal, severity: isFallback ? 'medium' : 'high', seen }];
      }),
    ),
});
