package dev.rollcall.server.emulator.api;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.embedded.roster.Seat;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.emulator.Emulator;
import dev.rollcall.server.emulator.Membership;
import java.util.List;
import java.util.Map;

/**
 * What is to be there: who is where, with which channel groups and messages. Immutable.
 *
 * @param isAnnounced whether the comings are announced
 * @param seats who is where
 * @param groups channel groups
 * @param messages what was published, in order
 */
record Seed(boolean isAnnounced, List<Seat> seats, List<Membership> groups, List<Post> messages) {
    /** A message of a channel. */
    record Post(SubscribeKey key, Channel channel, Publication publication) {}

    Seed {
        seats = List.copyOf(seats);
        groups = List.copyOf(groups);
        messages = List.copyOf(messages);
    }

    /** Puts all of it into an emulator. */
    void plant(Emulator emulator) {
        Engine engine = emulator.engine();
        groups.forEach(emulator::add);
        for (Seat seat : seats) {
            if (isAnnounced) {
                Map<String, dev.rollcall.protocol.State> states =
                        seat.state() == null ? Map.of() : Map.of(seat.channel().name(), seat.state());
                var unused = engine.heartbeat(new Heartbeat(
                                seat.key(), seat.user(), Targets.of(seat.channel()), seat.timeoutSeconds(), states))
                        .toCompletableFuture()
                        .join();
            }
            if (!emulator.seat(seat)) {
                throw new ApiException(
                        400,
                        "channel: " + seat.channel().name() + " of "
                                + seat.key().value() + " is not tracked",
                        "a channel that a presence rule of the keyset tracks");
            }
        }
        for (Post post : messages) {
            var unused = engine.publish(post.key(), post.channel(), post.publication())
                    .toCompletableFuture()
                    .join();
        }
    }
}
