/** The words of which the names of fields, headers and cookies are made: none of them tells a secret. */
const words = new Set(
  (
    'a access account agent an api app application auth authentication authorization basic bearer bot client code ' +
    'connect connection cookie credential credentials csrf custom device email expires extra forwarded for grant header ' +
    'host http id identity is jwt key lang language login me my name nonce oauth of org organization origin pass ' +
    'passphrase passwd password payload pin private project provider proxy public real refresh remember request role ' +
    'roles room scope secret secure session sid sign signature sso sub subject tenant ticket token trace type uid user ' +
    'username version web ws x xsrf'
  ).split(' '),
);

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/\d{1,2}$/, '')
    .toLowerCase()
    .split(/[\s._-]+/)
    .filter((word) => word !== '');

/** Whether `text` is clearly a name, such as `apiKey`, `X-Api-Key` or `connect.sid`. Any other key may be a secret. */
export const isName = (text: string): boolean => wordsOf(text).every((word) => words.has(word));

const SECRET =
  /^(?:auth|authorization|bearer|cookie|credentials?|grant|jwt|key|nonce|otp|pass(?:phrase|wd|word)?|pin|secret|session|sid|signature|ticket|tokens?)$/;

/** Whether the value of a field, header or cookie of this name is a secret. */
export const namesSecret = (name: string): boolean => wordsOf(name).some((word) => SECRET.test(word));
