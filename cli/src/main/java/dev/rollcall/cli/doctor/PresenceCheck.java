package dev.rollcall.cli.doctor;

import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Problems;
import dev.rollcall.cli.context.Target;
import dev.rollcall.client.Category;
import dev.rollcall.client.HereNowChannel;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.admin.RollcallAdmin;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;

/** Whether the keyset is there, lets this client in, and keeps a roster of the channel. */
final class PresenceCheck implements AutoCloseable {
    private final Target target;
    private final String channel;
    private final String user =
            "doctor-" + Integer.toString(ThreadLocalRandom.current().nextInt(1 << 30), 36);
    private final RollcallClient client;

    PresenceCheck(Target target, String channel) {
        this.target = target;
        this.channel = channel;
        client = target.ordinary(user);
    }

    /** Asks who is in the channel, which takes a key that is known and the right to. */
    Finding key() {
        try {
            var unused = client.hereNow().channels(channel).sync();
            return Finding.good("key", "the keyset " + target.key() + " answers");
        } catch (RollcallException e) {
            String said = e.serverMessage().orElse(String.valueOf(e.getMessage()));
            if (e.category() == Category.ACCESS_DENIED) {
                return Finding.bad(
                        "access",
                        "access control is on for " + target.key() + ", and refuses: " + said,
                        "give it --auth-file FILE (rollcall token grant makes one), or --secret-key-file FILE");
            }
            return Finding.bad(
                    "key",
                    "the subscribe key " + target.key() + " does not work: " + said,
                    "name one of the keysets of the server's configuration with --key");
        } catch (RuntimeException e) {
            return Finding.bad(
                    "key", "the subscribe key " + target.key() + ": " + e.getMessage(), "name one with --key");
        }
    }

    /** Joins, and looks whether that is seen. */
    Finding tracked() {
        try {
            var unused = client.presence().channels(channel).future().get();
            boolean seen =
                    client.hereNow().channels(channel).sync().channel(channel).map(HereNowChannel::occupants).stream()
                            .flatMap(java.util.List::stream)
                            .anyMatch(occupant -> occupant.uuid().equals(user));
            return seen
                    ? Finding.good("tracked", "presence is on, and the channel " + channel + " is tracked")
                    : Finding.bad(
                            "tracked",
                            "the channel " + channel + " is not tracked: whoever joins it is not shown",
                            "give the keyset a rule for it, or switch its presence on; rollcall rule test " + channel
                                    + " --config FILE tells which rule it falls under");
        } catch (RollcallException | ExecutionException e) {
            Failure failure = Problems.of(e);
            return Finding.bad(
                    "tracked",
                    "cannot join the channel " + channel + ": " + failure.getMessage(),
                    "presence has to be on for the keyset, and this client has to have the right");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.bad("tracked", "interrupted", "try again");
        }
    }

    /** Looks whether the admin port answers, which applications do without. */
    Finding admin() {
        try (RollcallAdmin admin = target.admin()) {
            var overview = admin.overview().get();
            return overview.alerts().isEmpty()
                    ? Finding.good("admin", "the admin port answers at " + target.adminUrl() + ", and nothing is amiss")
                    : Finding.info("admin", "the server says: " + String.join(" ", overview.alerts()));
        } catch (ExecutionException | RuntimeException e) {
            return Finding.info(
                    "admin",
                    "why, kick, top and others are not to be had: "
                            + Problems.of(e).getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.info("admin", "the admin port was not tried");
        }
    }

    /** Leaves. */
    @Override
    public void close() {
        client.close();
    }
}
