package dev.rollcall.client.session;

import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Requests;
import dev.rollcall.client.run.SerialExecutor;
import dev.rollcall.client.run.UserCode;
import dev.rollcall.client.transport.Cancellable;
import dev.rollcall.client.transport.Scheduler;
import dev.rollcall.client.transport.Transport;
import dev.rollcall.protocol.Limits;
import java.time.Duration;

/** What the loops of a session share: how requests are made and sent, and how time passes. */
final class Connection {
    /** What an address may need besides what it says now: a longer position, a longer token. */
    private static final int SLACK = 256;

    /** What every server and proxy takes for an address. */
    private static final int SHORTEST = 4096;

    private final Caller caller;
    private final Requests requests;
    private final Transport transport;
    private final SerialExecutor serial;
    private final Backoff backoff;

    /** How long an address may be: as long as the service takes, until something on the way takes less. */
    private int longest = Limits.URI_BYTES;

    Connection(ClientConfig config, Caller caller, Requests requests, Transport transport, SerialExecutor serial) {
        this.caller = caller;
        this.requests = requests;
        this.transport = transport;
        this.serial = serial;
        this.backoff = new Backoff(config.reconnectDelay());
    }

    Caller caller() {
        return caller;
    }

    Requests requests() {
        return requests;
    }

    Scheduler scheduler() {
        return transport.scheduler();
    }

    SerialExecutor serial() {
        return serial;
    }

    Backoff backoff() {
        return backoff;
    }

    boolean isClosed() {
        return transport.isClosed();
    }

    /** Runs {@code task} in turn after a while. */
    Cancellable later(Duration delay, Runnable task) {
        return UserCode.call("scheduler", () -> scheduler().schedule(delay, () -> serial.execute(task)), () -> {});
    }

    /** Returns how many characters more the address of {@code request} can take; negative if it is too long already. */
    int roomBeside(ApiRequest<?> request) {
        return longest - SLACK - length(request);
    }

    private int length(ApiRequest<?> request) {
        return caller.encode(request).uri().toString().length();
    }

    /**
     * The address of {@code request} was too long for something on the way, such as a proxy that takes 8 KiB: from here on they are half as long.
     * Returns whether that helps.
     */
    boolean shorten(ApiRequest<?> request) {
        int length = Math.min(longest, length(request));
        if (length <= SHORTEST) {
            return false;
        }
        longest = Math.max(SHORTEST, length / 2);
        return true;
    }
}
