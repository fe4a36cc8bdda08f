import { isText, secretsIn } from '../project/secrets.ts';
import { type Fault, rule } from '../rule.ts';

export default rule({
  id: 'string-secret',
  explains: [],
  find: ({ project }) =>
    project.socketFiles.flatMap((file) =>
      secretsIn(file)
        .filter((secret) => isText(file, secret))
        .map((at): Fault => ({
          file,
          at,
          severity: 'info',
          seen: 'jsonwebtoken is given its secret as a text, and makes a key of it for every token.',
        })),
    ),
});
