package dev.rollcall.server.route;

import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.ResponseStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An exchange that keeps what it is given. */
final class FakeExchange implements Exchange {
    private volatile @Nullable Response response;
    private volatile @Nullable Runnable onDisconnect;

    @Override
    public void respond(Response given) {
        if (response == null) {
            response = given;
        }
    }

    @Override
    public ResponseStream stream(Response head) {
        throw new UnsupportedOperationException("no route streams");
    }

    @Override
    public void onDisconnect(Runnable action) {
        onDisconnect = action;
    }

    @Override
    public void cut(boolean isReset) {
        throw new UnsupportedOperationException("no route cuts");
    }

    boolean isAnswered() {
        return response != null;
    }

    void disconnect() {
        Objects.requireNonNull(onDisconnect).run();
    }

    Response response() {
        return Objects.requireNonNull(response, "no response yet");
    }

    int status() {
        return response().status();
    }

    String body() {
        return new String(response().body(), StandardCharsets.UTF_8);
    }
}
