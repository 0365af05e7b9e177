package dev.rollcall.engine.redis.link;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.util.List;

/** All connections to one server. Safe from any thread. */
final class Master implements AutoCloseable {
    final Address address;
    final CommandConnection commands;
    final CommandConnection bulk;
    final TopicConnection topics;

    /** Commands that are let through to a slot on its way here; each is sent behind a word of its own, so under this connection's monitor. */
    final CommandConnection asking;

    /** How long the way is kept open for a slot that moves here. */
    private static final long ASKED_MILLIS = 10_000;

    private boolean wantsAsking;
    private long askedAt;

    Master(Address address, RedisClient client, RedisClient topicClient, RedisURI uri, Subscriptions subscriptions) {
        this.address = address;
        commands = new CommandConnection("commands", address, client, uri);
        bulk = new CommandConnection("bulk", address, client, uri);
        asking = new CommandConnection("asking", address, client, uri);
        topics = new TopicConnection(address, topicClient, uri, subscriptions);
    }

    CommandConnection connection(Lane lane) {
        return lane.isBulky() ? bulk : commands;
    }

    List<Supervised<?>> connections() {
        return List.of(commands, bulk, topics);
    }

    void maintain(long nowMillis) {
        connections().forEach(connection -> connection.maintain(nowMillis));
        synchronized (this) {
            if (!wantsAsking) {
                return;
            }
        }
        asking.maintain(nowMillis);
    }

    /** A command for a slot on its way here wants to be sent. */
    synchronized void wantAsking(long nowMillis) {
        wantsAsking = true;
        askedAt = nowMillis;
    }

    /** Returns whether such a command came of late. */
    synchronized boolean isAsked(long nowMillis) {
        return wantsAsking && nowMillis - askedAt < ASKED_MILLIS;
    }

    void look() {
        connections().forEach(Supervised::look);
        asking.look();
    }

    boolean isWell() {
        return connections().stream().allMatch(Supervised::isWell);
    }

    /** Opens nothing any more, and leaves it to the client to close what is open. */
    void end() {
        connections().forEach(Supervised::end);
        asking.end();
    }

    @Override
    public void close() {
        connections().forEach(Supervised::close);
        asking.close();
    }
}
