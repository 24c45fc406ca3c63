// SPDX-License-Identifier: MIT
//
// App - the pages for those who are not signed in, or the shell with everything else.
import { useEffect, useRef } from 'preact/hooks';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter-preact';
import { useHashLocation } from 'wouter-preact/use-hash-location';
import { t } from '../i18n/i18n';
import { Register } from '../session/Register';
import { SignIn } from '../session/SignIn';
import { returnTo, token } from '../session/state';
import { lazy } from '../ui/lazy';
import { Notices, notify } from '../ui/notices';

/** What is there for those who are signed in. */
export const loadShell = () => import('./Shell').then((m) => m.Shell);
const Shell = lazy(loadShell);

function SignedOut() {
  return (
    <>
      <SignedOutPages />
      <Notices />
    </>
  );
}

function SignedOutPages() {
  return (
    <Switch>
      <Route path="/register">
        <Register />
      </Route>
      <Route path="/invite/:code">{({ code }) => <Register key={code} code={code} />}</Route>
      <Route path="/admin/:code">{({ code }) => <Register key={code} code={code} isAdmin />}</Route>
      <Route path="/sign-in">
        <SignIn />
      </Route>
      <Route>
        <ToSignIn />
      </Route>
    </Switch>
  );
}

/** To the sign-in page, and after it to where one wanted to go. */
function ToSignIn() {
  const [place] = useLocation();
  if (returnTo.peek() === null && place !== '/') returnTo.value = place;
  return <Redirect to="/sign-in" replace />;
}

/** From a page for those who are not signed in, to where one was or wanted to go. */
function Arrived() {
  const [place, go] = useLocation();
  const isForSignedOut = /^\/(sign-in|register|invite|admin\/)/.test(place);
  const isFirst = useRef(true);
  useEffect(() => {
    const wanted = returnTo.peek();
    returnTo.value = null;
    // Somebody who is signed in follows an invitation: there is nothing to do.
    if (isForSignedOut && !isFirst.current) notify(t().session.alreadyIn);
    if (wanted !== null || isForSignedOut) go(wanted ?? '/', { replace: true });
    isFirst.current = false;
  }, [isForSignedOut]);
  return isForSignedOut ? null : <Shell />;
}

export function App() {
  return <Router hook={useHashLocation}>{token.value === null ? <SignedOut /> : <Arrived />}</Router>;
}
