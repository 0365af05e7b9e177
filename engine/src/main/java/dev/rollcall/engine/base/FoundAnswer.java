package dev.rollcall.engine.base;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Delivery;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** The answer of what was found in the feeds of a subscribe. */
public final class FoundAnswer {
    /** Most deliveries of one answer; what is left comes with the next. */
    public static final int MOST_DELIVERIES = 1000;

    private FoundAnswer() {}

    /**
     * Returns the answer.
     *
     * @param found what was found, at least one delivery, in any order; is sorted
     * @param single returns the answer of a single delivery, which may be shared
     */
    public static Answer of(List<Delivery> found, Function<Delivery, Answer> single) {
        if (found.size() == 1) {
            return single.apply(found.get(0));
        }
        found.sort(Comparator.comparingLong(delivery -> delivery.message().timetoken()));
        int end = Math.min(found.size(), MOST_DELIVERIES);
        // Messages of one timetoken go together, be it one message with several matches; a cursor between them would
        // lose
        // the rest.
        while (end < found.size() && timetoken(found, end) == timetoken(found, end - 1)) {
            end++;
        }
        return new Answer(timetoken(found, end - 1), found.subList(0, end));
    }

    private static long timetoken(List<Delivery> found, int index) {
        return found.get(index).message().timetoken();
    }
}
