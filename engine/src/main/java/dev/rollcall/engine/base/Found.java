package dev.rollcall.engine.base;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Delivery;
import dev.rollcall.engine.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is found in the feeds of a subscribe, and the answer that is made of it: the oldest, as much as one answer takes. However many names a
 * client listens to and however long the messages are, no more than a few thousand deliveries are ever looked at together. Used by one
 * thread.
 */
public final class Found {
    /** Most deliveries of one answer; what is left comes with the next. */
    public static final int MOST_DELIVERIES = 1000;

    /** Bytes from which on an answer takes no further message; what is left comes with the next. */
    public static final int MOST_BYTES = 1024 * 1024;

    private static final Comparator<Delivery> BY_TIMETOKEN =
            Comparator.comparingLong(delivery -> delivery.message().timetoken());

    private final List<Delivery> deliveries = new ArrayList<>();

    /** When so many were found, those that have no place in the answer are let go of. */
    private int compactAt = 4 * MOST_DELIVERIES;

    /** How many are known to pass the filter. */
    private int passed;

    private long filteredBytes;
    private long upTo = Long.MAX_VALUE;

    /** Returns the timetoken after which nothing more needs to be looked for: it has no place in the answer. */
    public long upTo() {
        return upTo;
    }

    /** Returns how many bytes the filter had to look at. */
    public long filteredBytes() {
        return filteredBytes;
    }

    /** Returns where a feed adds what it has. */
    public List<Delivery> deliveries() {
        return deliveries;
    }

    /**
     * Takes note that one feed has added all it has, and keeps of it what passes a filter, if there is one. To be called after each feed.
     */
    public void added(@Nullable Predicate<Delivery> filter) {
        if (filter != null) {
            List<Delivery> added = deliveries.subList(passed, deliveries.size());
            for (Delivery delivery : added) {
                filteredBytes += delivery.message().envelope().size();
            }
            added.removeIf(filter.negate());
        }
        if (deliveries.size() >= compactAt) {
            deliveries.sort(BY_TIMETOKEN);
            int end = boundary(deliveries);
            upTo = timetoken(deliveries, end - 1);
            deliveries.subList(end, deliveries.size()).clear();
            compactAt = Math.max(compactAt, 2 * end);
        }
        passed = deliveries.size();
    }

    /** Returns whether there is nothing. */
    public boolean isEmpty() {
        return deliveries.isEmpty();
    }

    /** Returns the timetoken of the oldest, of which there must be one. */
    public long oldest() {
        long oldest = Long.MAX_VALUE;
        for (Delivery delivery : deliveries) {
            oldest = Math.min(oldest, delivery.message().timetoken());
        }
        return oldest;
    }

    /** Forgets what came after a timetoken. */
    public void forgetAfter(long timetoken) {
        deliveries.removeIf(delivery -> delivery.message().timetoken() > timetoken);
        passed = deliveries.size();
    }

    /**
     * Returns the answer, of at least one delivery.
     *
     * @param single returns the answer of a single delivery, which may be shared
     */
    public Answer answer(Function<Delivery, Answer> single) {
        if (deliveries.size() == 1) {
            return single.apply(deliveries.get(0));
        }
        deliveries.sort(BY_TIMETOKEN);
        int most = boundary(deliveries);
        long bytes = 0;
        int end = 0;
        while (end < most) {
            int next = end;
            long more = 0;
            for (; next < most && timetoken(deliveries, next) == timetoken(deliveries, end); next++) {
                more += bytes(deliveries.get(next));
            }
            if (bytes + more > MOST_BYTES) {
                if (end > 0) {
                    break;
                }
                List<Delivery> least = underFewerNames(deliveries.subList(0, next));
                return least.size() == 1 ? single.apply(least.get(0)) : new Answer(timetoken(least, 0), least);
            }
            bytes += more;
            end = next;
        }
        return new Answer(timetoken(deliveries, end - 1), deliveries.subList(0, end));
    }

    /**
     * Of messages of one timetoken that are too long together, returns each of them, under as many names as have room. A cursor cannot
     * stand between them.
     */
    private static List<Delivery> underFewerNames(List<Delivery> together) {
        List<Delivery> kept = new ArrayList<>();
        Set<Message> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        long bytes = 0;
        for (Delivery delivery : together) {
            long more = bytes(delivery);
            if (seen.add(delivery.message()) || bytes + more <= MOST_BYTES) {
                kept.add(delivery);
                bytes += more;
            }
        }
        return kept;
    }

    /** Returns how many of them have a place in the answer. Messages of one timetoken go together; a cursor between them would lose the rest. */
    private static int boundary(List<Delivery> sorted) {
        int end = Math.min(sorted.size(), MOST_DELIVERIES);
        while (end < sorted.size() && timetoken(sorted, end) == timetoken(sorted, end - 1)) {
            end++;
        }
        return end;
    }

    private static long bytes(Delivery delivery) {
        String match = delivery.match();
        return (long) delivery.message().envelope().size() + (match == null ? 0 : match.length());
    }

    private static long timetoken(List<Delivery> deliveries, int index) {
        return deliveries.get(index).message().timetoken();
    }
}
