package dev.rollcall.engine.embedded.feed;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * In every interleaving a poll is in the hands of one thread at a time, nothing that comes meanwhile is overlooked, and it ends once if
 * anybody asked for it and else not.
 */
public class ClaimableLincheckTest {
    private final Sample poll = new Sample();
    private final AtomicInteger came = new AtomicInteger();
    private final AtomicInteger inHands = new AtomicInteger();
    private int seen;
    private int ended;

    /** Begins with a poll that is parked. */
    public ClaimableLincheckTest() {
        require(poll.park(), "parked");
    }

    /** A message comes. */
    @Operation
    public void message() {
        came.incrementAndGet();
        if (poll.claim()) {
            look();
        }
    }

    /** The client wants it no more. */
    @Operation
    public void cancel() {
        poll.ask(End.CANCEL);
        if (poll.claim()) {
            look();
        }
    }

    /** The hold is over. */
    @Operation
    public void due() {
        poll.ask(End.ANSWER);
        if (poll.claim()) {
            look();
        }
    }

    private void look() {
        do {
            require(inHands.incrementAndGet() == 1, "in the hands of one thread");
            seen = came.get();
            boolean ends = poll.asked() != End.NONE;
            if (ends) {
                ended++;
                poll.finish();
            }
            inHands.decrementAndGet();
            if (ends) {
                return;
            }
        } while (!poll.park());
    }

    /** Nobody has it in their hands any more. */
    @Validate
    public void validate() {
        require(ended == (poll.isOpen() ? 0 : 1), "ended once, or open");
        if (poll.isOpen()) {
            require(seen == came.get(), "everything seen");
            require(poll.asked() == End.NONE, "nobody asked for the end");
            require(poll.claim(), "parked");
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException("expected: " + what);
        }
    }

    @Test
    void operations_underStressOverlookNothing() {
        new StressOptions()
                .iterations(4)
                .invocationsPerIteration(400)
                .threads(3)
                .actorsPerThread(3)
                .check(getClass());
    }

    @Test
    void operations_inEveryInterleavingOverlookNothing() {
        new ModelCheckingOptions()
                .iterations(4)
                .invocationsPerIteration(400)
                .threads(2)
                .actorsPerThread(3)
                .check(getClass());
    }

    private static final class Sample extends Claimable {
        @Override
        public void onDue(long now) {}
    }
}
