package dev.rollcall.bench.load;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A client that polls again and again on one connection, until it is closed. */
public final class PollClient implements WireConnection.Owner {
    private final PollFleet fleet;
    private final InetSocketAddress server;
    private final int number;
    private final PollSession session;
    private volatile @Nullable WireConnection connection;
    private boolean isParked;
    private boolean isMoving;

    PollClient(PollFleet fleet, InetSocketAddress server, int number, PollSession session) {
        this.fleet = fleet;
        this.server = server;
        this.number = number;
        this.session = session;
    }

    void connect() {
        fleet.loops().connect(server, SourceAddresses.of(number), this);
    }

    /** Gives up the running poll, does {@code change}, and polls again on a new connection, as clients do that listen to more. */
    public void change(Runnable change) {
        WireConnection open = connection;
        if (open == null) {
            throw new IllegalStateException("client: not connected (expected: connected)");
        }
        open.execute(() -> {
            change.run();
            isMoving = true;
            open.close();
        });
    }

    /** Closes the connection, if there is one. Safe from any thread. */
    void close() {
        WireConnection open = connection;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void onReady(WireConnection ready) {
        connection = ready;
        fleet.onOpened();
        poll(ready);
    }

    @Override
    public void onAnswer(WireConnection from, Answer answer) {
        session.onAnswer(from, answer);
        poll(from);
    }

    private void poll(WireConnection over) {
        ByteBuf request = over.buffer();
        session.writeRequest(request);
        over.send(request);
        if (!isParked && session.isParking()) {
            isParked = true;
            fleet.onParked();
        }
    }

    @Override
    public void onClosed(WireConnection closed) {
        if (isMoving) {
            isMoving = false;
            fleet.onMoved();
            connect();
            return;
        }
        fleet.onClosed(isParked);
    }

    @Override
    public void onFailed(Throwable cause) {
        fleet.onFailed(cause);
    }
}
