package dev.rollcall.server.emulator;

import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.ResponseStream;

/** The way back to nobody: of a request that is made once more than its client made it. */
final class Unanswered implements Exchange {
    @Override
    public void respond(Response response) {}

    @Override
    public ResponseStream stream(Response head) {
        throw new UnsupportedOperationException("stream: to nobody (expected: a request that is answered whole)");
    }

    @Override
    public void onDisconnect(Runnable action) {}

    @Override
    public void cut(boolean isReset) {}
}
