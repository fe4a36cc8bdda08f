import expressSession from 'express-session';
import passport from 'passport';

export interface Account {
  id: string;
  name: string;
}

/** The sessions of the application. Express and the gateways use the same ones. */
export const middleware = [
  expressSession({
    secret: process.env['SESSION_SECRET'] ?? failWithoutSecret(),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax' },
  }),
  passport.initialize(),
  passport.session(),
];

passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user: Account, done) => done(null, user));

function failWithoutSecret(): never {
  throw new Error('Set SESSION_SECRET to a random text of at least 32 characters');
}
