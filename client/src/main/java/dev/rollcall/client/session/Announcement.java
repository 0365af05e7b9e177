package dev.rollcall.client.session;

import dev.rollcall.client.Acknowledged;
import dev.rollcall.client.Envelope;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.Status;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.session.Subscriptions.Both;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The first sign of life for names that are not subscribed, in as many requests as it takes. NOT thread-safe: runs on the session's serial
 * executor.
 */
final class Announcement extends Lane.Step<Acknowledged> {
    private final Connection connection;
    private final Subscriptions subscriptions;
    private final Lane lane;
    private final Both names;
    private final CompletableFuture<Status> told;
    private @Nullable Deque<Both> further;

    Announcement(
            Connection connection, Subscriptions subscriptions, Lane lane, Both names, CompletableFuture<Status> told) {
        this.connection = connection;
        this.subscriptions = subscriptions;
        this.lane = lane;
        this.names = names;
        this.told = told;
    }

    @Override
    ApiRequest<Acknowledged> request() {
        Deque<Both> waiting = further;
        if (waiting == null) {
            int room = connection.roomBeside(connection.requests().heartbeat(List.of(), List.of("-"), Map.of()));
            waiting = new ArrayDeque<>(Subscriptions.split(names, room));
            further = waiting;
        }
        Both part = waiting.isEmpty() ? names : waiting.remove();
        subscriptions.tell(part);
        return connection.requests().heartbeat(part.channels(), part.groups(), Map.of());
    }

    @Override
    void answered(Envelope<Acknowledged> envelope) {
        Deque<Both> waiting = further;
        if (waiting != null && !waiting.isEmpty()) {
            lane.addFirst(this);
            return;
        }
        Status last = envelope.status();
        told.complete(new Status(
                last.category(), last.operation(), last.httpStatus(), names.channels(), names.groups(), null));
    }

    @Override
    void failed(RollcallException failure) {
        told.completeExceptionally(failure);
    }

    @Override
    void dropped() {
        told.cancel(false);
    }
}
