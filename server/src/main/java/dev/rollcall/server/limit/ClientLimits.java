package dev.rollcall.server.limit;

import dev.rollcall.protocol.InvalidValueException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.http.AddressKey;
import dev.rollcall.server.http.ConnectionGate;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts what clients and keysets ask for, and refuses what is too much. What has no limit is not counted and costs a look at a field.
 * Memory does not grow with the number of addresses that were ever seen, only with what they have open. Safe from any thread.
 */
public final class ClientLimits implements ConnectionGate {
    private final LimitListener listener;
    private final LongSupplier nanoTime;

    private final Tally<Long> connections = new Tally<>();
    private final Tally<Long> pollsByAddress = new Tally<>();
    private final Tally<SubscribeKey> pollsByKey = new Tally<>();

    private volatile ClientLimitsConfig config = ClientLimitsConfig.NONE;
    private volatile @Nullable RateLimiter byAddress;
    private volatile @Nullable RateLimiter byKey;

    /** Makes limits that tell {@code listener} when they refuse somebody, and go by {@code nanoTime}. */
    public ClientLimits(ClientLimitsConfig config, LimitListener listener, LongSupplier nanoTime) {
        this.listener = listener;
        this.nanoTime = nanoTime;
        replace(config);
    }

    /** Returns limits that refuse nothing but what the protocol does not have. */
    public static ClientLimits none() {
        return new ClientLimits(ClientLimitsConfig.NONE, LimitListener.NONE, System::nanoTime);
    }

    /** Sets other limits. Polls and connections that are open stay, and count if they were counted. */
    public synchronized void replace(ClientLimitsConfig other) {
        byAddress = limiter(byAddress, other.requestsPerAddress());
        byKey = limiter(byKey, other.requestsPerKey());
        config = other;
    }

    private @Nullable RateLimiter limiter(@Nullable RateLimiter now, int rate) {
        if (rate == 0) {
            return null;
        }
        return now != null && now.rate() == rate ? now : new RateLimiter(rate, nanoTime.getAsLong());
    }

    /**
     * Counts a request of a client.
     *
     * @throws LimitReachedException if they have sent too many
     */
    public void request(InetAddress client) {
        RateLimiter limiter = byAddress;
        if (limiter != null) {
            take(limiter, AddressKey.of(client), Limit.REQUESTS_PER_ADDRESS);
        }
    }

    /**
     * Counts a request of a keyset.
     *
     * @throws LimitReachedException if there were too many
     */
    public void request(SubscribeKey key) {
        RateLimiter limiter = byKey;
        if (limiter != null) {
            take(limiter, hash(key.value()), Limit.REQUESTS_PER_KEY);
        }
    }

    private void take(RateLimiter limiter, long key, Limit limit) {
        long waitNanos = limiter.take(key, nanoTime.getAsLong());
        if (waitNanos > 0) {
            listener.onLimit(limit);
            long second = TimeUnit.SECONDS.toNanos(1);
            throw new LimitReachedException(
                    limit, limiter.rate(), " requests a second", (waitNanos + second - 1) / second);
        }
    }

    /**
     * Refuses a request that names too many channels and channel groups.
     *
     * @throws dev.rollcall.protocol.InvalidValueException if it does
     */
    public void channels(int count) {
        int most = config.channelsPerRequest();
        if (count > most) {
            throw over(Limit.MAX_CHANNELS_PER_REQUEST, count + " channels and channel groups", most);
        }
    }

    /** Returns how much work one request may make. */
    public AnswerLimits answers() {
        return config.answers();
    }

    /** Counts a request over a limit of its size, and returns the refusal: another such request will not fare better. */
    public InvalidValueException over(Limit limit, String asked, int most) {
        listener.onLimit(limit);
        return new InvalidValueException(limit.label() + ": " + asked + " (expected: at most " + most + ")");
    }

    /**
     * Counts a poll that is about to wait. Returns the place to give back when it waits no more, or null if polls are not limited.
     *
     * @throws LimitReachedException if too many wait
     */
    public @Nullable PollSlot poll(InetAddress client, SubscribeKey key) {
        ClientLimitsConfig now = config;
        if (now.pollsPerAddress() == 0 && now.pollsPerKey() == 0) {
            return null;
        }
        Long address = now.pollsPerAddress() == 0 ? null : AddressKey.of(client);
        if (address != null && !pollsByAddress.tryEnter(address, now.pollsPerAddress())) {
            throw tooManyPolls(Limit.MAX_POLLS_PER_ADDRESS, now.pollsPerAddress());
        }
        boolean countsKey = now.pollsPerKey() > 0;
        if (countsKey && !pollsByKey.tryEnter(key, now.pollsPerKey())) {
            if (address != null) {
                pollsByAddress.leave(address);
            }
            throw tooManyPolls(Limit.MAX_POLLS_PER_KEY, now.pollsPerKey());
        }
        return new PollSlot(() -> {
            if (address != null) {
                pollsByAddress.leave(address);
            }
            if (countsKey) {
                pollsByKey.leave(key);
            }
        });
    }

    private LimitReachedException tooManyPolls(Limit limit, int allowed) {
        listener.onLimit(limit);
        return new LimitReachedException(limit, allowed, " waiting polls", 1);
    }

    @Override
    public @Nullable Runnable tryOpen(InetAddress peer) {
        int most = config.connectionsPerAddress();
        if (most == 0) {
            return NOTHING;
        }
        Long address = AddressKey.of(peer);
        if (connections.tryEnter(address, most)) {
            return () -> connections.leave(address);
        }
        listener.onLimit(Limit.MAX_CONNECTIONS_PER_ADDRESS);
        return null;
    }

    /** Returns how many addresses and keysets are held in memory for what they have open. */
    int held() {
        return connections.size() + pollsByAddress.size() + pollsByKey.size();
    }

    private static long hash(String text) {
        long hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return hash;
    }
}
