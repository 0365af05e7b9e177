package dev.rollcall.client.call;

import dev.rollcall.client.HereNowResult;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Pages of a here-now answer, asked for one by one. Ends with the page after which no channel has more. Not thread-safe. */
final class HereNowPages implements Iterator<HereNowResult> {
    private final IntFunction<HereNowResult> page;
    private final int size;
    private long offset;
    private @Nullable HereNowResult last;

    HereNowPages(int offset, int size, IntFunction<HereNowResult> page) {
        this.offset = offset;
        this.size = size;
        this.page = page;
    }

    @Override
    public boolean hasNext() {
        HereNowResult before = last;
        return before == null
                || before.channels().stream()
                        .anyMatch(channel -> channel.occupants().size() >= size && channel.occupancy() > offset);
    }

    @Override
    public HereNowResult next() {
        if (!hasNext()) {
            throw new NoSuchElementException("offset " + offset);
        }
        HereNowResult next = page.apply(Math.toIntExact(offset));
        last = next;
        offset += size;
        return next;
    }
}
