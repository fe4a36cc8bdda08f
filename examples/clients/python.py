"""python-socketio does what PROTOCOL.md asks of a client. It works with every strategy.

SERVER_URL=http://127.0.0.1:3000 SERVER_USER=ann SERVER_PASSWORD=secret python3 python.py

Debian has what it needs: apt-get install python3-socketio python3-websocket
"""
import functools
import json
import os
import queue
import sys
import urllib.error
import urllib.request

import socketio
import websocket

# websocket-client sends the URL of the server as Origin, which the application would have to list in `origins`.
websocket.create_connection = functools.partial(websocket.create_connection, suppress_origin=True)

URL = os.environ['SERVER_URL']
NAMESPACE = '/chat'


class Refused(Exception):
    def __init__(self, what, notice):
        super().__init__(f'{what} was refused: {(notice or {}).get("code")}')
        self.code = (notice or {}).get('code')


def post(endpoint, body, cookie=None):
    """POSTs JSON to an endpoint. Its answer is a credential or empty; a refusal is a notice."""
    headers = {'Content-Type': 'application/json', **({'Cookie': cookie} if cookie else {})}
    request = urllib.request.Request(f'{URL}/auth/{endpoint}', json.dumps(body).encode(), headers, method='POST')
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            answer = {} if response.status == 204 else json.load(response)
            cookies = [header.split(';')[0] for header in response.headers.get_all('Set-Cookie') or []]
    except urllib.error.HTTPError as error:
        raise Refused(f'POST /auth/{endpoint}', json.load(error)) from None
    return {**answer, 'cookie': '; '.join(cookies)} if cookies else answer


def sign_in():
    """Tokens, or with the strategy `session` a cookie."""
    return post('login', {'username': os.environ['SERVER_USER'], 'password': os.environ['SERVER_PASSWORD']})


class Connection:
    """One connection to a namespace. Events of the protocol are put into a queue, for the main thread."""

    def __init__(self, credential):
        self.events = queue.Queue()
        # A reconnection would send the old token. The server asks for a renewal before that.
        self.client = socketio.Client(reconnection=False)
        for event in ('connect', 'connect_error', 'auth:renew', 'auth:cut'):
            self.client.on(event, functools.partial(self.put, event), namespace=NAMESPACE)

        # Only long-lived-token sends it. The library sends the ack when this function returns None.
        def on_credential(issued):
            credential['wsToken'] = issued['wsToken']

        self.client.on('auth:credential', on_credential, namespace=NAMESPACE)
        ws_token = credential.get('wsToken')
        self.client.connect(
            URL,
            namespaces=[NAMESPACE],
            transports=['websocket'],
            auth={'wsToken': ws_token} if ws_token else {'token': credential.get('accessToken')},
            headers={'Cookie': credential['cookie']} if 'cookie' in credential else {},
            wait=False,
        )
        event, error = self.events.get(timeout=10)
        if event == 'connect_error':
            self.close()
            raise Refused('the connection', error.get('data'))

    def put(self, event, data=None):
        self.events.put((event, data))

    def request(self, event, data):
        answer = self.client.call(event, data, namespace=NAMESPACE, timeout=10)
        if 'refused' in answer:
            raise Refused(event, answer['refused'])
        return answer

    def say(self, text):
        print(f'said: {self.request("sendMessage", {"text": text})["text"]}')

    def close(self):
        self.client.disconnect()


def expect_refusal(action, *codes):
    try:
        action()
    except Refused as refused:
        if refused.code in codes:
            return
        raise
    raise Exception(f'expected {" or ".join(codes)}; got nothing')


def expect_cut(connection, code):
    event, notice = connection.events.get()
    while event != 'auth:cut':
        event, notice = connection.events.get()
    if notice['code'] != code:
        raise Exception(f'expected the cut {code}; got {notice["code"]}')


def run():
    credential = sign_in()
    print('signed in')
    connection = Connection(credential)
    connection.say('hello')

    expect_refusal(lambda: connection.request('sendMessage', {'text': 7}), 'bad-message')
    print('a message of a wrong shape was refused')

    if 'wsToken' in credential:
        connection.close()
        connection = Connection(credential)
        connection.say('hello again, by the WS token')

    print('waiting for the credential to end')
    event, _ = connection.events.get()
    if event == 'auth:renew':
        answer = connection.request('auth:renew', {'refreshToken': credential['refreshToken']})
        credential.update(answer['credential'])
    else:
        credential = sign_in() if 'cookie' in credential else post('refresh', {'refreshToken': credential['refreshToken']})
        connection = Connection(credential)
    connection.say(f'renewed after {event}')

    print('waiting for the cut')
    expect_cut(connection, 'expired')
    expect_refusal(lambda: Connection(credential), 'expired', 'unauthenticated')
    print('the expired credential was refused')

    expect_refusal(lambda: Connection({'accessToken': 'forged', 'cookie': 'sid=forged'}), 'unauthenticated')
    print('a forged credential was refused')

    credential = sign_in()
    connection = Connection(credential)
    sign_out = {name: credential[name] for name in ('refreshToken', 'wsToken') if name in credential}
    post('logout', sign_out, credential.get('cookie'))
    expect_cut(connection, 'revoked')
    print('the sign-out ended the connection')


try:
    sys.stdout.reconfigure(line_buffering=True)
    run()
except Exception as error:
    print(f'FAILED: {error}')
    sys.exit(1)
